"""The page `/wire/`: the handshake, the frames and the drawing of the page's own connection."""

import json
import re

import pytest
from playwright.sync_api import expect

from .pages import by_mouse_and_touch, is_touch_screen, send, wait_until_online, wait_until_stored

ACCEPT = re.compile(r"^[A-Za-z0-9+/]{27}=$")
WITH_LOG = (
    'import(document.querySelector("script[type=module][src]").src).then(({ wirePage }) => wirePage.observed.log)'
)
FLOOD = """.then((log) => {
    for (let number = 1; number <= 10000; number += 1) log.addMessage(true, `{"type":"unread","n":${number}}`, 1e9);
})"""
SIZE_OF_DRAWING = """
() => {
    const svg = document.querySelector(".drawing svg");
    return [svg.getBoundingClientRect().width, svg.viewBox.baseVal.width];
}
"""
# As behind a proxy that knows no WebSockets.
WITHOUT_SOCKETS = """
window.WebSocket = class extends WebSocket {
    constructor(url, protocols) {
        super(String(url).replace("/chat", "/no-socket"), protocols);
    }
};
"""


def open_wire(site, open_page, name="alice", **options):
    """The page, with its connection open and its handshake shown."""
    page = open_page(site, name, "/wire/", **options)
    expect(page.locator("#wire-state")).to_have_text("Open")
    expect(page.locator(".handshake-shown")).to_be_visible()
    return page


def frames(page, **data):
    """The rows of the list with these attributes."""
    return page.locator("#wire-frames tbody tr" + "".join(f'[data-{name}="{value}"]' for name, value in data.items()))


def header(page, name: str):
    """The row of a header of the request."""
    return page.locator(".request-headers tr").filter(has=page.locator("th", has_text=re.compile(f"^{name}$", re.I)))


@by_mouse_and_touch
def test_alice_sees_the_handshake_of_her_page_and_how_the_accept_value_is_made(site, open_page):
    alice = open_wire(site, open_page)
    expect(alice.locator(".request-line")).to_have_text("GET /chat?observe HTTP/1.1")
    expect(alice.locator(".response-line")).to_have_text("HTTP/1.1 101 Switching Protocols")
    host = alice.evaluate("location.host")
    expect(header(alice, "Host").locator(".header-value")).to_have_text(host)
    expect(header(alice, "Host").locator(".header-remark")).to_have_text("As sent")
    expect(header(alice, "Sec-WebSocket-Protocol").locator(".header-value")).to_have_text("chat")
    steps = [alice.locator(f'[data-step="{step}"]').text_content() for step in ("key", "joined", "sha1", "accept")]
    expect(header(alice, "Sec-WebSocket-Key").locator(".header-value")).to_have_text(steps[0])
    assert steps[1] == f"{steps[0]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
    assert re.fullmatch(r"[0-9a-f]{40}", steps[2])
    expect(alice.locator(".response-headers")).to_contain_text(steps[3])
    expect(alice.locator(".subprotocol-reason")).to_contain_text("The server chose chat")
    expect(alice.locator('.hop[data-role="client"]')).to_contain_text("127.0.0.1")


@pytest.mark.core
def test_no_secret_of_the_session_is_on_the_page(site, open_page):
    alice = open_wire(site, open_page)
    expect(header(alice, "Cookie").locator(".header-value")).to_contain_text("sessionid=•••")
    assert site.sign_in("alice") not in alice.locator(".wire").inner_text()
    # A token like that of a guest who has no session.
    welcome = json.dumps({"type": "welcome", "resume": "t0ken-of-a-guest"}, separators=(",", ":"))
    alice.evaluate(f"{WITH_LOG}.then((log) => log.addMessage(true, '{welcome}', 1e9))")
    frames(alice).filter(has_text='"resume":"****').locator("button").click()
    expect(alice.locator(".frame-text")).to_contain_text('"resume": "****************"')
    assert "t0ken" not in alice.locator(".wire").inner_text()


