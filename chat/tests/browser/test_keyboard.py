"""Everything by the keyboard alone."""

import pytest
from playwright.sync_api import expect

from chat.tests.services import PASSWORD

from .pages import is_online, is_stored, message, say, shows_all


@pytest.fixture
def alice(site, room, arrive):
    """Alice's page, on which she has said three things after one by Bob."""
    bob = arrive(site, "bob", f"/rooms/{room}/")
    say(bob, "his word")
    is_stored(bob, "his word")
    alice = arrive(site, "alice", f"/rooms/{room}/")
    say(alice, "one", "two", "three")
    for text in ("one", "two", "three"):
        is_stored(alice, text)
    return alice


def press(page, *keys):
    """Press keys, one after the other, wherever the focus is."""
    for key in keys:
        page.keyboard.press(key)


def is_on(page, selector):
    """Wait until the focus is on what the selector finds."""
    expect(page.locator(selector)).to_be_focused()


def test_alice_signs_in_and_talks_without_a_pointer(site, room, arrive):
    alice = arrive(site, None, f"/rooms/{room}/")
    is_on(alice, "input[name=username]")
    alice.keyboard.type("alice")
    press(alice, "Tab")
    alice.keyboard.type(PASSWORD)
    press(alice, "Enter")
    is_on(alice, "#composer")
    alice.keyboard.type("hands off")
    press(alice, "Enter")
    is_stored(alice, "hands off")


def test_the_first_stop_of_tab_skips_the_list(site, arrive):
    alice = arrive(site, "alice")
    press(alice, "Tab")
    expect(alice.locator("a.skip")).to_be_focused()
    expect(alice.locator("a.skip")).to_be_in_viewport()
    press(alice, "Enter")
    is_on(alice, "#main")


def test_the_focus_goes_back_from_the_question_whether_to_leave_the_room(alice):
    alice.locator(".room-head .menu summary").filter(visible=True).last.focus()
    press(alice, "Enter")
    alice.locator("#leave").focus()
    press(alice, "Enter")
    expect(alice.locator("#leave-dialog")).to_be_visible()
    press(alice, "Escape")
    expect(alice.locator("#leave-dialog")).to_be_hidden()
    expect(alice.locator("details:has(#leave) > summary")).to_be_focused()


def test_the_focus_stays_on_a_try_at_once_and_goes_back_when_there_is_a_connection(fresh_site, arrive):
    site, worker = fresh_site, fresh_site.workers[0]
    alice = arrive(site, "alice", "/rooms/tea/")
    is_online(alice)
    is_on(alice, "#composer")
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
        is_on(alice, "#status-retry")
        expect(alice.locator("#status-next")).to_have_text(due)
    worker.start()
    press(alice, "Enter")
    is_online(alice)
    is_on(alice, "#composer")


