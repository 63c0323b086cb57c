"""Unread messages: only messages that were on Bob's screen count as read."""

import re

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, choose_action, message, send, wait_until_online, wait_until_stored

# Above 100, rows are inserted in bulk, with the same columns as `messages.post` would store.
POST_MESSAGES = """
    import uuid
    from django.contrib.auth import get_user_model
    from django.utils import timezone
    from chat.models import Membership, Mention, Message, Room, RoomHead
    person = get_user_model().objects.get_by_natural_key
    alice, bob, place = person("alice"), person("bob"), Room.objects.get(slug=room)
    head = RoomHead.objects.get(room=place).version
    if count > 100:
        rows = [
            Message(room=place, author=alice, sender_key=f"u:{alice.pk}", client_id=uuid.uuid4(), seq=head + n,
                    version=head + n, text=f"Number {n}.", html=f"<p>Number {n}.</p>", created_at=timezone.now())
            for n in range(1, count + 1)
        ]
        Message.objects.bulk_create(rows)
        RoomHead.objects.filter(room=place).update(version=head + count)
    else:
        from chat.domain import messages
        for n in range(1, count + 1):
            body = f"Number {n}." + (" @bob" if n == 3 else "")
            messages.post(room=room, author=alice, body=body, client_id=uuid.uuid4())
"""
READ = """
    from chat.models import Membership, Message
    upto = Membership.objects.get(room__slug=room, user__handle="bob").read_seq
    result = Message.objects.filter(room__slug=room, seq__lte=upto, text__startswith="Number").count()
"""
READ_UPTO = """
    from django.contrib.auth import get_user_model
    from chat.domain import reading
    reading.read(room=room, user=get_user_model().objects.get_by_natural_key("bob"), upto=upto)
"""
LAST_ID = """
    from chat.models import Message
    result = Message.objects.filter(room__slug=room).latest("seq").pk
"""
# Scrolls down until a message is at the top of the screen.
SCROLL_TO = """
async (text) => {
    const timeline = document.getElementById("timeline");
    const find = () => [...document.querySelectorAll(".log article")].find((one) => one.textContent.includes(text));
    while (!find()) {
        timeline.scrollTop += 400;
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    find().scrollIntoView();
    // Pages are loaded around it.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
}
"""
AWAY = "() => { Object.defineProperty(document, 'hasFocus', { configurable: true, value: () => false }); }"
BACK = "() => { delete document.hasFocus; window.dispatchEvent(new Event('focus')); }"
HIDE = "() => Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' })"
SHOW = "() => { delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange')); }"
# The page receives no frame, so it stays connecting, until `deliver` is called.
HOLD_BACK = """
    const held = new Promise((deliver) => { window.deliver = deliver; });
    window.WebSocket = class extends WebSocket {
        set onmessage(take) {
            super.onmessage = async (event) => {
                await held;
                take(event);
            };
        }
    };
"""


def first_new(page):
    """The message below the line “New”."""
    return page.locator(".log .new + article, .log .new + .day + article").first


def read_by_bob(site, room) -> int:
    """The number of numbered messages that Bob has read, from the database."""
    return site.python(READ, room=room)


@pytest.mark.parametrize(("count", "shown"), [pytest.param(60, "60", marks=pytest.mark.core), (2300, "1000+")])
@by_mouse_and_touch
def test_bob_lands_at_the_first_of_many_unread_messages(site, room, open_page, count, shown):
    site.python(POST_MESSAGES, room=room, count=count)
    # Without a connection: the server's page has what he needs to see.
    bob = open_page(site, "bob", f"/rooms/{room}/", before=lambda page: page.add_init_script(HOLD_BACK))
    expect(first_new(bob)).to_contain_text("Number 1.")
    expect(message(bob, "Number 1.").first).to_be_in_viewport()
    bar = bob.locator(".unread-bar")
    expect(bar).to_contain_text(re.compile(rf"{re.escape(shown)} new since \d+:\d\d"))
    if count == 60:
        expect(bar).to_contain_text("mentions of you: 1")
    bob.evaluate("deliver()")
    wait_until_online(bob)
    wait_until_read(bob, site, room, at_least=1)
    # What is on the screen is read, and nothing else.
    bob.wait_for_timeout(1_500)
    assert 1 <= read_by_bob(site, room) < 40
    expect(bar).to_be_visible()
    expect(first_new(bob)).to_contain_text("Number 1.")

    bar.locator("[data-to-latest]").click()
    expect(message(bob, f"Number {count}.")).to_be_in_viewport()
    bob.wait_for_timeout(1_500)
    assert read_by_bob(site, room) < 40
    # The bar leads back to the first one that he has not read.
    bar.locator("[data-to-unread]").click()
    unread = message(bob, f"Number {read_by_bob(site, room) + 1}.").first
    expect(unread).to_be_in_viewport()
    bar.locator("[data-mark-read]").click()
    expect(bar).to_be_hidden()
    wait_until_read(bob, site, room, at_least=count)


