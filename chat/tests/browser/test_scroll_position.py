"""Where Bob reads in a room: what comes and goes around it does not move the text, and it is found again."""

import pytest
from playwright.sync_api import expect

from chat.tests.services.processes import wait_until

from .pages import message, wait_until_online
from .test_unread import HOLD_BACK, POST_MESSAGES, SCROLL_TO, wait_until_read

# In a low window, more than the sidebar can show.
MORE_ROOMS = 8
# Scrolls up by 300 pixels and draws the room in the same task, so before the page was told that Bob scrolled. Returns
# by how many pixels the text moved until the next frame but one.
SCROLL_AND_DRAW = """
async () => {
    const { shell } = await import(document.querySelector("script[type=module][src]").src);
    const timeline = document.getElementById("timeline");
    timeline.scrollTop -= 300;
    const body = [...document.querySelectorAll(".log .body")].at(-1);
    const before = body.getBoundingClientRect().top;
    shell.tab.outbox.emit("change");
    for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
    return body.getBoundingClientRect().top - before;
}
"""


def place_of(found) -> float:
    """How far below the upper edge of the window a message's text is, in pixels."""
    return found.locator(".body").bounding_box()["y"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Number 100.", id="one that must be loaded", marks=pytest.mark.core),
        pytest.param("Number 152.", id="one below the first of the server's page"),
    ],
)
def test_the_scroll_position_is_restored_on_back_and_reload(site, room, open_page, text):
    site.python(POST_MESSAGES, room=room, count=200)
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    reading = message(bob, text)
    bob.evaluate(SCROLL_TO, text)
    expect(reading).to_be_in_viewport()
    bob.locator("[data-mark-read]").click()
    wait_until_read(bob, site, room, at_least=200)
    before = place_of(reading)
    bob.locator(".brand").click()
    expect(bob.locator("#timeline")).to_have_count(0)
    bob.go_back()
    wait_until_online(bob)
    expect(reading).to_be_in_viewport()
    wait_until(lambda: abs(place_of(reading) - before) <= 2)
    bob.reload()
    expect(reading).to_be_in_viewport()
    wait_until(lambda: abs(place_of(reading) - before) <= 2)
    # A new visit begins at the end, if all is read.
    bob.goto(bob.url)
    expect(message(bob, "Number 200.")).to_be_in_viewport()


def test_bob_who_jumped_to_the_end_past_unread_messages_is_there_after_a_reload(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=200)
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    expect(message(bob, "Number 200.")).not_to_be_in_viewport()
    bob.locator("[data-to-latest]").click()
    expect(message(bob, "Number 200.")).to_be_in_viewport()
    bob.reload()
    wait_until_online(bob)
    expect(message(bob, "Number 200.")).to_be_in_viewport()


def test_bob_who_reloads_before_his_place_is_loaded_gets_there_in_the_end(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=200)
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    reading = message(bob, "Number 100.")
    bob.evaluate(SCROLL_TO, "Number 100.")
    bob.locator("[data-mark-read]").click()
    wait_until_read(bob, site, room, at_least=200)
    before = place_of(reading)
    bob.add_init_script("if (sessionStorage.isHeld) {" + HOLD_BACK + "}")
    bob.evaluate("sessionStorage.isHeld = 1")
    bob.reload()
    expect(message(bob, "Number 200.")).to_be_in_viewport()
    bob.evaluate("delete sessionStorage.isHeld")
    bob.reload()
    expect(reading).to_be_in_viewport()
    wait_until(lambda: abs(place_of(reading) - before) <= 2)


def test_bob_who_scrolls_up_stays_there_when_the_room_is_drawn_in_the_same_moment(site, room, open_page):
    site.python(POST_MESSAGES, room=room, count=60)
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_read(bob, site, room, at_least=1)
    bob.locator(".unread-bar .to-latest").click()
    expect(message(bob, "Number 60.")).to_be_in_viewport()
    assert abs(bob.evaluate(SCROLL_AND_DRAW)) <= 2


def test_with_more_rooms_than_fit_the_sidebar_the_page_itself_does_not_scroll(site, room, open_page):
    for _ in range(MORE_ROOMS):
        site.add_room()
    site.python(POST_MESSAGES, room=room, count=30)
    for path in ("/rooms/", f"/rooms/{room}/", "/unread/", "/mentions/", "/wire/"):
        bob = open_page(site, "bob", path, viewport={"width": 1100, "height": 400})
        wait_until_online(bob)
        assert bob.evaluate("document.scrollingElement.scrollHeight - innerHeight") <= 0, path
        bob.set_viewport_size({"width": 1100, "height": 250})
        assert bob.evaluate("document.scrollingElement.scrollHeight - innerHeight") <= 0, path