def test_headers_with_markup_are_text(site, open_page):
    markup = "<img src=x onerror=document.title='broken'><b>bold</b>"
    alice = open_wire(site, open_page, user_agent=markup)
    expect(header(alice, "User-Agent").locator(".header-value")).to_have_text(markup)
    assert alice.locator(".wire img, .wire-column td b").count() == 0
    assert "broken" not in alice.title()


@pytest.mark.core
@by_mouse_and_touch
def test_frames_come_live_and_a_selected_one_shows_its_bits_bytes_and_content(site, room, open_page):
    alice = open_wire(site, open_page)
    bob = open_page(site, "bob", f"/rooms/{room}/")
    wait_until_online(bob)
    send(bob, "hello")
    wait_until_stored(bob, "hello")
    unread = frames(alice, **{"from": "server"}).filter(has_text=f'"room":"{room}"').last
    expect(unread).to_have_attribute("data-head", re.compile("^81"))
    unread.locator("button").click()
    detail = alice.locator(".frame-detail")
    expect(detail.locator(".frame-detail-title")).to_have_text("text · received")
    expect(detail.locator(".frame-head")).to_contain_text("not masked: a server never masks")
    shown = json.loads(detail.locator(".frame-text").text_content())
    assert (shown["type"], shown["room"], shown["unread"]) == ("unread", room, 1)
    assert '{\n  "type"' in detail.locator(".frame-text").text_content()
    expect(detail.locator(".wire-payload-bytes code").first).to_have_text("7b 22 74 79 70 65 22 3a")
    detail.get_by_role("button", name="Close").click()
    expect(detail).to_be_hidden()


def test_a_sent_frame_is_masked_and_its_bytes_on_the_wire_give_its_text(site, open_page):
    alice = open_wire(site, open_page)
    sent = frames(alice, **{"from": "page", "opcode": 1}).first
    expect(sent).to_have_attribute("data-head", re.compile("^81"))
    sent.locator("button").click()
    expect(alice.locator(".frame-head")).to_contain_text("the masking key")
    mask = bytes.fromhex(sent.get_attribute("data-head"))[-4:]
    lines = alice.locator(".wire-payload-bytes code").all_text_contents()
    wire = bytes.fromhex("".join(lines))
    text = bytes(byte ^ mask[index % 4] for index, byte in enumerate(wire)).decode()
    assert json.loads(text) == json.loads(alice.locator(".frame-text").text_content())


@by_mouse_and_touch
def test_a_ping_and_its_pong_are_listed_with_the_round_trip(site, open_page):
    alice = open_wire(site, open_page)
    expect(frames(alice, opcode=10)).to_have_count(1)
    alice.get_by_role("button", name="Measure the round trip").click()
    expect(frames(alice, opcode=9, **{"from": "server"})).to_have_count(2)
    expect(frames(alice, opcode=10, **{"from": "page"})).to_have_count(2)
    expect(frames(alice, opcode=10).last).to_contain_text(re.compile(r"after [\d.,]+ ms"))
    expect(alice.locator('[data-figure="round-trip"]')).to_have_text(re.compile(r"^[\d.,]+ ms$"))
    expect(alice.locator(".drawing")).to_contain_text("ping · pong")


@by_mouse_and_touch
def test_a_closed_connection_shows_its_close_frames_and_the_next_one_a_new_handshake(site, open_page):
    alice = open_wire(site, open_page)
    key = alice.locator('[data-step="key"]').text_content()
    alice.get_by_role("button", name="Close and connect again").click()
    expect(frames(alice, opcode=8, **{"from": "page"})).to_contain_text("1005: closed without a code")
    expect(alice.locator('[data-step="key"]')).not_to_have_text(key)
    expect(alice.locator("#wire-state")).to_have_text("Open")


