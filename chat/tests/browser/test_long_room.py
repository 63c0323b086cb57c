"""A room of 5,000 messages: however far Bob scrolls, his page holds a few hundred, and its view does not jump."""

import pytest

from .pages import wait_until_online
from .test_links import POST_MESSAGES

COUNT = 5_000
MOST_SHOWN = 450
HEAP_BYTES = 8_000_000
# Scrolls through the room in steps. After each step, a message in view must be where the step brought it, also when
# pages were loaded or removed meanwhile. Returns the largest jump in pixels, the most articles at a time, and how many
# messages were in view.
SCROLL_THROUGH = """
async ({direction, until}) => {
    const timeline = document.getElementById("timeline");
    const articles = () => [...document.querySelectorAll(".log > article.message")];
    const frame = () => new Promise(requestAnimationFrame);
    const numberOf = (article) => Number(article.querySelector(".body").textContent.match(/\\d+/)[0]);
    const top = timeline.getBoundingClientRect().top;
    const anchor = () => articles().find((article) => article.getBoundingClientRect().bottom > top + 200);
    const seen = new Set();
    let [jump, most] = [0, 0];
    while (true) {
        timeline.scrollTop += direction * 500;
        const article = anchor();
        const before = article?.getBoundingClientRect().top;
        await frame();
        await frame();
        if (article?.isConnected) jump = Math.max(jump, Math.abs(article.getBoundingClientRect().top - before));
        else jump = Infinity;
        const all = articles();
        most = Math.max(most, all.length);
        for (const one of all) {
            const box = one.getBoundingClientRect();
            if (box.bottom > top && box.top < innerHeight) seen.add(numberOf(one));
        }
        if (seen.has(until)) return { jump, most, seen: seen.size };
        // At the end of what is loaded: wait for the next page.
        const atEnd = direction < 0 ? timeline.scrollTop < 1
            : timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight < 1;
        if (atEnd) await new Promise((resolve) => setTimeout(resolve, 10));
    }
}
"""


@pytest.fixture
def long_room(site, room) -> str:
    """The slug of a room with COUNT messages that Alice and Bob have read."""
    site.python(POST_MESSAGES, room=room, count=COUNT)
    return room


def heap_bytes(page) -> int:
    """The size of the page's JavaScript heap after a garbage collection."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    return session.send("Runtime.getHeapUsage")["usedSize"]


def test_a_page_that_scrolled_through_5000_messages_holds_a_few_hundred_of_them(site, long_room, open_page):
    bob = open_page(site, "bob", f"/rooms/{long_room}/")
    wait_until_online(bob)
    up = bob.evaluate(SCROLL_THROUGH, {"direction": -1, "until": 1})
    assert up["jump"] <= 2
    assert up["most"] <= MOST_SHOWN
    assert up["seen"] > 0.9 * COUNT
    assert heap_bytes(bob) <= HEAP_BYTES
    down = bob.evaluate(SCROLL_THROUGH, {"direction": 1, "until": COUNT})
    assert down["jump"] <= 2
    assert down["most"] <= MOST_SHOWN
    assert down["seen"] > 0.9 * COUNT
    assert heap_bytes(bob) <= HEAP_BYTES
