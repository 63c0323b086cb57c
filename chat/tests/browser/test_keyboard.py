"""All actions work by keyboard."""

import pytest
from playwright.sync_api import expect

from chat.tests.services import PASSWORD
from chat.tests.services.inside import join

from .pages import expect_all_messages, message, put_failed_message, send, wait_until_online, wait_until_stored

TO_TIMELINE = ("Shift+Tab",) * 3
"""From the composer: before it are the buttons that record and attach."""


@pytest.fixture
def alice(site, room, open_page):
    """Alice's page, with a message of Bob and three of hers."""
    bob = open_page(site, "bob", f"/rooms/{room}/")
    send(bob, "his word")
    wait_until_stored(bob, "his word")
    alice = open_page(site, "alice", f"/rooms/{room}/")
    send(alice, "one", "two", "three")
    for text in ("one", "two", "three"):
        wait_until_stored(alice, text)
    return alice


def press(page, *keys):
    """Press keys one after the other."""
    for key in keys:
        page.keyboard.press(key)


def wait_until_focused(page, selector):
    """Wait until the element that the selector finds has the focus."""
    expect(page.locator(selector)).to_be_focused()


@pytest.mark.core
def test_alice_signs_in_and_writes_by_keyboard(site, room, open_page):
    alice = open_page(site, None, f"/rooms/{room}/")
    wait_until_focused(alice, "input[name=username]")
    alice.keyboard.type("alice")
    press(alice, "Tab")
    alice.keyboard.type(PASSWORD)
    press(alice, "Enter")
    wait_until_focused(alice, "#composer")
    alice.keyboard.type("hands off")
    press(alice, "Enter")
    wait_until_stored(alice, "hands off")


def test_the_first_stop_of_tab_is_a_link_to_the_main_content(site, open_page):
    alice = open_page(site, "alice")
    press(alice, "Tab")
    expect(alice.locator("a.skip")).to_be_focused()
    expect(alice.locator("a.skip")).to_be_in_viewport()
    press(alice, "Enter")
    wait_until_focused(alice, "#main")


def test_the_focus_returns_to_the_panel_from_the_dialog_for_leaving(alice):
    alice.locator(".room-open").focus()
    press(alice, "Enter")
    expect(alice.locator(".side-panel-title")).to_be_focused()
    expect(alice.locator(".leave-link")).to_be_visible()
    alice.locator(".leave-link").focus()
    press(alice, "Enter")
    expect(alice.locator("#leave-dialog")).to_be_visible()
    press(alice, "Escape")
    expect(alice.locator("#leave-dialog")).to_be_hidden()
    expect(alice.locator(".leave-link")).to_be_focused()
    press(alice, "Escape")
    expect(alice.locator(".side-panel")).to_be_hidden()
    expect(alice.locator(".room-open")).to_be_focused()


def test_the_focus_stays_on_the_button_try_now_until_the_page_is_online(fresh_site, open_page):
    site, worker = fresh_site, fresh_site.workers[0]
    alice = open_page(site, "alice", "/rooms/tea/", unshared=True)
    wait_until_online(alice)
    wait_until_focused(alice, "#composer")
    alice.clock.install(time=0)
    alice.clock.pause_at(1000)
    worker.kill()
    status = alice.locator("#status")
    expect(status).to_have_attribute("data-state", "offline")
    alice.locator("#status-retry").focus()
    due = alice.locator("#status-next").text_content()
    for _ in range(4):
        press(alice, "Enter")
        expect(status).to_have_attribute("data-state", "offline")
        wait_until_focused(alice, "#status-retry")
        expect(alice.locator("#status-next")).to_have_text(due)
    worker.start()
    press(alice, "Enter")
    wait_until_online(alice)
    wait_until_focused(alice, "#composer")