def test_a_server_that_restarts_shows_1012_and_in_the_drawing_the_end(fresh_site, open_page):
    alice = open_wire(fresh_site, open_page)
    fresh_site.workers[0].stop()
    close = frames(alice, opcode=8, **{"from": "server"})
    expect(close).to_contain_text("1012: the server restarts")
    # Reported by the server before it was sent, so its head is known.
    expect(close).to_have_attribute("data-head", "8802")
    expect(alice.locator("#wire-state")).not_to_have_text("Open")
    fresh_site.workers[0].start()
    expect(alice.locator("#wire-state")).to_have_text("Open")


@by_mouse_and_touch
def test_the_list_can_be_paused_filtered_and_cleared(site, open_page):
    alice = open_wire(site, open_page)
    expect(frames(alice, opcode=10)).to_have_count(1)
    pause = alice.get_by_role("button", name="Pause")
    pause.click()
    expect(pause).to_have_attribute("aria-pressed", "true")
    before = frames(alice).count()
    alice.get_by_role("button", name="Measure the round trip").click()
    expect(alice.locator(".frame-note")).to_contain_text(re.compile(r"Paused; [1-9]"))
    assert frames(alice).count() == before
    pause.click()
    expect(frames(alice, opcode=10)).to_have_count(2)
    alice.get_by_label("Kind of frame").select_option("control")
    expect(frames(alice, opcode=1)).to_have_count(0)
    alice.get_by_label("Direction").select_option("sent")
    expect(frames(alice, opcode=9)).to_have_count(0)
    expect(frames(alice, opcode=10)).to_have_count(2)
    alice.get_by_label("Kind of frame").select_option("")
    alice.get_by_label("Find in frames").fill("ping_frame")
    expect(frames(alice, opcode=10)).to_have_count(0)
    expect(frames(alice, opcode=1)).to_have_count(2)
    alice.get_by_role("button", name="Clear").click()
    expect(alice.locator(".frame-none")).to_be_visible()


def test_frames_are_copied_as_text(site, open_page):
    alice = open_wire(site, open_page)
    alice.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect(frames(alice, opcode=10)).to_have_count(1)
    alice.get_by_role("button", name="Copy as text").click()
    expect(alice.locator(".frame-notice")).to_have_text("Copied.")
    text = alice.evaluate("navigator.clipboard.readText()")
    lines = text.splitlines()
    assert len(lines) == frames(alice).count()
    assert re.match(r'\d\d:\d\d:\d\d\.\d{3} ← text FIN .* \{"type":"welcome"', lines[0])
    assert any(re.search(r"→ pong FIN MASK 1 B “\d” after", line) for line in lines)


def test_the_keyboard_moves_between_frames_opens_one_and_closes_it(site, open_page):
    alice = open_wire(site, open_page)
    expect(frames(alice, opcode=10)).to_have_count(1)
    frames(alice).first.locator("button").focus()
    alice.keyboard.press("End")
    expect(frames(alice).last.locator("button")).to_be_focused()
    alice.keyboard.press("Home")
    expect(frames(alice).first.locator("button")).to_be_focused()
    alice.keyboard.press("ArrowDown")
    expect(frames(alice).nth(1).locator("button")).to_be_focused()
    alice.keyboard.press("Enter")
    expect(alice.locator(".frame-detail")).to_be_visible()
    alice.keyboard.press("ArrowUp")
    expect(frames(alice).first.locator("button")).to_have_attribute("aria-current", "true")
    alice.keyboard.press("Escape")
    expect(alice.locator(".frame-detail")).to_be_hidden()
    expect(frames(alice).first.locator("button")).to_be_focused()


def test_ten_thousand_frames_at_once_leave_the_last_500_and_a_page_that_answers(site, open_page):
    alice = open_wire(site, open_page)
    began = alice.evaluate("performance.now()")
    alice.evaluate(WITH_LOG + FLOOD)
    expect(frames(alice).last).to_contain_text('"n":10000')
    assert frames(alice).count() == 500
    assert alice.evaluate("performance.now()") - began < 10_000
    frames(alice).last.locator("button").click()
    expect(alice.locator(".frame-text")).to_contain_text('"n": 10000')