def test_a_window_of_older_messages_says_so_until_bob_is_at_the_end(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=300)
    bob, alice = open_page(site, "bob", f"/rooms/{room}/"), open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(bob)
    wait_until_online(alice)
    detached = bob.locator(".detached")
    # The bar says that these are new messages, and how to get to the end.
    expect(bob.locator(".unread-bar")).to_be_visible()
    expect(detached).to_be_hidden()
    bob.locator("[data-mark-read]").click()
    expect(detached).to_have_text(re.compile("These are older messages"))
    # A message that comes now belongs to the end of the room.
    send(alice, "at the end")
    expect(detached.get_by_role("button")).to_have_text("New messages")
    assert message(bob, "at the end").count() == 0
    detached.get_by_role("button").click()
    expect(message(bob, "at the end")).to_be_in_viewport()
    expect(detached).to_be_hidden()
    expect(bob.locator(".jump")).to_be_hidden()


def test_a_message_that_bob_sends_from_an_older_place_brings_him_to_the_end(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=300)
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    expect(bob.locator(".unread-bar [data-to-latest]")).to_be_visible()
    send(bob, "from far away")
    expect(message(bob, "from far away")).to_be_in_viewport()
    expect(message(bob, "Number 300.")).to_be_in_viewport()
    expect(bob.locator(".detached")).to_be_hidden()


def wait_until_read(page, site, room, at_least: int) -> None:
    """Wait until Bob has read at least so many of the numbered messages."""
    for _ in range(100):
        if read_by_bob(site, room) >= at_least:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{read_by_bob(site, room)} are read, not {at_least}")


def test_messages_that_bob_scrolls_through_are_read_and_those_he_skips_are_not(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=60)
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    wait_until_read(bob, site, room, at_least=1)
    assert read_by_bob(site, room) < 40
    bob.evaluate(
        """async () => {
            const timeline = document.getElementById("timeline");
            const end = () => timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight;
            while (end() > 1) {
                timeline.scrollTop += timeline.clientHeight / 2;
                await new Promise(requestAnimationFrame);
                await new Promise(requestAnimationFrame);
            }
        }"""
    )
    wait_until_read(bob, site, room, at_least=60)
    expect(bob.locator(".unread-bar")).to_be_hidden()


def test_the_bar_leads_to_the_first_unread_message_also_while_connecting(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=300)
    site.python(READ_UPTO, room=room, upto=100)
    path = f"/rooms/{room}/{site.python(LAST_ID, room=room)}/"
    bob = open_page(site, "bob", path, before=lambda page: page.add_init_script(HOLD_BACK))
    button = bob.locator(".unread-bar [data-to-unread]")
    # The line about the connection covers the bar.
    button.press("Enter")
    expect(button).to_have_attribute("aria-busy", "true")
    expect(bob.locator("#status")).to_have_attribute("data-state", "connecting")
    bob.evaluate("deliver()")
    expect(message(bob, "Number 101.").first).to_be_in_viewport()
    expect(first_new(bob)).to_contain_text("Number 101.")


def test_the_focus_goes_with_the_bar_to_the_first_unread_message(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=60)
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    expect(bob.locator("#composer")).to_be_focused()
    bob.evaluate(AWAY)
    bob.locator(".unread-bar [data-to-latest]").click()
    bob.locator(".unread-bar [data-to-unread]").focus()
    bob.keyboard.press("Enter")
    expect(bob.locator(".log article:focus")).to_contain_text("Number ")
    expect(bob.locator(".log article:focus")).to_be_in_viewport()