@pytest.mark.core
def test_tab_goes_through_the_page_in_the_order_of_reading(site, room, open_page):
    # A person of this test's own: each room of the list is a stop, and other tests have made many rooms for Alice.
    site.add_person(name := f"tab-{room}")
    for slug in ("lobby", room):
        site.call(join, slug=slug, name=name)
    reader = open_page(site, name, f"/rooms/{room}/")
    send(reader, "one", "two")
    wait_until_stored(reader, "two")
    wait_until_focused(reader, "#composer")
    stops = []
    for _ in range(100):
        press(reader, "Shift+Tab")
        stops.append(
            reader.evaluate(
                """() => {
                    const at = document.activeElement;
                    if (at.matches("article.message")) return "message";
                    return at.id || at.dataset.room || at.className || at.tagName.toLowerCase();
                }"""
            )
        )
        if stops[-1] == "skip":
            break
    stops.reverse()
    assert stops[0] == "skip"
    wanted = ["skip", "brand", "lobby", room, "message"]
    assert [stop for stop in stops if stop in wanted] == wanted
    press(reader, "Enter")
    wait_until_focused(reader, "#composer")


@pytest.mark.core
def test_the_arrow_keys_move_between_messages_and_in_the_toolbar(alice):
    wait_until_focused(alice, "#composer")
    alice.locator("#timeline").focus()
    press(alice, "ArrowUp")
    expect(message(alice, "three")).to_be_focused()
    press(alice, "ArrowUp")
    expect(message(alice, "two")).to_be_focused()
    press(alice, "Home")
    expect(message(alice, "his word")).to_be_focused()
    press(alice, "End")
    expect(message(alice, "three")).to_be_focused()
    press(alice, "Enter")
    wait_until_focused(alice, '.actions [data-action="react"]')
    press(alice, "ArrowRight")
    wait_until_focused(alice, '.actions [data-action="reply"]')
    press(alice, "ArrowLeft", "ArrowLeft")
    wait_until_focused(alice, ".actions [data-more]")
    press(alice, "Escape")
    expect(message(alice, "three")).to_be_focused()
    press(alice, "Escape")
    wait_until_focused(alice, "#composer")


def test_home_and_end_go_to_the_ends_of_the_toolbar(alice):
    alice.locator("#timeline").focus()
    press(alice, "ArrowUp", "Enter", "End")
    wait_until_focused(alice, ".actions [data-more]")
    press(alice, "Home")
    wait_until_focused(alice, '.actions [data-action="react"]')
    # On the message itself they go to the ends of the timeline.
    press(alice, "Escape", "Home")
    expect(message(alice, "his word")).to_be_focused()


def test_the_focus_goes_to_the_composer_when_alice_discards_a_message_that_was_not_sent(alice, room):
    put_failed_message(alice, room)
    alice.locator("#timeline").focus()
    press(alice, "End")
    expect(message(alice, "never sent")).to_be_focused()
    press(alice, "Enter")
    wait_until_focused(alice, '.delivery-state [data-action="retry"]')
    press(alice, "ArrowRight", "Enter")
    expect(message(alice, "never sent")).to_have_count(0)
    wait_until_focused(alice, "#composer")


def test_alice_reacts_by_keyboard(alice, site, room):
    alice.locator("#timeline").focus()
    press(alice, "Home", "Enter", "Enter")
    wait_until_focused(alice, "#emoji-picker input")
    # By a word of the search.
    alice.keyboard.type("octopus")
    expect(alice.locator('#emoji-picker [data-emoji="🐙"]')).to_be_visible()
    press(alice, "Enter")
    expect(message(alice, "his word").locator(".reaction")).to_have_attribute("title", "🐙: alice")
    wait_until_focused(alice, '.actions [data-action="react"]')
    # It is the first one of the recent ones. By the arrows, from row to row and across categories.
    press(alice, "Enter", "ArrowDown")
    wait_until_focused(alice, '#emoji-picker [data-group="recent"] [data-emoji="🐙"]')
    press(alice, "ArrowRight")
    wait_until_focused(alice, '#emoji-picker [data-group="recent"] [data-emoji="👍"]')
    press(alice, "ArrowLeft", "ArrowDown", "ArrowDown")
    wait_until_focused(alice, '#emoji-picker [data-emoji="😀"]')
    # The categories are one stop of Tab.
    press(alice, "Shift+Tab", "ArrowRight", "ArrowRight", "Tab")
    wait_until_focused(alice, '#emoji-picker [data-group="1"] button:first-child')
    press(alice, "Enter")
    expect(message(alice, "his word").locator(".reaction")).to_have_count(2)
    expect_all_messages(alice, site, room)


