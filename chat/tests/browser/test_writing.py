"""The composer: drafts, edits and answers are kept, and each is sent once."""

import pytest
from playwright.sync_api import expect

from .pages import (
    choose_action,
    expect_all_messages,
    message,
    send,
    stored_messages,
    wait_until_online,
    wait_until_stored,
)

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
KEEP_SOCKETS = """
    window.sockets = [];
    window.WebSocket = class extends WebSocket {
        constructor(...given) {
            super(...given);
            window.sockets.push(this);
            if (window.isCut) this.close();
        }
    };
"""


@pytest.fixture
def alice(site, room, open_page):
    """Alice's page, with a message of Bob and one of hers."""
    site.python(
        """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages
        for name, body in (("bob", "Tea or coffee?"), ("alice", "wonderfull")):
            author = get_user_model().objects.get_by_natural_key(name)
            messages.post(room=room, author=author, body=body, client_id=uuid.uuid4())
        """,
        room=room,
    )
    alice = open_page(site, "alice", f"/rooms/{room}/", before=lambda page: page.add_init_script(KEEP_SOCKETS))
    wait_until_online(alice)
    return alice


def disconnect(page):
    """Close the page's connection, and each one that it tries to make later."""
    page.context.set_offline(True)
    page.evaluate("() => { window.isCut = true; window.sockets.at(-1).close(); }")


def second_tab(page, init: str = ""):
    """Another tab of the same person, in the same room. The script `init` runs in it first."""
    other = page.context.new_page()
    if init:
        other.add_init_script(init)
    other.goto(page.url)
    wait_until_online(other)
    return other


def test_text_that_is_typed_before_the_modules_are_loaded_is_kept(site, room, open_page):
    def before(page):
        page.add_init_script(
            """new MutationObserver((_, observer) => {
                const field = document.getElementById("composer");
                if (!field) return;
                observer.disconnect();
                field.value = "early";
            }).observe(document, { childList: true, subtree: true });"""
        )

    alice = open_page(site, "alice", f"/rooms/{room}/", before=before)
    wait_until_online(alice)
    expect(alice.locator("#composer")).to_have_value("early")


def test_an_unfinished_answer_survives_a_reload(alice, site, room):
    choose_action(alice, "Tea or coffee?", "reply")
    alice.locator("#composer").press_sequentially("Both, if")
    alice.reload()
    expect(alice.locator(".compose-mode")).to_contain_text("Replying to bob")
    expect(alice.locator("#composer")).to_have_value("Both, if")
    send(alice, "Both.")
    expect(wait_until_stored(alice, "Both.").locator(".quote")).to_contain_text("Tea or coffee?")
    alice.reload()
    expect(alice.locator(".compose-mode")).to_be_hidden()
    expect(alice.locator("#composer")).to_have_value("")


@pytest.mark.core
def test_an_unfinished_edit_and_the_draft_before_it_survive_a_reload(alice):
    alice.locator("#composer").press_sequentially("half a thou")
    choose_action(alice, "wonderfull", "edit")
    alice.locator("#composer").fill("wonderful, really")
    alice.reload()
    expect(alice.locator(".compose-mode")).to_contain_text("Editing your message")
    expect(alice.locator("#composer")).to_have_value("wonderful, really")
    alice.locator("#composer").press("Enter")
    wait_until_stored(alice, "wonderful, really")
    expect(alice.locator("#composer")).to_have_value("half a thou")
    alice.reload()
    expect(alice.locator(".compose-mode")).to_be_hidden()
    expect(alice.locator("#composer")).to_have_value("half a thou")


