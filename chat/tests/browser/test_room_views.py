"""One page shows several rooms, one after the other: `shell.showRoom(slug)`, the public function of app.js."""

import itertools
import re

import pytest
from playwright.sync_api import expect

from chat.tests.services import wait_until

from .pages import (
    bodies,
    choose_action,
    expect_all_messages,
    message,
    send,
    stored_messages,
    wait_until_online,
    wait_until_stored,
)

ROUNDS = 50
SHELL = "(await import(document.querySelector('script[type=module][src]').src)).shell"
# Counts listeners, timers, frames and observers. Listeners of an AbortSignal do not count: they are collected with it.
COUNT = """
(() => {
    const [listeners, timers, frames, observed] = [new Map(), new Set(), new Set(), new Set()];
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    const name = (target, type, options) => `${type} ${Boolean(options?.capture ?? options === true)}`;
    const forget = (target, key, listener) => listeners.get(target)?.get(key)?.delete(listener);
    EventTarget.prototype.addEventListener = function (type, listener, options) {
        addEventListener.call(this, type, listener, options);
        if (this instanceof AbortSignal || options?.signal?.aborted || !listener) return;
        const [target, key] = [this ?? window, name(this, type, options)];
        const byKey = listeners.get(target) ?? new Map();
        listeners.set(target, byKey);
        byKey.set(key, (byKey.get(key) ?? new Set()).add(listener));
        const ended = () => forget(target, key, listener);
        if (options?.signal) addEventListener.call(options.signal, "abort", ended);
        if (options?.once) addEventListener.call(target, type, ended, { capture: key.endsWith("true"), once: true });
    };
    EventTarget.prototype.removeEventListener = function (type, listener, options) {
        removeEventListener.call(this, type, listener, options);
        forget(this ?? window, name(this, type, options), listener);
    };
    const patch = (start, stop, alive) => {
        const [original, clear] = [window[start], window[stop]];
        window[start] = (run, ...rest) => {
            const id = original.call(window, (...given) => (alive.delete(id), run(...given)), ...rest);
            alive.add(id);
            return id;
        };
        window[stop] = (id) => (alive.delete(id), clear.call(window, id));
    };
    patch("setTimeout", "clearTimeout", timers);
    patch("requestAnimationFrame", "cancelAnimationFrame", frames);
    for (const type of ["ResizeObserver", "MutationObserver", "IntersectionObserver"]) {
        window[type] = class extends window[type] {
            observe(...given) { super.observe(...given); observed.add(this); }
            disconnect() { super.disconnect(); observed.delete(this); }
        };
    }
    window.alive = () => {
        const sets = [...listeners.values()].flatMap((byKey) => [...byKey.values()]);
        return {
            listeners: sets.reduce((sum, { size }) => sum + size, 0),
            timers: timers.size,
            frames: frames.size,
            observers: observed.size,
            elements: document.querySelectorAll("*").length,
        };
    };
})();
"""
ALIVE = f"""async () => {{
    const {{ store, connection, outbox }} = {SHELL}.tab;
    const subscriptions = store.listenerCount + connection.listenerCount + outbox.listenerCount;
    return {{ ...window.alive(), subscriptions }};
}}"""
READ = """
    from chat.models import Membership, Message
    upto = Membership.objects.get(room__slug=room, user__handle=name).read_seq
    unread = Message.objects.filter(room__slug=room, seq__gt=upto).exclude(author__handle=name)
    result = [message.text for message in unread.order_by("seq")]
"""
SLOW = """
    from chat.domain import rooms
    from chat.models import Room
    rooms.change(room=Room.objects.get(slug=room), slow_mode_s=seconds)
"""
_numbers = itertools.count(1)


@pytest.fixture
def other(site) -> str:
    """The slug of a second room of Alice and Bob."""
    return site.add_room(f"other-{next(_numbers)}")


def show(page, room):
    """Show a room by the page's own function, and wait until it is drawn."""
    page.evaluate(f"async (room) => {SHELL}.showRoom(room)", room)
    expect(page.locator(f".room[data-room={room}]")).to_be_visible()


