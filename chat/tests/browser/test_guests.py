"""Visitors without an account: what they see and may write, and the line for the console."""

import json

from playwright.sync_api import expect

from chat.tests.services import PASSWORD

from .pages import by_mouse_and_touch, is_online, is_stored, say, shows_all

# The README's lines: its address is the site's, and what comes is kept.
CONSOLE = """
(address) => {
    window.heard = [];
    window.socket = new WebSocket(address);
    window.socket.onmessage = (event) => window.heard.push(JSON.parse(event.data));
}
"""


def send(page, **command):
    """Send a command over the console's socket."""
    page.evaluate("(command) => window.socket.send(JSON.stringify(command))", command)


def hear(page, **fields) -> dict:
    """Wait for a frame with these fields, and return it."""
    found = page.wait_for_function(
        "(fields) => window.heard.find((frame) => Object.entries(fields).every(([k, v]) => frame[k] === v))",
        arg=fields,
    )
    return found.json_value()


def test_a_guest_talks_in_the_lobby_that_lets_guests_write(fresh_site, arrive):
    guest, alice = arrive(fresh_site, None, "/rooms/lobby/"), arrive(fresh_site, "alice", "/rooms/lobby/")
    is_online(alice)
    name = guest.locator(".account-name").inner_text().removesuffix("guest").strip()
    say(guest, "Hello from outside")
    heard = is_stored(alice, "Hello from outside")
    expect(heard.locator(".author")).to_have_text(name)
    expect(heard.locator(".guest-tag")).to_be_visible()
    say(alice, "Welcome")
    is_stored(guest, "Welcome")
    for page in (guest, alice):
        shows_all(page, fresh_site, "lobby")
    expect(guest.locator("nav#rooms a")).to_have_count(1)


def test_the_console_line_of_the_readme_opens_a_conversation(fresh_site, arrive):
    guest, alice = arrive(fresh_site), arrive(fresh_site, "alice", "/rooms/lobby/")
    is_online(alice)
    guest.evaluate(CONSOLE, fresh_site.url.replace("http:", "ws:"))
    welcome = hear(guest, type="welcome")
    assert welcome["you"]["guest"]["name"]
    send(guest, type="open", room="lobby", ref=1)
    assert hear(guest, type="reply", ref=1)["room"] == "lobby"
    client_id = guest.evaluate("crypto.randomUUID()")
    send(guest, type="post", room="lobby", body="Hello from the console!", client_id=client_id, ref=2)
    reply = hear(guest, type="reply", ref=2)
    event = hear(guest, type="message", room="lobby")
    assert event["message"] == reply["message"]
    assert event["message"]["client_id"] == client_id
    is_stored(alice, "Hello from the console!")
    say(alice, "Hello, console!")
    guest.wait_for_function("() => window.heard.some((frame) => frame.message?.text === 'Hello, console!')")


@by_mouse_and_touch
def test_a_guest_who_may_only_read_has_a_sentence_in_place_of_the_composer(site, room, arrive):
    slug = site.add_room(f"stage-{room}", guests="read")
    guest, alice = arrive(site, None, f"/rooms/{slug}/"), arrive(site, "alice", f"/rooms/{slug}/")
    is_online(guest)
    expect(guest.locator("#compose")).to_be_hidden()
    expect(guest.locator("#closed")).to_contain_text("Guests may read here.")
    say(alice, "Ladies and gentlemen")
    is_stored(guest, "Ladies and gentlemen")
    guest.get_by_role("link", name="Sign in to write").click()
    guest.get_by_label("Username").fill("bob")
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button", name="Sign in").click()
    expect(guest.locator("#room-name")).to_be_visible()
    say(guest, "Hear, hear")
    is_stored(alice, "Hear, hear")


def test_a_room_closed_to_guests_while_one_writes_takes_the_composer_away(site, room, arrive):
    slug = site.add_room(f"porch-{room}", guests="write")
    guest = arrive(site, None, f"/rooms/{slug}/")
    is_online(guest)
    expect(guest.locator("#compose")).to_be_visible()
    change = """
        from chat.domain import rooms
        from chat.models import Room
        rooms.change(room=Room.objects.get(slug=slug), guests=guests)
    """
    site.python(change, slug=slug, guests="read")
    expect(guest.locator("#compose")).to_be_hidden()
    expect(guest.locator("#closed")).to_contain_text("Guests may read here.")
    site.python(change, slug=slug, guests="none")
    expect(guest.locator("#closed")).to_contain_text("You can no longer see this room.")


def test_a_visitor_is_asked_to_sign_in_where_guests_see_nothing(site, room, arrive):
    visitor = arrive(site, None, f"/rooms/{room}/")
    expect(visitor.get_by_role("heading", name="Sign in")).to_be_visible()
    visitor.get_by_label("Username").fill("alice")
    visitor.get_by_label("Password").fill(PASSWORD)
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#room-name")).to_be_visible()


def test_a_guest_whose_browser_keeps_no_cookies_is_told_once_and_left_alone(
    fresh_site, playwright, browser_type_launch_args, tmp_path
):
    (tmp_path / "Default").mkdir()
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(blocked))
    context = playwright.chromium.launch_persistent_context(str(tmp_path), **browser_type_launch_args)
    page = context.new_page()
    loads = []
    page.on("request", lambda request: request.is_navigation_request() and loads.append(request.url))
    page.goto(f"{fresh_site.url}/rooms/lobby/")
    expect(page.locator("#status")).to_contain_text("keeps no cookies")
    page.wait_for_timeout(1_500)
    assert len(loads) == 1
    expect(page.locator("#status")).to_contain_text("keeps no cookies")
    expect(page.get_by_role("button", name="Try now")).to_be_hidden()
    context.close()