def test_alice_deletes_by_keyboard_and_undoes_it(alice, site, room):
    alice.locator("#timeline").focus()
    press(alice, "ArrowUp", "Delete")
    expect(alice.locator("article.deleted")).to_have_count(1)
    expect(alice.locator("article.deleted")).to_be_focused()
    alice.get_by_role("button", name="Undo").focus()
    press(alice, "Enter")
    expect(message(alice, "three")).to_be_focused()
    expect(alice.locator("article.deleted")).to_have_count(0)
    # By the menu of the toolbar, whose last item it is.
    press(alice, "Enter", "End", "Enter")
    expect(alice.locator("#message-menu")).to_be_visible()
    press(alice, "End", "Enter")
    expect(alice.locator("article.deleted")).to_have_count(1)
    expect_all_messages(alice, site, room)


def test_alice_answers_by_keyboard_and_escape_cancels(alice, site, room):
    alice.locator("#timeline").focus()
    press(alice, "Home", "Enter", "ArrowRight", "Enter")
    wait_until_focused(alice, "#composer")
    expect(alice.locator(".compose-mode")).to_contain_text("Replying to bob")
    press(alice, "Escape")
    expect(alice.locator(".compose-mode")).to_be_hidden()
    send(alice, "to nobody")
    expect(wait_until_stored(alice, "to nobody").locator(".quote")).to_have_count(0)


def test_keys_act_on_the_message_that_has_the_keyboards_focus(alice, site, room):
    alice.locator("#timeline").focus()
    press(alice, "ArrowUp", "e")
    wait_until_focused(alice, "#composer")
    expect(alice.locator("#composer")).to_have_value("three")
    press(alice, "Escape", *TO_TIMELINE, "Home", "r")
    expect(alice.locator(".compose-mode")).to_contain_text("Replying to bob")
    expect(alice.locator("#composer")).to_have_value("")
    press(alice, "Escape", *TO_TIMELINE, "+")
    wait_until_focused(alice, "#emoji-picker input")
    press(alice, "Escape")
    # Bob's message cannot be edited: the letter is text.
    expect(message(alice, "his word")).to_be_focused()
    press(alice, "e")
    expect(alice.locator("#composer")).to_have_value("e")
    # After a click on a message, letters are text, too.
    message(alice, "two").locator(".body").click()
    press(alice, "r")
    expect(alice.locator("#composer")).to_have_value("er")
    expect(alice.locator(".compose-mode")).to_be_hidden()


def test_arrow_up_in_the_empty_composer_edits_alices_last_message(alice, site, room):
    composer = alice.locator("#composer")
    composer.focus()
    press(alice, "ArrowUp")
    expect(composer).to_have_value("three")
    press(alice, "Escape")
    expect(composer).to_have_value("")
    press(alice, "ArrowUp", "End")
    alice.keyboard.type(" cheers")
    press(alice, "Enter")
    expect(wait_until_stored(alice, "three cheers").locator(".edited")).to_be_visible()
    expect(alice.locator("article.message")).to_have_count(4)
    expect_all_messages(alice, site, room)


def test_the_draft_comes_back_after_an_edit(alice):
    composer = alice.locator("#composer")
    composer.press_sequentially("half a thou")
    message(alice, "one").hover()
    message(alice, "one").locator('.actions [data-action="edit"]').click()
    expect(composer).to_have_value("one")
    press(alice, "Escape")
    expect(composer).to_have_value("half a thou")


