"""The network drops all packets silently: no socket closes, and an idle page must still detect it."""

import pytest
from playwright.sync_api import expect

from chat.tests.services import Network

from .pages import send, wait_until_online, wait_until_stored

SILENCE_MS = 25_000
TICK_MS = 5_000
ANSWER_MS = 10_000
# Keeps the types of the commands that a page sends, and counts its sockets.
KEEP_SENT = """
    window.sent = [];
    window.sockets = 0;
    window.WebSocket = class extends WebSocket {
        constructor(...given) {
            super(...given);
            window.sockets += 1;
        }
    };
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (text) {
        window.sent.push(JSON.parse(text).type);
        return send.call(this, text);
    };
"""


@pytest.fixture
def network(site):
    """The network between Bob and the site, which can fail."""
    with Network(site.port) as network:
        yield network


@pytest.fixture
def bob(site, room, open_page, network):
    """Bob's page, behind the network that can fail. He sends nothing."""

    def before(page):
        page.add_init_script(KEEP_SENT)
        page.clock.install()

    bob = open_page(site, "bob", f"/rooms/{room}/", url=network.url, unshared=True, before=before)
    wait_until_online(bob)
    return bob


def test_an_idle_page_is_online_again_35_seconds_after_a_silent_loss(site, room, open_page, network, bob):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    network.lose()
    send(alice, "Can you hear me?")
    wait_until_stored(alice, "Can you hear me?")
    bob.clock.run_for(SILENCE_MS)
    bob.wait_for_function("() => window.sent.includes('ping')")
    expect(bob.locator("#status")).to_have_attribute("data-state", "online")
    # With the first retry, half a second after the loss was detected.
    bob.clock.run_for(ANSWER_MS)
    wait_until_online(bob)
    wait_until_stored(bob, "Can you hear me?")


@pytest.mark.parametrize("event", ["online", "offline", "pageshow", "visibilitychange"])
def test_a_browser_event_makes_the_page_check_its_connection_at_once(bob, network, event):
    # Before the page's clock advances: a frame that came after that would be fresh, and the page would not ask.
    network.lose()
    bob.clock.run_for(3_000)
    target = "document" if event == "visibilitychange" else "window"
    bob.evaluate(f"{target}.dispatchEvent(new Event('{event}'))")
    bob.wait_for_function("() => window.sent.includes('ping')")
    sockets = bob.evaluate("window.sockets")
    bob.clock.run_for(5_500)
    bob.wait_for_function("(before) => window.sockets > before", arg=sockets)
    wait_until_online(bob)


def test_a_page_that_receives_frames_sends_no_ping(site, room, open_page, bob):
    alice = open_page(site, "alice", f"/rooms/{room}/")
    wait_until_online(alice)
    for number in range(3):
        bob.clock.run_for(SILENCE_MS - TICK_MS)
        send(alice, f"still here {number}")
        wait_until_stored(bob, f"still here {number}")
    assert "ping" not in bob.evaluate("window.sent")
    bob.clock.run_for(SILENCE_MS + TICK_MS)
    bob.wait_for_function("() => window.sent.includes('ping')")
    expect(bob.locator("#status")).to_have_attribute("data-state", "online")


def test_a_message_written_without_a_network_is_sent_when_it_works_again(bob, network):
    network.lose(new_too=True)
    bob.evaluate("window.dispatchEvent(new Event('offline'))")
    send(bob, "into the void")
    bob.clock.run_for(ANSWER_MS)
    expect(bob.locator("#status")).not_to_have_attribute("data-state", "online")
    network.mend()
    bob.evaluate("window.dispatchEvent(new Event('online'))")
    bob.clock.run_for(20_000)
    wait_until_online(bob)
    wait_until_stored(bob, "into the void")