def test_tab_goes_through_the_page_in_the_order_of_reading(alice, room):
    alice.reload()
    is_online(alice)
    is_on(alice, "#composer")
    stops = []
    for _ in range(500):  # Each room of the list is a stop; the tests before this one have made many.
        press(alice, "Shift+Tab")
        stops.append(
            alice.evaluate(
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
    press(alice, "Enter")
    is_on(alice, "#composer")


def test_alice_goes_up_the_messages_opens_the_toolbar_and_comes_back(alice):
    is_on(alice, "#composer")
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
    is_on(alice, '.actions [data-action="react"]')
    press(alice, "ArrowRight")
    is_on(alice, '.actions [data-action="reply"]')
    press(alice, "ArrowLeft", "ArrowLeft")
    is_on(alice, '.actions [data-action="delete"]')
    press(alice, "Escape")
    expect(message(alice, "three")).to_be_focused()
    press(alice, "Escape")
    is_on(alice, "#composer")


def test_alice_reacts_with_the_keys(alice, site, room):
    alice.locator("#timeline").focus()
    press(alice, "Home", "Enter", "Enter")
    is_on(alice, '.palette [data-emoji="👍"]')
    press(alice, "ArrowRight")
    is_on(alice, '.palette [data-emoji="❤️"]')
    press(alice, "Enter")
    expect(message(alice, "his word").locator(".reaction")).to_have_attribute("title", "❤️: alice")
    is_on(alice, '.actions [data-action="react"]')
    shows_all(alice, site, room)


def test_alice_deletes_with_the_keys_after_a_question(alice, site, room):
    alice.locator("#timeline").focus()
    press(alice, "ArrowUp", "Enter", "ArrowLeft", "Enter")
    expect(alice.locator("#delete-dialog")).to_be_visible()
    press(alice, "Escape")
    expect(alice.locator("#delete-dialog")).to_be_hidden()
    expect(message(alice, "three")).to_be_focused()
    press(alice, "Enter", "ArrowLeft", "Enter", "Tab", "Enter")
    expect(alice.locator("article.deleted")).to_have_count(1)
    expect(alice.locator("article.deleted")).to_be_focused()
    shows_all(alice, site, room)


def test_alice_answers_with_the_keys_and_escape_takes_it_back(alice, site, room):
    alice.locator("#timeline").focus()
    press(alice, "Home", "Enter", "ArrowRight", "Enter")
    is_on(alice, "#composer")
    expect(alice.locator("#mode")).to_contain_text("Replying to bob")
    press(alice, "Escape")
    expect(alice.locator("#mode")).to_be_hidden()
    say(alice, "to nobody")
    expect(is_stored(alice, "to nobody").locator(".quote")).to_have_count(0)


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
    expect(is_stored(alice, "three cheers").locator(".edited")).to_be_visible()
    expect(alice.locator("article.message")).to_have_count(4)
    shows_all(alice, site, room)


def test_what_alice_had_typed_is_back_after_she_edited(alice):
    composer = alice.locator("#composer")
    composer.press_sequentially("half a thou")
    message(alice, "one").hover()
    message(alice, "one").locator('.actions [data-action="edit"]').click()
    expect(composer).to_have_value("one")
    press(alice, "Escape")
    expect(composer).to_have_value("half a thou")


def test_escape_closes_a_menu_and_the_focus_stays(alice):
    summary = alice.locator("#people summary")
    summary.focus()
    press(alice, "Enter")
    expect(alice.locator("#here")).to_contain_text("alice")
    press(alice, "Escape")
    expect(alice.locator("#here")).to_be_hidden()
    expect(summary).to_be_focused()


def test_the_timeline_is_one_stop_of_tab_and_the_arrows_go_through_it(alice, room):
    say(alice, "see https://example.org/here\n\n```\nlong code\n```")
    last = is_stored(alice, "see https")
    stops = alice.locator("#timeline, #timeline :is(a, button, pre, article, [tabindex])")
    assert stops.evaluate_all("(all) => all.filter((one) => one.tabIndex >= 0).length") == 1
    composer = alice.locator("#composer")
    press(alice, "Shift+Tab")
    expect(last).to_be_focused()
    press(alice, "ArrowRight")
    expect(last.locator(".body a")).to_be_focused()
    press(alice, "ArrowRight")
    expect(last.locator(".body pre")).to_be_focused()
    press(alice, "Escape")
    expect(last).to_be_focused()
    press(alice, "ArrowUp", "ArrowUp")
    expect(message(alice, "two")).to_be_focused()
    press(alice, "Tab")
    expect(composer).to_be_focused()
    press(alice, "Shift+Tab")
    expect(message(alice, "two")).to_be_focused()
    press(alice, "Shift+Tab")
    expect(alice.locator("#timeline :focus")).to_have_count(0)


def test_a_mouse_that_rests_does_not_take_the_toolbar_from_the_message_of_the_keys(site, alice, room):
    say(alice, *[f"line {number}" for number in range(30)])
    is_stored(alice, "line 29").hover()
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
    # One that is moved does take it, from a message that only has the focus.
    press(alice, "Escape")
    alice.locator("article.message").nth(2).hover()
    expect(alice.locator("article.message").nth(2).locator(".actions")).to_be_visible()


def test_a_message_that_is_focused_while_it_is_sent_gets_its_toolbar_once_it_is_stored(site, alice, room):
    server = site.workers[0]
    server.pause()
    try:
        say(alice, "on its way")
        expect(message(alice, "on its way")).to_contain_class("pending")
        press(alice, "Shift+Tab")
        expect(message(alice, "on its way")).to_be_focused()
        expect(alice.locator(".actions")).to_have_count(0)
    finally:
        server.resume()
    found = is_stored(alice, "on its way")
    expect(found).to_be_focused()
    expect(found.locator(".actions")).to_be_visible()
    press(alice, "Enter")
    expect(found.locator('.actions [data-action="react"]')).to_be_focused()


def test_alt_and_arrow_up_in_the_empty_composer_edits_nothing(alice):
    composer = alice.locator("#composer")
    composer.focus()
    for key in ("Alt+ArrowUp", "Control+ArrowUp", "Shift+ArrowUp"):
        press(alice, key)
        expect(composer).to_have_value("")
        expect(alice.locator("#mode")).to_be_hidden()
    press(alice, "ArrowUp")
    expect(composer).to_have_value("three")
