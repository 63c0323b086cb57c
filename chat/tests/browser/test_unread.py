"""Bob comes back to a room in which much was said: only what he has had on his screen counts as read."""

import pytest
from playwright.sync_api import expect

from .pages import is_online, is_stored, message, say

# In bulk: what of it the log has is what `messages.post` would store.
SAY = """
    import uuid
    from django.contrib.auth import get_user_model
    from django.utils import timezone
    from chat.models import Membership, Mention, Message, Room, RoomHead
    person = get_user_model().objects.get_by_natural_key
    alice, bob, place = person("alice"), person("bob"), Room.objects.get(slug=room)
    head = RoomHead.objects.get(room=place).version
    if count > 100:
        said = [
            Message(room=place, author=alice, sender_key=f"u:{alice.pk}", client_id=uuid.uuid4(), seq=head + n,
                    version=head + n, text=f"Number {n}.", html=f"<p>Number {n}.</p>", created_at=timezone.now())
            for n in range(1, count + 1)
        ]
        Message.objects.bulk_create(said)
        RoomHead.objects.filter(room=place).update(version=head + count)
    else:
        from chat.domain import messages
        for n in range(1, count + 1):
            body = f"Number {n}." + (" @bob" if n == 3 else "")
            messages.post(room=room, author=alice, body=body, client_id=uuid.uuid4())
"""
READ = """
    from chat.models import Membership, Message
    upto = Membership.objects.get(room__slug=room, user__username="bob").read_seq
    result = Message.objects.filter(room__slug=room, seq__lte=upto, text__startswith="Number").count()
"""
AWAY = "() => { Object.defineProperty(document, 'hasFocus', { configurable: true, value: () => false }); }"
BACK = "() => { delete document.hasFocus; window.dispatchEvent(new Event('focus')); }"
HIDE = "() => Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' })"
SHOW = "() => { delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange')); }"
# A page that gets no frame, and is connecting, until `deliver` is called.
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


def read_by_bob(site, room) -> int:
    """How many of the numbered messages count as read by Bob, as the database has it."""
    return site.python(READ, room=room)


@pytest.mark.parametrize(("count", "told"), [(60, "60"), (200, "200"), (2300, "1000+")])
def test_a_bar_leads_bob_to_the_first_of_many_unread_messages(site, room, arrive, count, told):
    site.python(SAY, room=room, count=count)
    bob = arrive(site, "bob", f"/rooms/{room}/")
    is_online(bob)
    bar = bob.locator("#unread-bar")
    expect(bar).to_contain_text(f"{told} new messages")
    expect(message(bob, f"Number {count}.")).to_be_in_viewport()
    if count == 60:
        expect(bar).to_contain_text("mentions of you: 1")
    # Longer than the page waits before it tells what was read.
    bob.wait_for_timeout(1_500)
    assert read_by_bob(site, room) == 0

    bar.locator("[data-to-unread]").click()
    expect(bob.locator("#log .new + article, #log .new + .day + article").first).to_contain_text("Number 1.")
    expect(message(bob, "Number 1.").first).to_be_in_viewport()
    expect(bar).to_be_hidden()
    bob.wait_for_function("() => document.querySelectorAll('#log article').length > 50")
    wait_until_read(bob, site, room, at_least=1)
    assert 1 <= read_by_bob(site, room) < 40


def wait_until_read(page, site, room, at_least: int) -> None:
    """Wait until so many of the numbered messages count as read by Bob."""
    for _ in range(100):
        if read_by_bob(site, room) >= at_least:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{read_by_bob(site, room)} are read, not {at_least}")


def test_what_bob_scrolls_through_is_read_and_what_he_jumps_over_is_not(site, room, arrive):
    site.python(SAY, room=room, count=60)
    bob = arrive(site, "bob", f"/rooms/{room}/")
    bob.locator("#unread-bar [data-to-unread]").click()
    expect(bob.locator("#unread-bar")).to_be_hidden()
    bob.locator("#jump").click()
    expect(bob.locator("#unread-bar")).to_contain_text("new messages")
    bob.wait_for_timeout(1_500)
    assert 1 <= read_by_bob(site, room) < 40
    bob.locator("#unread-bar [data-to-unread]").click()
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
    expect(bob.locator("#unread-bar")).to_be_hidden()


