"""The network drops everything silently: no socket closes, and a page that only reads still finds out."""

import pytest
from playwright.sync_api import expect

from chat.tests.services import Network

from .pages import is_online, is_stored, say

SILENCE_MS = 25_000
TICK_MS = 5_000
ANSWER_MS = 10_000
# What a page has sent over its sockets, by type, and how many sockets it has made.
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
    """The network between Bob and the site."""
    with Network(site.port) as network:
        yield network


@pytest.fixture
def bob(site, room, arrive, network):
    """Bob's page, which only reads: his network is one that can fail."""

    def before(page):
        page.add_init_script(KEEP_SENT)
        page.clock.install()

    bob = arrive(site, "bob", f"/rooms/{room}/", url=network.url, before=before)
    is_online(bob)
    return bob


def test_bob_who_only_reads_is_back_within_35_seconds_of_a_silent_loss(site, room, arrive, network, bob):
    alice = arrive(site, "alice", f"/rooms/{room}/")
    is_online(alice)
    network.lose()
    say(alice, "Can you hear me?")
    is_stored(alice, "Can you hear me?")
    bob.clock.run_for(SILENCE_MS)
    bob.wait_for_function("() => window.sent.includes('ping')")
    expect(bob.locator("#status")).to_have_attribute("data-state", "online")
    # With the first try, half a second after the loss was noticed.
    bob.clock.run_for(ANSWER_MS)
    is_online(bob)
    is_stored(bob, "Can you hear me?")


@pytest.mark.parametrize("event", ["online", "offline", "pageshow", "visibilitychange"])
def test_a_page_that_may_have_lost_its_connection_asks_at_once(bob, network, event):
    bob.clock.run_for(3_000)
    network.lose()
    target = "document" if event == "visibilitychange" else "window"
    bob.evaluate(f"{target}.dispatchEvent(new Event('{event}'))")
    bob.wait_for_function("() => window.sent.includes('ping')")
    sockets = bob.evaluate("window.sockets")
    bob.clock.run_for(5_500)
    bob.wait_for_function("(before) => window.sockets > before", arg=sockets)
    is_online(bob)


def test_a_page_that_hears_something_does_not_ask(site, room, arrive, bob):
    alice = arrive(site, "alice", f"/rooms/{room}/")
    is_online(alice)
    for number in range(3):
        bob.clock.run_for(SILENCE_MS - TICK_MS)
        say(alice, f"still here {number}")
        is_stored(bob, f"still here {number}")
    assert "ping" not in bob.evaluate("window.sent")
    bob.clock.run_for(SILENCE_MS + TICK_MS)
    bob.wait_for_function("() => window.sent.includes('ping')")
    expect(bob.locator("#status")).to_have_attribute("data-state", "online")


def test_a_page_without_a_network_keeps_what_is_said_and_is_back_when_it_mends(bob, network):
    network.lose(wholly=True)
    bob.evaluate("window.dispatchEvent(new Event('offline'))")
    say(bob, "into the void")
    bob.clock.run_for(ANSWER_MS)
    expect(bob.locator("#status")).not_to_have_attribute("data-state", "online")
    network.mend()
    bob.evaluate("window.dispatchEvent(new Event('online'))")
    bob.clock.run_for(20_000)
    is_online(bob)
    is_stored(bob, "into the void")
