"""What one writes is where it was left, goes where it was meant to, and is sent once."""

import pytest
from playwright.sync_api import expect

from .pages import do, is_online, is_stored, message, say, shows_all, stored

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
KEEP_SOCKETS = """
    window.sockets = [];
    window.WebSocket = class extends WebSocket {
        constructor(...given) {
            super(...given);
            window.sockets.push(this);
        }
    };
"""


@pytest.fixture
def alice(site, room, arrive):
    """Alice's page, with something to answer and something of her own to change."""
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
    alice = arrive(site, "alice", f"/rooms/{room}/", before=lambda page: page.add_init_script(KEEP_SOCKETS))
    is_online(alice)
    return alice


def disconnect(page):
    """End the page's connection, and let it make no other."""
    page.context.set_offline(True)
    page.evaluate("window.sockets.at(-1).close()")


def second_tab(page, init: str = ""):
    """Another tab of the same person, at the same room; a script `init` runs in it first."""
    other = page.context.new_page()
    if init:
        other.add_init_script(init)
    other.goto(page.url)
    is_online(other)
    return other


def test_what_is_typed_before_the_page_is_ready_is_kept(site, room, arrive):
    def before(page):
        page.add_init_script(
            """new MutationObserver((_, observer) => {
                const field = document.getElementById("composer");
                if (!field) return;
                observer.disconnect();
                field.value = "early";
            }).observe(document, { childList: true, subtree: true });"""
        )

    alice = arrive(site, "alice", f"/rooms/{room}/", before=before)
    is_online(alice)
    expect(alice.locator("#composer")).to_have_value("early")


def test_an_answer_that_is_not_finished_survives_a_reload(alice, site, room):
    do(alice, "Tea or coffee?", "reply")
    alice.locator("#composer").press_sequentially("Both, if")
    alice.reload()
    expect(alice.locator("#mode")).to_contain_text("Replying to bob")
    expect(alice.locator("#composer")).to_have_value("Both, if")
    say(alice, "Both.")
    expect(is_stored(alice, "Both.").locator(".quote")).to_contain_text("Tea or coffee?")
    alice.reload()
    expect(alice.locator("#mode")).to_be_hidden()
    expect(alice.locator("#composer")).to_have_value("")


def test_a_correction_that_is_not_finished_survives_a_reload_and_so_does_the_draft_behind_it(alice):
    alice.locator("#composer").press_sequentially("half a thou")
    do(alice, "wonderfull", "edit")
    alice.locator("#composer").fill("wonderful, really")
    alice.reload()
    expect(alice.locator("#mode")).to_contain_text("Editing your message")
    expect(alice.locator("#composer")).to_have_value("wonderful, really")
    alice.locator("#composer").press("Enter")
    is_stored(alice, "wonderful, really")
    expect(alice.locator("#composer")).to_have_value("half a thou")
    alice.reload()
    expect(alice.locator("#mode")).to_be_hidden()
    expect(alice.locator("#composer")).to_have_value("half a thou")


@pytest.mark.parametrize("is_sent", [True, False], ids=["sent", "being written"])
def test_a_correction_of_a_message_that_is_deleted_meanwhile_is_given_back(alice, site, room, is_sent):
    do(alice, "wonderfull", "edit")
    alice.locator("#composer").fill("a long and careful correction")
    if is_sent:
        # The answer finds the message gone, before the page has heard of it.
        site.workers[0].pause()
        alice.locator("#composer").press("Enter")
        expect(alice.locator("#mode")).to_be_hidden()
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
    expect(alice.locator("#composer")).to_have_value("a long and careful correction")
    expect(alice.locator("#mode")).to_be_hidden()
    expect(alice.locator("#notice")).to_contain_text("Its text is in the field below")
    alice.reload()
    expect(alice.locator("#composer")).to_have_value("a long and careful correction")


@pytest.mark.parametrize("draft", ["", "unrelated draft"], ids=["no draft", "a draft"])
def test_a_correction_sent_without_connection_stays_one_and_the_draft_waits_behind_it(alice, draft):
    composer = alice.locator("#composer")
    composer.fill(draft)
    do(alice, "wonderfull", "edit")
    composer.press("End")
    composer.press_sequentially(" FIX")
    disconnect(alice)
    expect(alice.locator("#status")).to_have_attribute("data-state", "offline")
    composer.press("Enter")
    # The correction is refused after the mode was left: wait for the notice that says so.
    expect(alice.locator("#notice")).to_be_visible()
    expect(alice.locator("#mode")).to_contain_text("Editing your message")
    expect(composer).to_have_value("wonderfull FIX")
    alice.locator("#mode [data-cancel]").press("Enter")
    expect(composer).to_have_value(draft)
    expect(composer).to_be_focused()