def test_the_focus_returns_to_the_composer_when_bob_clicks_in_the_bar(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=60)
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    bob.locator(".unread-bar [data-mark-read]").click()
    expect(bob.locator(".unread-bar")).to_be_hidden()
    expect(bob.locator("#composer")).to_be_focused()


def test_the_focus_returns_to_the_composer_when_bob_marks_all_as_read_by_keyboard(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=60)
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    bob.locator(".unread-bar [data-mark-read]").focus()
    bob.keyboard.press("Enter")
    expect(bob.locator(".unread-bar")).to_be_hidden()
    expect(bob.locator("#composer")).to_be_focused()


def test_bob_marks_all_messages_as_read(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=60)
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    bob.get_by_role("button", name="Mark as read").click()
    expect(bob.locator(".unread-bar")).to_be_hidden()
    wait_until_read(bob, site, room, at_least=60)


@pytest.mark.parametrize(("leave", "come_back"), [(AWAY, BACK), (HIDE, SHOW)], ids=["without focus", "hidden"])
def test_messages_are_not_read_while_the_page_is_hidden_or_has_no_focus(site, room, open_page, leave, come_back):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    bob.evaluate(leave)
    site.python(POST_MESSAGES, room=room, count=3)
    wait_until_stored(bob, "Number 3.")
    bob.wait_for_timeout(1_500)
    assert read_by_bob(site, room) == 0
    badge = bob.locator(f"nav#rooms a[data-room={room}] .unread")
    # With mentions, the badge shows their number; its title has both numbers.
    expect(badge).to_have_text("1")
    expect(badge).to_have_attribute("title", "Unread: 3, mentions of you: 1")
    expect(bob.locator(".log .new")).to_be_visible()
    bob.evaluate(come_back)
    wait_until_read(bob, site, room, at_least=3)
    expect(badge).to_be_hidden()


def test_of_more_messages_than_fit_the_screen_only_those_in_view_are_read(site, room, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    bob.evaluate(HIDE)
    site.python(POST_MESSAGES, room=room, count=60)
    wait_until_stored(bob, "Number 60.")
    bob.evaluate(SHOW)
    expect(bob.locator(".unread-bar")).to_contain_text("60 new since")
    bob.wait_for_timeout(1_500)
    assert read_by_bob(site, room) == 0


# --- Marking as unread


@by_mouse_and_touch
def test_bob_marks_messages_as_unread_and_all_his_pages_know_it(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=8)
    bob, other = open_page(site, "bob", f"/rooms/{room}/"), open_page(site, "bob", "/")
    wait_until_online(bob)
    wait_until_online(other)
    wait_until_read(bob, site, room, at_least=8)
    badge = other.locator(f"nav#rooms a[data-room={room}] .unread")
    expect(badge).to_be_hidden()
    choose_action(bob, "Number 6.", "unread")
    expect(badge).to_have_text("3")
    expect(first_new(bob)).to_contain_text("Number 6.")
    expect(bob.locator(".unread-bar")).to_contain_text("3 new since")
    # The messages are on the screen. They stay unread until he reads the room again, or says so.
    bob.wait_for_timeout(1_500)
    assert read_by_bob(site, room) == 5
    bob.locator(".unread-bar [data-mark-read]").click()
    expect(badge).to_be_hidden()
    assert read_by_bob(site, room) == 8

    choose_action(bob, "Number 8.", "unread")
    expect(badge).to_have_text("1")
    bob.reload()
    expect(first_new(bob)).to_contain_text("Number 8.")
    wait_until_read(bob, site, room, at_least=8)
    expect(badge).to_be_hidden()


def test_what_bob_marks_as_unread_is_read_when_he_answers(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=3)
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_read(bob, site, room, at_least=3)
    choose_action(bob, "Number 2.", "unread")
    expect(first_new(bob)).to_contain_text("Number 2.")
    send(bob, "an answer")
    wait_until_read(bob, site, room, at_least=3)
    expect(bob.locator(".unread-bar")).to_be_hidden()


@pytest.mark.core
def test_a_message_that_arrives_in_view_is_read_at_once(site, room, open_page):
    bob, alice = open_page(site, "bob", f"/rooms/{room}/"), open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(bob)
    send(alice, "Number 1.", "Number 2.")
    wait_until_stored(bob, "Number 2.")
    wait_until_read(bob, site, room, at_least=2)
    expect(bob.locator(".unread-bar")).to_be_hidden()
