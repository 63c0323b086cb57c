"""A long conversation: its end comes with the page, the rest as one scrolls up, and nothing jumps."""

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, is_online, load_all, message, say, seen, shows_all, stored

SAID = 200
PAGE = 50
# Scrolls up step by step until the beginning is there. Returns how far the first message in view moved, in pixels,
# each time that older ones came.
SCROLL_UP = """
async () => {
    const timeline = document.getElementById("timeline");
    const log = document.getElementById("log");
    const articles = () => [...log.querySelectorAll("article.message")];
    const frame = () => new Promise(requestAnimationFrame);
    const moves = [];
    while (!document.getElementById("older").hidden) {
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
def long_talk(site, room) -> str:
    """The slug of a room in which Alice and Bob have said 200 things of several lines."""
    code = """
        import uuid
        from django.contrib.auth import get_user_model
        from chat.domain import messages, reading
        people = [get_user_model().objects.get_by_natural_key(name) for name in ("alice", "bob")]
        for number in range(said):
            body = f"Number {number}.\\n\\n" + "And so on. " * (number % 40)
            messages.post(room=room, author=people[number // 3 % 2], body=body, client_id=uuid.uuid4())
        for person in people:
            reading.read(room=room, user=person, upto=said)
    """
    site.python(code, room=room, said=SAID)
    return room


def test_the_last_fifty_messages_are_drawn_without_another_request(site, long_talk, arrive):
    asked = []

    def before(page):
        page.on("request", lambda request: asked.append(request))
        # A socket on which nobody ever speaks.
        page.route_web_socket("**", lambda socket: None)

    alice = arrive(site, "alice", f"/rooms/{long_talk}/", before=before)
    expect(alice.locator("article.message")).to_have_count(PAGE)
    rows = stored(site, long_talk)
    assert [each["seq"] for each in seen(alice)] == [row["seq"] for row in rows[-PAGE:]]
    assert [each["who"] for each in seen(alice)] == [row["who"] for row in rows[-PAGE:]]
    expect(alice.locator("article.message").last).to_contain_text(f"Number {SAID - 1}.")
    kinds = [request.resource_type for request in asked]
    assert kinds.count("document") == 1
    assert not {"xhr", "fetch", "eventsource"} & set(kinds)


def test_all_two_hundred_messages_come_in_order_as_bob_scrolls_up(site, long_talk, arrive):
    bob = arrive(site, "bob", f"/rooms/{long_talk}/")
    load_all(bob)
    expect(bob.locator("article.message")).to_have_count(SAID)
    expect(bob.locator("#beginning")).to_be_visible()
    shows_all(bob, site, long_talk)


def test_what_bob_reads_stays_in_place_when_older_messages_come(site, long_talk, arrive):
    bob = arrive(site, "bob", f"/rooms/{long_talk}/")
    is_online(bob)
    moves = bob.evaluate(SCROLL_UP)
    assert moves
    assert max(map(abs, moves)) <= 2
    expect(bob.locator("article.message")).to_have_count(SAID)


@by_mouse_and_touch
def test_what_bob_reads_stays_in_place_when_alice_talks(site, long_talk, arrive):
    bob, alice = arrive(site, "bob", f"/rooms/{long_talk}/"), arrive(site, "alice", f"/rooms/{long_talk}/")
    # Older messages may come while he scrolls, so first all of them.
    load_all(bob)
    is_online(alice)
    reading = message(bob, "Number 100.")
    reading.scroll_into_view_if_needed()
    expect(bob.locator("#jump")).to_have_text("To the latest")
    before = reading.bounding_box()
    say(alice, "news\n\nof several\n\nlines")
    expect(bob.locator("#jump")).to_have_text("New messages")
    assert abs(reading.bounding_box()["y"] - before["y"]) <= 2
    bob.locator("#jump").click()
    expect(message(bob, "of several")).to_be_in_viewport()
    expect(bob.locator("#log .new")).to_be_in_viewport()
    expect(bob.locator("#jump")).to_be_hidden()


def test_bob_at_the_end_stays_there_as_alice_talks(site, long_talk, arrive):
    bob, alice = arrive(site, "bob", f"/rooms/{long_talk}/"), arrive(site, "alice", f"/rooms/{long_talk}/")
    is_online(bob)
    bob.locator("#composer").focus()
    bob.evaluate("document.getElementById('timeline').scrollTop = 1e9")
    for number in range(5):
        say(alice, f"news {number}\n\n" + "on and on " * 60)
    last = message(bob, "news 4")
    expect(last).to_be_in_viewport()
    expect(bob.locator("#jump")).to_be_hidden()
