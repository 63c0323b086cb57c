"""Who is there, behind proxies: only a trusted proxy's word counts, and only for whom it saw."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.serving.forwarded import Proxies, plain

from .conftest import PUPPET
from .raw import Raw, open_socket

PROXY, OTHER_PROXY, CLIENT, FORGED = "10.0.0.1", "10.0.0.2", "203.0.113.7", "198.51.100.9"
TRUSTING = Proxies(["10.0.0.0/24", "2001:db8::1", "unix"])


@pytest.mark.parametrize(
    ("peer", "said", "client"),
    [
        (CLIENT, [], CLIENT),
        (CLIENT, [FORGED], CLIENT),
        (PROXY, [], PROXY),
        (PROXY, [CLIENT], CLIENT),
        (PROXY, [f"{FORGED}, {CLIENT}"], CLIENT),
        (PROXY, [FORGED, CLIENT], CLIENT),
        (PROXY, [f"{FORGED}, {CLIENT}, {OTHER_PROXY}"], CLIENT),
        (PROXY, [f"{PROXY}, {OTHER_PROXY}"], PROXY),
        (PROXY, [f"{CLIENT}:4711"], CLIENT),
        (PROXY, ["[2001:db8::7]:4711"], "2001:db8::7"),
        (PROXY, ["2001:DB8:0::7"], "2001:db8::7"),
        (PROXY, ["::ffff:203.0.113.7"], CLIENT),
        ("2001:db8::1", [CLIENT], CLIENT),
        (None, [CLIENT], CLIENT),
        # What is no address ends the search: left of it stands what anybody may have written.
        (PROXY, [f"{FORGED}, unknown"], PROXY),
        (PROXY, [f"{FORGED}, "], PROXY),
        (PROXY, [f"{FORGED}, unknown, {OTHER_PROXY}"], OTHER_PROXY),
        (PROXY, ["\xff"], PROXY),
    ],
)
def test_the_client_is_whom_the_last_untrusted_hop_names(peer, said, client):
    assert TRUSTING.client(peer, [value.encode("latin1") for value in said]) == client


@pytest.mark.parametrize(
    ("peer", "said", "scheme"),
    [
        (PROXY, ["https"], "https"),
        (PROXY, ["HTTP"], "http"),
        (PROXY, ["http, https"], "https"),
        (PROXY, ["wss"], None),
        (PROXY, [], None),
        (CLIENT, ["https"], None),
    ],
)
def test_the_scheme_is_what_a_trusted_proxy_says(peer, said, scheme):
    assert TRUSTING.scheme(peer, [value.encode() for value in said]) == scheme


def test_nobody_is_trusted_unless_named():
    assert Proxies([]).client("127.0.0.1", [CLIENT.encode()]) == "127.0.0.1"
    assert Proxies([]).client(None, [CLIENT.encode()]) is None


@pytest.mark.parametrize("entry", ["proxy.example", "10.0.0.0/33", ""])
def test_a_proxy_that_is_no_address_is_an_error(entry):
    with pytest.raises(ValueError, match=r"address|network|appear"):
        Proxies([entry])


@pytest.mark.parametrize(
    ("address", "written"),
    [("::ffff:10.0.0.1", "10.0.0.1"), ("fe80::1%eth0", "fe80::1"), ("0:0:0:0:0:0:0:1", "::1"), (CLIENT, CLIENT)],
)
def test_an_address_is_written_plainly(address, written):
    assert plain(address) == written


@given(said=st.lists(st.binary(max_size=60), max_size=3))
def test_whatever_is_said_an_address_comes_out(said):
    assert plain(TRUSTING.client(PROXY, said))


# --- As applications see it


@pytest.fixture(scope="module")
def behind_a_proxy(start_server):
    """The port of a server whose proxies are on this machine."""
    return start_server(PUPPET, TRUSTED_PROXIES="127.0.0.1,unix").port


LINES = [f"X-Forwarded-For: {FORGED}", f"X-Forwarded-For: {CLIENT}", "X-Forwarded-Proto: https", "Daphne-Root-Path: /x"]


def page(port, *lines) -> dict:
    with Raw(port) as raw:
        raw.get("/", "Connection: close", *lines)
        body = raw.read_all()
    return json.loads(body[body.index(b"{") : body.rindex(b"}") + 1])


def test_a_socket_and_a_page_see_the_client_behind_a_trusted_proxy(behind_a_proxy):
    with open_socket(behind_a_proxy, "/", *LINES) as raw:
        seen = [raw.ask(what) for what in ("client", "peer", "scheme", "root_path")]
    assert seen == [CLIENT, CLIENT, "wss", ""]
    assert page(behind_a_proxy, *LINES) == {"client": CLIENT, "scheme": "https", "root": ""}


def test_a_socket_and_a_page_see_the_peer_when_it_is_no_trusted_proxy(puppets):
    with open_socket(puppets, "/", *LINES) as raw:
        seen = [raw.ask(what) for what in ("client", "peer", "scheme", "root_path")]
    assert seen == ["127.0.0.1", "127.0.0.1", "ws", ""]
    assert page(puppets, *LINES) == {"client": "127.0.0.1", "scheme": "http", "root": ""}