def test_escape_closes_a_menu_and_its_button_keeps_the_focus(alice):
    summary = alice.locator(".account-menu summary")
    summary.focus()
    press(alice, "Enter")
    expect(alice.locator(".account-menu .menu-panel")).to_be_visible()
    press(alice, "Escape")
    expect(alice.locator(".account-menu .menu-panel")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_timeline_is_one_stop_of_tab(alice, room):
    send(alice, "see https://example.org/here\n\n```\nlong code\n```")
    last = wait_until_stored(alice, "see https")
    stops = alice.locator("#timeline, #timeline :is(a, button, pre, article, [tabindex])")
    assert stops.evaluate_all("(all) => all.filter((one) => one.tabIndex >= 0).length") == 1
    composer = alice.locator("#composer")
    press(alice, *TO_TIMELINE)
    expect(last).to_be_focused()
    press(alice, "ArrowRight")
    expect(last.locator(".body a")).to_be_focused()
    press(alice, "ArrowRight")
    expect(last.get_by_role("button", name="Copy the code")).to_be_focused()
    press(alice, "ArrowRight")
    expect(last.locator(".body pre")).to_be_focused()
    press(alice, "Escape")
    expect(last).to_be_focused()
    press(alice, "ArrowUp", "ArrowUp")
    expect(message(alice, "two")).to_be_focused()
    press(alice, "Tab", "Tab", "Tab")
    expect(composer).to_be_focused()
    press(alice, *TO_TIMELINE)
    expect(message(alice, "two")).to_be_focused()
    press(alice, "Shift+Tab")
    expect(alice.locator("#timeline :focus")).to_have_count(0)


def test_a_resting_mouse_does_not_move_the_toolbar_from_the_focused_message(site, alice, room):
    send(alice, *[f"line {number}" for number in range(30)])
    wait_until_stored(alice, "line 29").hover()
    expect(message(alice, "line 29").locator(".actions")).to_be_visible()
    alice.locator("#timeline").focus()
    # Scrolls other messages under the mouse.
    press(alice, "Home")
    first = message(alice, "his word")
    expect(first).to_be_focused()
    alice.wait_for_timeout(300)
    expect(alice.locator(".actions")).to_have_count(1)
    expect(first.locator(".actions")).to_be_visible()
    press(alice, "Enter")
    expect(first.locator('.actions [data-action="react"]')).to_be_focused()
    # A mouse that is moved does, when the focus is on the message itself.
    press(alice, "Escape")
    alice.locator("article.message").nth(2).hover()
    expect(alice.locator("article.message").nth(2).locator(".actions")).to_be_visible()


def test_a_focused_message_gets_its_toolbar_when_it_is_stored(site, alice, room):
    server = site.workers[0]
    server.pause()
    try:
        send(alice, "on its way")
        expect(message(alice, "on its way")).to_contain_class("pending")
        press(alice, *TO_TIMELINE)
        expect(message(alice, "on its way")).to_be_focused()
        expect(alice.locator(".actions")).to_have_count(0)
    finally:
        server.resume()
    found = wait_until_stored(alice, "on its way")
    expect(found).to_be_focused()
    expect(found.locator(".actions")).to_be_visible()
    press(alice, "Enter")
    expect(found.locator('.actions [data-action="react"]')).to_be_focused()


def test_alt_and_arrow_up_in_the_empty_composer_edits_nothing(alice):
    composer = alice.locator("#composer")
    composer.focus()
    for key in ("Control+ArrowUp", "Shift+ArrowUp"):
        press(alice, key)
        expect(composer).to_have_value("")
        expect(alice.locator(".compose-mode")).to_be_hidden()
    press(alice, "ArrowUp")
    expect(composer).to_have_value("three")
    press(alice, "Escape")
    # Goes to the room above.
    press(alice, "Alt+ArrowUp")
    expect(composer).to_have_value("")
    expect(alice.locator(".compose-mode")).to_be_hidden()