@pytest.mark.parametrize("is_sent", [True, False], ids=["sent", "being written"])
def test_the_edit_of_a_message_that_was_deleted_becomes_a_draft(alice, site, room, is_sent):
    choose_action(alice, "wonderfull", "edit")
    alice.locator("#composer").fill("a long and careful edit")
    if is_sent:
        # The server refuses the edit before the page knows of the deletion.
        site.workers[0].pause()
        alice.locator("#composer").press("Enter")
        expect(alice.locator(".compose-mode")).to_be_hidden()
    site.python(
        """
        from chat.domain import messages
        from chat.models import Message
        found = Message.objects.get(room__slug=room, text="wonderfull")
        messages.delete(message=found.pk, by=found.author)
        """,
        room=room,
    )
    site.workers[0].resume()
    expect(alice.locator("#composer")).to_have_value("a long and careful edit")
    expect(alice.locator(".compose-mode")).to_be_hidden()
    expect(alice.locator("#notice")).to_contain_text("Its text is in the field below")
    alice.reload()
    expect(alice.locator("#composer")).to_have_value("a long and careful edit")


@pytest.mark.parametrize("draft", ["", "unrelated draft"], ids=["no draft", "a draft"])
def test_an_edit_submitted_without_a_connection_goes_on_and_the_draft_comes_back_later(alice, draft):
    composer = alice.locator("#composer")
    composer.fill(draft)
    choose_action(alice, "wonderfull", "edit")
    composer.press("End")
    composer.press_sequentially(" FIX")
    disconnect(alice)
    expect(alice.locator("#status")).to_have_attribute("data-state", "offline")
    composer.press("Enter")
    # The edit fails after the mode was left: wait for the notice.
    expect(alice.locator("#notice")).to_be_visible()
    expect(alice.locator(".compose-mode")).to_contain_text("Editing your message")
    expect(composer).to_have_value("wonderfull FIX")
    alice.locator(".compose-mode [data-cancel]").press("Enter")
    expect(composer).to_have_value(draft)
    expect(composer).to_be_focused()


@pytest.mark.parametrize("by", ["Enter", "its timer"])
def test_the_focus_returns_to_the_composer_when_a_notice_disappears(alice, by):
    choose_action(alice, "wonderfull", "edit")
    alice.locator("#composer").fill("wonderful")
    disconnect(alice)
    expect(alice.locator("#status")).to_have_attribute("data-state", "offline")
    alice.locator("#composer").press("Enter")
    dismiss = alice.locator("#notice .icon-button")
    dismiss.focus()
    expect(dismiss).to_be_focused()
    if by == "Enter":
        alice.keyboard.press("Enter")
    expect(alice.locator("#notice")).to_be_hidden()
    expect(alice.locator("#composer")).to_be_focused()


def test_an_edit_that_fails_while_alice_writes_is_added_to_her_draft(alice, site):
    composer = alice.locator("#composer")
    choose_action(alice, "wonderfull", "edit")
    composer.fill("wonderful")
    site.workers[0].pause()
    try:
        composer.press("Enter")
        composer.press_sequentially("next")
        disconnect(alice)
        expect(alice.locator("#notice")).to_contain_text("Its text is in the field below")
    finally:
        site.workers[0].resume()
    expect(alice.locator(".compose-mode")).to_be_hidden()
    expect(composer).to_have_value("next\n\nwonderful")


def test_a_message_of_invisible_characters_is_not_sent(alice):
    composer = alice.locator("#composer")
    composer.fill("\u200b\u2800")
    expect(alice.locator(".send")).to_be_disabled()
    composer.press("Enter")
    expect(composer).to_have_value("\u200b\u2800")
    expect(alice.locator("article.message")).to_have_count(2)


@pytest.mark.core
def test_two_tabs_share_one_draft_and_send_it_once(alice, site, room):
    alice.locator("#composer").press_sequentially("only once")
    other = second_tab(
        alice, "addEventListener('storage', (event) => window.ignoresStorage && event.stopImmediatePropagation())"
    )
    expect(other.locator("#composer")).to_have_value("only once")
    other.locator("#composer").press_sequentially("!")
    expect(alice.locator("#composer")).to_have_value("only once!")
    # Both tabs send before they know of each other.
    other.evaluate("() => { window.ignoresStorage = true; }")
    alice.locator("#composer").press("Enter")
    wait_until_stored(alice, "only once!")
    expect(other.locator("#composer")).to_have_value("only once!")
    other.locator("#composer").press("Enter")
    for page in (alice, other):
        wait_until_stored(page, "only once!")
        expect(page.locator("#composer")).to_have_value("")
        expect_all_messages(page, site, room)
    assert [row["html"] for row in stored_messages(site, room)].count("<p>only once!</p>\n") == 1