def test_views_that_are_unmounted_leave_no_listener_timer_observer_or_subscription(site, room, other, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    send(bob, "one", "two")
    wait_until_stored(bob, "two")
    alice = open_page(site, "alice", f"/rooms/{room}/", before=lambda page: page.add_init_script(COUNT))
    wait_until_online(alice)
    # Show both once: then the server knows what is read, and no request is pending.
    for slug in (other, room):
        show(alice, slug)
    alice.wait_for_timeout(1_500)
    before = alice.evaluate(ALIVE)
    assert before["listeners"] > 40
    assert before["subscriptions"] > 10
    assert before["observers"] == 1
    for _ in range(ROUNDS):
        for slug in (other, room):
            show(alice, slug)
    wait_until(lambda: alice.evaluate(ALIVE) == before, "what was alive at the start, and no more", 15)


def test_events_of_a_room_that_was_left_do_not_reach_its_elements(site, room, other, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    send(bob, "before")
    wait_until_stored(alice, "before")
    alice.evaluate("() => { window.former = document.querySelector('.room'); }")
    show(alice, other)
    alice.evaluate(
        """() => {
            window.mutations = 0;
            const observer = new MutationObserver((all) => { window.mutations += all.length; });
            const everything = { attributes: true, characterData: true, childList: true, subtree: true };
            observer.observe(window.former, everything);
        }"""
    )
    send(bob, "after")
    wait_until_stored(bob, "after")
    expect(alice.locator(f'.room-link[data-room="{room}"] .unread')).to_have_text("1")
    # The server no longer sends the room's events. If it sent some, the former elements would not draw them either.
    alice.evaluate(
        f"""async (room) => {{
            const {{ store, connection, outbox }} = {SHELL}.tab;
            store.emit("messages", {{ room, changed: [], reset: true }});
            for (const name of ["presence", "typing", "gap", "removed"]) store.emit(name, {{ room }});
            store.emit("rooms");
            outbox.emit("change");
            connection.emit("state", connection.state);
            for (const name of ["resize", "focus", "pagehide", "storage"]) window.dispatchEvent(new Event(name));
            document.dispatchEvent(new Event("visibilitychange"));
            document.dispatchEvent(new KeyboardEvent("keydown", {{ key: "x", bubbles: true }}));
            await new Promise((resolve) => setTimeout(resolve, 500));
        }}""",
        room,
    )
    assert alice.evaluate("window.mutations") == 0
    expect(alice.locator(".room")).to_have_count(1)


def test_each_room_has_its_own_messages_drafts_and_unread_counts(site, room, other, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{other}/")
    wait_until_online(alice)
    send(bob, "Welcome to the other room")
    wait_until_stored(bob, "Welcome to the other room")
    send(alice, "in the first")
    wait_until_stored(alice, "in the first")
    choose_action(alice, "in the first", "reply")
    alice.locator("#composer").press_sequentially("half a thought")

    show(alice, other)
    expect(alice.locator("#room-name")).to_have_text(other.capitalize())
    # Rooms of other tests may have unread messages: "(1) Other · Parley".
    expect(alice).to_have_title(re.compile(f"{other.capitalize()} · Parley$"))
    expect(alice.locator(".room-link[aria-current]")).to_have_attribute("data-room", other)
    expect(bodies(alice)).to_have_text(["Welcome to the other room"])
    expect(alice.locator("#composer")).to_have_value("")
    expect(alice.locator(".compose-mode")).to_be_hidden()
    expect(alice.locator("#composer")).to_have_attribute("placeholder", f"Message {other.capitalize()}")
    expect(alice.locator(".online-count")).to_have_text("2")
    send(alice, "Thank you")
    wait_until_stored(alice, "Thank you")
    wait_until_stored(bob, "Thank you")
    wait_until(lambda: site.python(READ, room=other, name="alice") == [], "Alice has read the other room")
    alice.locator("#composer").press_sequentially("another thought")

    bob.goto(f"{site.url}/rooms/{room}/")
    send(bob, "news, @alice")
    wait_until_stored(bob, "news, @alice")
    badge = alice.locator(f'.room-link[data-room="{room}"] .unread')
    expect(badge).to_have_accessible_name("Unread: 1, mentions of you: 1")
    expect(bodies(alice)).to_have_text(["Welcome to the other room", "Thank you"])
    assert site.python(READ, room=room, name="alice") == ["news, @alice"]

    show(alice, room)
    expect(bodies(alice)).to_have_text(["in the first", "news, @alice"])
    expect(alice.locator(".new + article")).to_contain_text("news")
    expect(alice.locator("#composer")).to_have_value("half a thought")
    expect(alice.locator(".compose-mode")).to_contain_text("Replying to alice")
    expect(badge).to_be_hidden()
    wait_until(lambda: site.python(READ, room=room, name="alice") == [], "Alice has read the news")
    expect_all_messages(alice, site, room)

    show(alice, other)
    expect(alice.locator("#composer")).to_have_value("another thought")
    expect_all_messages(alice, site, other)
    assert [row["who"] for row in stored_messages(site, other)] == ["bob", "alice"]


def test_a_message_that_waits_in_the_outbox_of_one_room_is_sent_while_another_is_shown(site, room, other, open_page):
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    site.python(SLOW, room=room, seconds=6)
    send(bob, "first")
    wait_until_stored(bob, "first")
    send(bob, "second")
    expect(message(bob, "second")).to_contain_class("pending")
    expect(bob.locator(".slow-mode")).to_contain_text("your message will be sent in")

    show(bob, other)
    expect(bodies(bob)).to_have_count(0)
    send(bob, "at once")
    wait_until_stored(bob, "at once")
    wait_until(lambda: len(stored_messages(site, room)) == 2, "the second message, sent from the other room", 30)
    expect(bodies(bob)).to_have_text(["at once"])

    show(bob, room)
    wait_until_stored(bob, "second")
    expect_all_messages(bob, site, room)


def test_a_room_that_is_shown_again_takes_over_the_messages_of_a_lost_connection(site, room, other, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    show(alice, other)
    alice.evaluate(f"async () => {{ const {{ connection }} = {SHELL}.tab; connection.stop(); connection.start(); }}")
    wait_until_online(alice)
    send(bob, "while she was away")
    wait_until_stored(bob, "while she was away")
    send(alice, "still here")
    wait_until_stored(alice, "still here")
    show(alice, room)
    wait_until_stored(alice, "while she was away")
    expect_all_messages(alice, site, room)


def test_a_room_that_cannot_be_opened_leaves_the_shown_one_as_it_is(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    code = alice.evaluate(f"async () => {SHELL}.showRoom('no-such-room').then(() => null, ({{ code }}) => code)")
    assert code == "not_found"
    send(alice, "still here")
    wait_until_stored(alice, "still here")
    expect(alice.locator("#room-name")).to_have_text(room.capitalize())


@pytest.mark.parametrize("calls", ["other third", "other third other third", "third other room third", "third third"])
def test_of_several_rooms_that_are_asked_for_at_once_the_last_is_shown(site, room, other, open_page, calls):
    third = site.add_room(f"{other}-third-{next(_numbers)}")
    slugs = {"room": room, "other": other, "third": third}
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{other}/")
    wait_until_online(alice)
    alice.evaluate(
        f"""async (rooms) => {{
            const shell = {SHELL};
            await Promise.all(rooms.map((room) => shell.showRoom(room)));
        }}""",
        [slugs[name] for name in calls.split()],
    )
    expect(alice.locator(".room")).to_have_attribute("data-room", third)
    # The others are not watched: their messages are counted.
    send(bob, "anyone?")
    expect(alice.locator(f'.room-link[data-room="{other}"] .unread')).to_have_text("1")
    # The room that is shown is watched.
    bob.goto(f"{site.url}/rooms/{third}/")
    send(bob, "here")
    wait_until_stored(alice, "here")
    expect_all_messages(alice, site, third)


def test_a_room_that_is_asked_for_while_it_is_being_left_has_all_its_messages(site, room, other, open_page):
    alice, bob = open_page(site, "alice", f"/rooms/{room}/"), open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(alice)
    send(bob, "one", "two")
    wait_until_stored(alice, "two")
    alice.evaluate(
        f"""async ([room, other]) => {{
            const shell = {SHELL};
            const left = shell.showRoom(other);
            while (shell.room !== other) await new Promise((resolve) => setTimeout(resolve));
            await Promise.all([left, shell.showRoom(room)]);
        }}""",
        [room, other],
    )
    expect(alice.locator(".room")).to_have_attribute("data-room", room)
    send(bob, "three")
    wait_until_stored(alice, "three")
    expect_all_messages(alice, site, room)


def test_a_notice_stays_while_rooms_change(site, room, other, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    alice.evaluate(f"async () => {SHELL}.tab.notice.show('It could not be done.')")
    show(alice, other)
    notice = alice.locator("#notice")
    expect(notice).to_contain_text("It could not be done.")
    notice.get_by_role("button").click()
    expect(notice).to_be_hidden()
    expect(alice.locator("#composer")).to_be_focused()