def test_the_drawing_has_the_numbers_of_this_connection_and_fits_both_widths(site, open_page):
    alice = open_wire(site, open_page)
    drawing = alice.locator(".drawing")
    expect(drawing).to_contain_text("101 Switching Protocols")
    expect(drawing).to_contain_text(alice.locator('[data-step="accept"]').text_content())
    expect(drawing).to_contain_text(re.compile(r"still open, for \d+:\d\d"))
    # In one step, because frames go on arriving.
    alice.wait_for_function(
        """() => {
          const received = document.querySelector('[data-figure="received"]').textContent;
          return document.querySelector(".drawing").textContent.includes(received);
        }"""
    )
    expect(alice.locator(".drawing-words")).to_contain_text("2. HTTP asks for a WebSocket")
    for width, longest in ((1280, 45 * 16), (390, 390)):
        alice.set_viewport_size({"width": width, "height": 800})
        # In one step, because the drawing is made anew each second.
        drawn, units = alice.evaluate(SIZE_OF_DRAWING)
        assert drawn <= longest
        # Its smallest text has 12 units.
        assert 12 * drawn / units >= 11
    parts = "() => [...document.querySelectorAll('.drawing text')].map((one) => one.getBoundingClientRect())"
    frame = alice.locator(".drawing-frame").bounding_box()
    for box in alice.evaluate(parts):
        assert frame["x"] <= box["left"]
        assert box["right"] <= frame["x"] + frame["width"]


@by_mouse_and_touch
def test_the_account_menu_leads_to_the_page(site, open_page):
    alice = open_page(site, "alice", "/")
    wait_until_online(alice)
    alice.locator(".account-menu summary").click()
    alice.get_by_role("link", name="Connection").click()
    expect(alice.get_by_role("heading", level=1, name="Connection")).to_be_visible()
    expect(alice).to_have_title(re.compile("Connection · "))
    if is_touch_screen(alice):
        alice.get_by_role("link", name="All rooms").click()
        expect(alice.locator("#rooms")).to_be_visible()


def test_the_list_of_all_rooms_opens_beside_the_page_and_leads_to_a_room(site, open_page):
    alice = open_wire(site, open_page)
    alice.get_by_role("button", name="Browse and create rooms").click()
    dialog = alice.get_by_role("dialog", name="All rooms")
    dialog.get_by_role("searchbox").fill("Tea")
    dialog.get_by_role("link", name="Tea", exact=True).click()
    expect(alice.locator(".room-name-text")).to_have_text("Tea")


@by_mouse_and_touch
def test_a_guest_has_a_link_to_their_own_connection(site, open_page):
    guest = open_page(site, None, "/")
    wait_until_online(guest)
    guest.get_by_role("link", name="Connection").click()
    expect(guest.locator("#wire-state")).to_have_text("Open")
    expect(guest.locator(".response-line")).to_have_text("HTTP/1.1 101 Switching Protocols")


def test_the_banner_of_a_failed_connection_leads_to_the_page(site, room, open_page):
    alice = open_page(site, "alice", f"/rooms/{room}/", before=lambda page: page.add_init_script(WITHOUT_SOCKETS))
    expect(alice.locator("#status")).to_have_attribute("data-state", "offline")
    alice.locator("#status").get_by_role("link", name="Details").click()
    expect(alice.locator("#wire-state")).to_have_text(re.compile("Closed|Connecting"))
    expect(alice.locator(".drawing")).to_contain_text(re.compile("no answer|waiting"))


@pytest.mark.parametrize("path", ["/", "/rooms/ROOM/"])
def test_other_pages_load_nothing_of_it_and_are_not_observed(site, room, open_page, path):
    urls, sockets = [], []

    def before(page):
        page.on("request", lambda request: urls.append(request.url))
        page.on("websocket", lambda socket: sockets.append(socket.url))

    alice = open_page(site, "alice", path.replace("ROOM", room), before=before)
    wait_until_online(alice)
    assert urls
    assert not [url for url in urls if "/wire/" in url]
    assert [url for url in sockets if "observe" in url] == []
    assert len(sockets) == 1