def test_the_draft_survives_when_a_second_tab_is_closed(alice):
    alice.locator("#composer").press_sequentially("half a thou")
    other = second_tab(alice)
    send(other, "something else")
    wait_until_stored(other, "something else")
    other.close()
    expect(alice.locator("#composer")).to_have_value("")
    alice.locator("#composer").press_sequentially("half a thou")
    second_tab(alice).close()
    alice.reload()
    expect(alice.locator("#composer")).to_have_value("half a thou")


def test_typing_without_a_focused_field_goes_to_the_composer(alice):
    composer = alice.locator("#composer")
    choose_action(alice, "Tea or coffee?", "react")
    alice.locator('#emoji-picker [data-emoji="👍"]').first.click()
    alice.keyboard.type("a")
    expect(composer).to_have_value("a")
    message(alice, "wonderfull").locator(".body").click()
    alice.keyboard.type("b")
    expect(composer).to_have_value("ab")
    alice.locator("#room-name").click()
    alice.keyboard.type("c d")
    expect(composer).to_have_value("abc d")
    alice.locator(".room-link").first.focus()
    alice.keyboard.press("Control+c")
    expect(composer).not_to_be_focused()


def test_the_composer_has_the_focus_after_the_button_to_the_latest_message(alice, site, room):
    site.python(
        """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages
        author = get_user_model().objects.get_by_natural_key("alice")
        for number in range(40):
            messages.post(room=room, author=author, body=f"Number {number}.", client_id=uuid.uuid4())
        """,
        room=room,
    )
    wait_until_stored(alice, "Number 39.")
    message(alice, "Number 3.").scroll_into_view_if_needed()
    alice.locator(".jump").click()
    expect(alice.locator("#composer")).to_be_focused()


def test_on_a_touch_screen_enter_inserts_a_line_break_and_send_keeps_the_focus(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/", **PHONE)
    wait_until_online(alice)
    composer = alice.locator("#composer")
    composer.tap()
    alice.keyboard.type("roses")
    alice.keyboard.press("Enter")
    alice.keyboard.type("violets")
    expect(composer).to_have_value("roses\nviolets")
    expect(alice.locator("article.message")).to_have_count(0)
    alice.locator(".send").tap()
    wait_until_stored(alice, "violets")
    expect(composer).to_be_focused()
    expect(composer).to_have_value("")


@pytest.mark.core
def test_a_draft_survives_a_change_of_name_and_is_deleted_at_sign_out(site, room, open_page):
    # A person of this test's own: who signs out loses the session that other tests use.
    name, new_name = f"bob-{room}", f"robert-{room}"
    site.add_person(name)
    bob = open_page(site, name, f"/rooms/{site.add_room(owner=name, members=())}/")
    bob.locator("#composer").press_sequentially("half a thou")
    rename = """
        from django.contrib.auth import get_user_model
        get_user_model().objects.filter(handle=former).update(handle=now)
    """
    site.python(rename, former=name, now=new_name)
    bob.reload()
    expect(bob.locator(".account-name")).to_contain_text(new_name)
    expect(bob.locator("#composer")).to_have_value("half a thou")
    assert bob.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('parley.draft')).length") == 1

    # The server's answer to a draft may come, and be stored, while the person is being signed out.
    bob.evaluate(
        """() => {
            const [[key, draft]] = Object.entries(localStorage).filter(([key]) => key.startsWith("parley.draft"));
            document.getElementById("action").addEventListener("submit", () => localStorage.setItem(key, draft));
        }"""
    )
    bob.locator(".account-menu summary").click()
    bob.get_by_role("button", name="Sign out").click()
    expect(bob.get_by_role("heading", name="Sign in")).to_be_visible()
    assert bob.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('parley.draft'))") == []