@pytest.mark.parametrize("by", ["Enter", "its timer"])
def test_the_focus_goes_back_from_a_notice_that_goes(alice, by):
    do(alice, "wonderfull", "edit")
    alice.locator("#composer").fill("wonderful")
    disconnect(alice)
    expect(alice.locator("#status")).to_have_attribute("data-state", "offline")
    alice.locator("#composer").press("Enter")
    dismiss = alice.locator("#notice button")
    dismiss.focus()
    expect(dismiss).to_be_focused()
    if by == "Enter":
        alice.keyboard.press("Enter")
    expect(alice.locator("#notice")).to_be_hidden()
    expect(alice.locator("#composer")).to_be_focused()


def test_a_correction_that_fails_while_alice_writes_does_not_take_the_field_from_her(alice, site):
    composer = alice.locator("#composer")
    do(alice, "wonderfull", "edit")
    composer.fill("wonderful")
    site.workers[0].pause()
    try:
        composer.press("Enter")
        composer.press_sequentially("next")
        disconnect(alice)
        expect(alice.locator("#notice")).to_contain_text("Its text is in the field below")
    finally:
        site.workers[0].resume()
    expect(alice.locator("#mode")).to_be_hidden()
    expect(composer).to_have_value("next\n\nwonderful")


def test_a_message_that_nobody_could_see_is_not_sent(alice):
    composer = alice.locator("#composer")
    composer.fill("\u200b\u2800")
    expect(alice.locator(".send")).to_be_disabled()
    composer.press("Enter")
    expect(composer).to_have_value("\u200b\u2800")
    expect(alice.locator("article.message")).to_have_count(2)


def test_two_tabs_share_one_draft_and_send_it_once(alice, site, room):
    alice.locator("#composer").press_sequentially("only once")
    other = second_tab(alice, "addEventListener('storage', (event) => window.deaf && event.stopImmediatePropagation())")
    expect(other.locator("#composer")).to_have_value("only once")
    other.locator("#composer").press_sequentially("!")
    expect(alice.locator("#composer")).to_have_value("only once!")
    # Both send before either has heard of the other.
    other.evaluate("() => { window.deaf = true; }")
    alice.locator("#composer").press("Enter")
    is_stored(alice, "only once!")
    expect(other.locator("#composer")).to_have_value("only once!")
    other.locator("#composer").press("Enter")
    for page in (alice, other):
        is_stored(page, "only once!")
        expect(page.locator("#composer")).to_have_value("")
        shows_all(page, site, room)
    assert [row["html"] for row in stored(site, room)].count("<p>only once!</p>\n") == 1


def test_a_second_tab_takes_nothing_from_the_draft_of_the_first(alice):
    alice.locator("#composer").press_sequentially("half a thou")
    other = second_tab(alice)
    say(other, "something else")
    is_stored(other, "something else")
    other.close()
    expect(alice.locator("#composer")).to_have_value("")
    alice.locator("#composer").press_sequentially("half a thou")
    second_tab(alice).close()
    alice.reload()
    expect(alice.locator("#composer")).to_have_value("half a thou")


def test_what_alice_types_goes_to_the_composer_wherever_the_focus_was_lost(alice):
    composer = alice.locator("#composer")
    do(alice, "Tea or coffee?", "react")
    message(alice, "Tea or coffee?").locator('.palette [data-emoji="👍"]').click()
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


def test_alice_writes_on_after_she_went_to_the_latest(alice, site, room):
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
    is_stored(alice, "Number 39.")
    message(alice, "Number 3.").scroll_into_view_if_needed()
    alice.locator("#jump").click()
    expect(alice.locator("#composer")).to_be_focused()


def test_on_a_touch_screen_enter_makes_a_line_and_send_keeps_the_focus(site, room, arrive):
    alice = arrive(site, "alice", f"/rooms/{room}/", **PHONE)
    is_online(alice)
    composer = alice.locator("#composer")
    composer.tap()
    alice.keyboard.type("roses")
    alice.keyboard.press("Enter")
    alice.keyboard.type("violets")
    expect(composer).to_have_value("roses\nviolets")
    expect(alice.locator("article.message")).to_have_count(0)
    alice.locator(".send").tap()
    is_stored(alice, "violets")
    expect(composer).to_be_focused()
    expect(composer).to_have_value("")


def test_the_draft_of_a_renamed_person_stays_theirs_and_goes_when_they_sign_out(fresh_site, arrive):
    site = fresh_site
    bob = arrive(site, "bob", "/rooms/tea/")
    bob.locator("#composer").press_sequentially("half a thou")
    rename = """
        from django.contrib.auth import get_user_model
        get_user_model().objects.filter(username=former).update(username=now)
    """
    site.python(rename, former="bob", now="robert")
    bob.reload()
    expect(bob.locator(".account-name")).to_contain_text("robert")
    expect(bob.locator("#composer")).to_have_value("half a thou")
    assert bob.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('parley.draft')).length") == 1

    bob.locator(".account-menu summary").click()
    bob.get_by_role("button", name="Sign out").click()
    expect(bob.get_by_role("heading", name="Sign in")).to_be_visible()
    assert bob.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('parley.draft'))") == []
