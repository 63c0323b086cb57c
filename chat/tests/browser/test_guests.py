"""Visitors without an account: what they may see and write, and the example for the console."""

import json
import shutil

import pytest
from playwright.sync_api import expect

from chat.tests.services import PASSWORD

from .conftest import WITH_WINDOWS
from .pages import by_mouse_and_touch, expect_all_messages, send, wait_until_online, wait_until_stored

# The lines of docs/websocket.md, with the address of this site. Received frames are kept.
CONSOLE = """
(address) => {
    window.frames_received = [];
    window.socket = new WebSocket(address);
    window.socket.onmessage = (event) => window.frames_received.push(JSON.parse(event.data));
}
"""


def send_command(page, **command):
    """Send a command over the console's socket."""
    page.evaluate("(command) => window.socket.send(JSON.stringify(command))", command)


def wait_for_frame(page, **fields) -> dict:
    """Wait for a frame with these fields, and return it."""
    found = page.wait_for_function(
        "(fields) => window.frames_received.find((frame) => Object.entries(fields).every(([k, v]) => frame[k] === v))",
        arg=fields,
    )
    return found.json_value()


@pytest.mark.core
def test_a_guest_writes_in_a_room_that_is_open_to_guests(site, room, open_page):
    slug = site.add_room(guests="write")
    guest, alice = open_page(site, None, f"/rooms/{slug}/"), open_page(site, "alice", f"/rooms/{slug}/")
    wait_until_online(alice)
    name = guest.locator(".account-name").inner_text().removesuffix("guest").strip()
    send(guest, "Hello from outside")
    received = wait_until_stored(alice, "Hello from outside")
    expect(received.locator(".author")).to_have_text(name)
    expect(received.locator(".guest-tag")).to_be_visible()
    send(alice, "Welcome")
    wait_until_stored(guest, "Welcome")
    for page in (guest, alice):
        expect_all_messages(page, site, slug)
    expect(guest.locator(f"nav#rooms a[data-room={slug}]")).to_have_count(1)
    expect(guest.locator(f"nav#rooms a[data-room={room}]")).to_have_count(0)


def test_the_console_example_of_the_documentation_works(fresh_site, open_page):
    guest, alice = open_page(fresh_site), open_page(fresh_site, "alice", "/rooms/lobby/")
    wait_until_online(alice)
    guest.evaluate(CONSOLE, fresh_site.url.replace("http:", "ws:"))
    welcome = wait_for_frame(guest, type="welcome")
    assert welcome["you"]["guest"]["name"]
    send_command(guest, type="open", room="lobby", ref=1)
    assert wait_for_frame(guest, type="reply", ref=1)["room"] == "lobby"
    client_id = guest.evaluate("crypto.randomUUID()")
    send_command(guest, type="post", room="lobby", body="Hello from the console!", client_id=client_id, ref=2)
    reply = wait_for_frame(guest, type="reply", ref=2)
    event = wait_for_frame(guest, type="message", room="lobby")
    assert event["message"] == reply["message"]
    assert event["message"]["client_id"] == client_id
    wait_until_stored(alice, "Hello from the console!")
    send(alice, "Hello, console!")
    guest.wait_for_function("() => window.frames_received.some((frame) => frame.message?.text === 'Hello, console!')")


@by_mouse_and_touch
def test_a_guest_who_may_only_read_sees_why_in_place_of_the_composer(site, room, open_page):
    slug = site.add_room(f"stage-{room}", guests="read")
    guest, alice = open_page(site, None, f"/rooms/{slug}/"), open_page(site, "alice", f"/rooms/{slug}/")
    wait_until_online(guest)
    expect(guest.locator(".compose")).to_be_hidden()
    expect(guest.locator(".compose-closed")).to_contain_text("Guests can only read this room.")
    send(alice, "Ladies and gentlemen")
    wait_until_stored(guest, "Ladies and gentlemen")
    guest.get_by_role("link", name="Sign in to write").click()
    guest.get_by_label("Username").fill("bob")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Sign in").click()
    expect(guest.locator("#room-name")).to_be_visible()
    send(guest, "Hear, hear")
    wait_until_stored(alice, "Hear, hear")


def test_the_composer_disappears_when_a_room_is_closed_to_guests(site, room, open_page):
    slug = site.add_room(f"porch-{room}", guests="write")
    guest = open_page(site, None, f"/rooms/{slug}/")
    wait_until_online(guest)
    expect(guest.locator(".compose")).to_be_visible()
    change = """
        from chat.domain import rooms
        from chat.models import Room
        rooms.change(room=Room.objects.get(slug=slug), guests=guests)
    """
    site.python(change, slug=slug, guests="read")
    expect(guest.locator(".compose")).to_be_hidden()
    expect(guest.locator(".compose-closed")).to_contain_text("Guests can only read this room.")
    site.python(change, slug=slug, guests="none")
    expect(guest.locator(".compose-closed")).to_contain_text("You no longer have access to this room.")


@pytest.mark.core
def test_a_visitor_is_asked_to_sign_in_where_guests_may_not_read(site, room, open_page):
    visitor = open_page(site, None, f"/rooms/{room}/")
    expect(visitor.get_by_role("heading", name="Sign in")).to_be_visible()
    visitor.get_by_label("Username").fill("alice")
    visitor.get_by_label("Password").fill(PASSWORD)
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#room-name")).to_be_visible()


def test_a_page_without_cookies_shows_an_error_and_does_not_reload_repeatedly(
    fresh_site, playwright, browser_type_launch_args, tmp_path
):
    (tmp_path / "Default").mkdir()
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(blocked))
    # Chromium without windows does not read this file.
    options = browser_type_launch_args | {"executable_path": next(filter(None, map(shutil.which, WITH_WINDOWS)))}
    context = playwright.chromium.launch_persistent_context(str(tmp_path), **options)
    page = context.new_page()
    loads = []
    page.on("request", lambda request: request.is_navigation_request() and loads.append(request.url))
    page.goto(f"{fresh_site.url}/rooms/lobby/")
    expect(page.locator("#status")).to_contain_text("blocks cookies")
    page.wait_for_timeout(1_500)
    assert len(loads) == 1
    expect(page.locator("#status")).to_contain_text("blocks cookies")
    expect(page.get_by_role("button", name="Try now")).to_be_hidden()
    context.close()