def test_the_bar_leads_bob_there_also_when_his_page_is_still_connecting(site, room, arrive):
    site.python(SAY, room=room, count=60)
    bob = arrive(site, "bob", f"/rooms/{room}/", before=lambda page: page.add_init_script(HOLD_BACK))
    button = bob.locator("#unread-bar [data-to-unread]")
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    expect(bob.locator("#status")).to_have_attribute("data-state", "connecting")
    bob.evaluate("deliver()")
    expect(message(bob, "Number 1.").first).to_be_in_viewport()
    expect(bob.locator("#unread-bar")).to_be_hidden()


def test_bob_may_call_all_of_it_read(site, room, arrive):
    site.python(SAY, room=room, count=60)
    bob = arrive(site, "bob", f"/rooms/{room}/")
    is_online(bob)
    bob.get_by_role("button", name="Mark as read").click()
    expect(bob.locator("#unread-bar")).to_be_hidden()
    wait_until_read(bob, site, room, at_least=60)


@pytest.mark.parametrize(("leave", "come_back"), [(AWAY, BACK), (HIDE, SHOW)], ids=["without focus", "hidden"])
def test_what_comes_while_bob_looks_elsewhere_is_not_read_until_he_looks(site, room, arrive, leave, come_back):
    bob = arrive(site, "bob", f"/rooms/{room}/")
    is_online(bob)
    bob.evaluate(leave)
    site.python(SAY, room=room, count=3)
    is_stored(bob, "Number 3.")
    bob.wait_for_timeout(1_500)
    assert read_by_bob(site, room) == 0
    badge = bob.locator(f"nav#rooms a[data-room={room}] .unread")
    # With a mention, the badge shows how many there are; its name tells both numbers.
    expect(badge).to_have_text("1")
    expect(badge).to_have_attribute("title", "Unread: 3, mentions of you: 1")
    expect(bob.locator("#log .new")).to_be_visible()
    bob.evaluate(come_back)
    wait_until_read(bob, site, room, at_least=3)
    expect(badge).to_be_hidden()


def test_more_than_a_screen_at_once_is_read_only_as_far_as_bob_sees_it(site, room, arrive):
    bob = arrive(site, "bob", f"/rooms/{room}/")
    is_online(bob)
    bob.evaluate(HIDE)
    site.python(SAY, room=room, count=60)
    is_stored(bob, "Number 60.")
    bob.evaluate(SHOW)
    expect(bob.locator("#unread-bar")).to_contain_text("60 new messages")
    bob.wait_for_timeout(1_500)
    assert read_by_bob(site, room) == 0


def test_bob_comes_back_to_the_place_that_he_left(site, room, arrive):
    site.python(SAY, room=room, count=200)
    bob = arrive(site, "bob", f"/rooms/{room}/")
    is_online(bob)
    bob.locator("#unread-bar [data-to-unread]").click()
    expect(message(bob, "Number 1.").first).to_be_in_viewport()
    reading = message(bob, "Number 100.")
    reading.scroll_into_view_if_needed()
    bob.wait_for_timeout(300)
    before = reading.bounding_box()["y"]
    bob.locator(".brand").click()
    expect(bob.locator("#timeline")).to_have_count(0)
    bob.go_back()
    expect(reading).to_be_in_viewport()
    assert abs(reading.bounding_box()["y"] - before) <= 2
    bob.reload()
    expect(reading).to_be_in_viewport()
    assert abs(reading.bounding_box()["y"] - before) <= 2
    # A fresh visit begins at the end.
    bob.goto(bob.url)
    expect(message(bob, "Number 200.")).to_be_in_viewport()


def test_what_bob_sees_as_alice_says_it_is_read_at_once(site, room, arrive):
    bob, alice = arrive(site, "bob", f"/rooms/{room}/"), arrive(site, "alice", f"/rooms/{room}/")
    is_online(bob)
    say(alice, "Number 1.", "Number 2.")
    is_stored(bob, "Number 2.")
    wait_until_read(bob, site, room, at_least=2)
    expect(bob.locator("#unread-bar")).to_be_hidden()
