"""The client's address and scheme behind proxies: only headers of trusted proxies count."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.serving.forwarded import TrustedProxies, canonical

from .conftest import SCRIPTED_APP
from .raw import Raw, open_socket

PROXY, OTHER_PROXY, CLIENT, FORGED = "10.0.0.1", "10.0.0.2", "203.0.113.7", "198.51.100.9"
TRUSTING = TrustedProxies(["10.0.0.0/24", "2001:db8::1", "unix"])


@pytest.mark.parametrize(
    ("peer", "header", "client"),
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
        # An invalid address ends the search: those before it may be forged.
        (PROXY, [f"{FORGED}, unknown"], PROXY),
        (PROXY, [f"{FORGED}, "], PROXY),
        (PROXY, [f"{FORGED}, unknown, {OTHER_PROXY}"], OTHER_PROXY),
        (PROXY, ["\xff"], PROXY),
    ],
)
def test_the_client_is_the_last_address_that_is_not_a_trusted_proxy(peer, header, client):
    assert TRUSTING.client(peer, [value.encode("latin1") for value in header]) == client


@pytest.mark.parametrize(
    ("peer", "header", "scheme"),
    [
        (PROXY, ["https"], "https"),
        (PROXY, ["HTTP"], "http"),
        (PROXY, ["http, https"], "https"),
        (PROXY, ["wss"], None),
        (PROXY, [], None),
        (CLIENT, ["https"], None),
    ],
)
def test_the_scheme_comes_from_trusted_proxies_only(peer, header, scheme):
    assert TRUSTING.scheme(peer, [value.encode() for value in header]) == scheme


def test_no_proxy_is_trusted_by_default():
    assert TrustedProxies([]).client("127.0.0.1", [CLIENT.encode()]) == "127.0.0.1"
    assert TrustedProxies([]).client(None, [CLIENT.encode()]) is None


@pytest.mark.parametrize("entry", ["proxy.example", "10.0.0.0/33", ""])
def test_a_proxy_without_a_valid_address_is_an_error(entry):
    with pytest.raises(ValueError, match=r"address|network|appear"):
        TrustedProxies([entry])


@pytest.mark.parametrize(
    ("address", "written"),
    [("::ffff:10.0.0.1", "10.0.0.1"), ("fe80::1%eth0", "fe80::1"), ("0:0:0:0:0:0:0:1", "::1"), (CLIENT, CLIENT)],
)
def test_an_address_has_one_canonical_form(address, written):
    assert canonical(address) == written


@given(header=st.lists(st.binary(max_size=60), max_size=3))
def test_any_header_results_in_a_valid_address(header):
    assert canonical(TRUSTING.client(PROXY, header))


# --- The scope of applications


@pytest.fixture(scope="module")
def behind_a_proxy(start_server):
    """The port of a server that trusts proxies on this machine."""
    return start_server(SCRIPTED_APP, TRUSTED_PROXIES="127.0.0.1,unix").port


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


def test_a_socket_and_a_page_see_the_peer_if_it_is_not_a_trusted_proxy(scripted_apps):
    with open_socket(scripted_apps, "/", *LINES) as raw:
        seen = [raw.ask(what) for what in ("client", "peer", "scheme", "root_path")]
    assert seen == ["127.0.0.1", "127.0.0.1", "ws", ""]
    assert page(scripted_apps, *LINES) == {"client": "127.0.0.1", "scheme": "http", "root": ""}
