"""A long conversation: the page has its end, scrolling up loads the rest, and the view does not jump."""

import pytest
from playwright.sync_api import expect

from .pages import (
    by_mouse_and_touch,
    expect_all_messages,
    load_all,
    message,
    send,
    shown_messages,
    stored_messages,
    wait_until_online,
)

COUNT = 200
PAGE = 50
# Scrolls up step by step to the beginning. Returns how far the first message in view moved, in pixels, each time that
# older ones were loaded.
SCROLL_UP = """
async () => {
    const timeline = document.getElementById("timeline");
    const log = document.querySelector(".log");
    const articles = () => [...log.querySelectorAll("article.message")];
    const frame = () => new Promise(requestAnimationFrame);
    const moves = [];
    while (!document.querySelector(".loading-older").hidden) {
        const arrived = new Promise((resolve) => {
            const observer = new MutationObserver((records) => {
                if (!records.some((record) => [...record.addedNodes].some((node) => node.matches?.("article")))) return;
                observer.disconnect();
                resolve();
            });
            observer.observe(log, { childList: true });
        });
        timeline.scrollTop = Math.min(timeline.scrollTop, 400);
        const top = timeline.getBoundingClientRect().top;
        const anchor = articles().find((article) => article.getBoundingClientRect().bottom > top);
        const before = anchor.getBoundingClientRect().top;
        await arrived;
        await frame();
        await frame();
        moves.push(anchor.getBoundingClientRect().top - before);
    }
    return moves;
}
"""


@pytest.fixture
def long_room(site, room) -> str:
    """The slug of a room with 200 messages of several lines by Alice and Bob."""
    code = """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages, reading
        people = [get_user_model().objects.get_by_natural_key(name) for name in ("alice", "bob")]
        for number in range(count):
            body = f"Number {number}.\\n\\n" + "And so on. " * (number % 40)
            messages.post(room=room, author=people[number // 3 % 2], body=body, client_id=uuid.uuid4())
        for person in people:
            reading.read(room=room, user=person, upto=count)
    """
    site.python(code, room=room, count=COUNT)
    return room


def test_the_last_fifty_messages_are_drawn_without_another_request(site, long_room, open_page):
    asked = []

    def before(page):
        page.on("request", lambda request: asked.append(request))
        # A socket without any frames.
        page.route_web_socket("**", lambda socket: None)

    alice = open_page(site, "alice", f"/rooms/{long_room}/", before=before)
    expect(alice.locator("article.message")).to_have_count(PAGE)
    rows = stored_messages(site, long_room)
    assert [each["seq"] for each in shown_messages(alice)] == [row["seq"] for row in rows[-PAGE:]]
    assert [each["who"] for each in shown_messages(alice)] == [row["who"] for row in rows[-PAGE:]]
    expect(alice.locator("article.message").last).to_contain_text(f"Number {COUNT - 1}.")
    kinds = [request.resource_type for request in asked]
    assert kinds.count("document") == 1
    assert not {"xhr", "fetch", "eventsource"} & set(kinds)


@pytest.mark.core
def test_all_messages_are_loaded_in_order_as_bob_scrolls_up(site, long_room, open_page):
    bob = open_page(site, "bob", f"/rooms/{long_room}/")
    load_all(bob)
    expect(bob.locator("article.message")).to_have_count(COUNT)
    expect(bob.locator(".beginning")).to_be_visible()
    expect_all_messages(bob, site, long_room)


def test_the_view_does_not_move_when_older_messages_are_loaded(site, long_room, open_page):
    bob = open_page(site, "bob", f"/rooms/{long_room}/")
    wait_until_online(bob)
    moves = bob.evaluate(SCROLL_UP)
    assert moves
    assert max(map(abs, moves)) <= 2
    expect(bob.locator("article.message")).to_have_count(COUNT)


@by_mouse_and_touch
def test_the_view_does_not_move_when_new_messages_arrive_below(site, long_room, open_page):
    bob, alice = open_page(site, "bob", f"/rooms/{long_room}/"), open_page(site, "alice", f"/rooms/{long_room}/")
    # Load all first: older messages would be loaded while he scrolls.
    load_all(bob)
    wait_until_online(alice)
    reading = message(bob, "Number 100.")
    reading.scroll_into_view_if_needed()
    expect(bob.locator(".jump")).to_have_text("Jump to latest")
    before = reading.bounding_box()
    send(alice, "news\n\nof several\n\nlines")
    expect(bob.locator(".jump")).to_have_text("New messages")
    assert abs(reading.bounding_box()["y"] - before["y"]) <= 2
    bob.locator(".jump").click()
    expect(message(bob, "of several")).to_be_in_viewport()
    expect(bob.locator(".log .new")).to_be_in_viewport()
    expect(bob.locator(".jump")).to_be_hidden()


def test_the_view_stays_at_the_end_when_new_messages_arrive(site, long_room, open_page):
    bob, alice = open_page(site, "bob", f"/rooms/{long_room}/"), open_page(site, "alice", f"/rooms/{long_room}/")
    wait_until_online(bob)
    bob.locator("#composer").focus()
    bob.evaluate("document.getElementById('timeline').scrollTop = 1e9")
    for number in range(5):
        send(alice, f"news {number}\n\n" + "on and on " * 60)
    last = message(bob, "news 4")
    expect(last).to_be_in_viewport()
    expect(bob.locator(".jump")).to_be_hidden()
