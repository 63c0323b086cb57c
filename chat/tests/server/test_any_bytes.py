"""Invalid bytes anywhere in a request, and connections that break at any point: all leases are returned.

The site's log is looked at after each test (chat/tests/conftest.py): a traceback fails it.
"""

import contextlib
import socket
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.tests.services import Visitor, wait_until

from .octets import CLOSE, TEXT, frame, handshake, request
from .raw import Raw

pytestmark = pytest.mark.core

CUT = pack("ii", 1, 0)
"""SO_LINGER: closing the socket resets the connection."""
COUNTS = ("parley_sockets", "parley_http_connections", "parley_held_bytes", "parley_requests")
REQUESTS = {
    "socket": handshake("/chat?x=1", "Origin: http://localhost", "Cookie: sessionid=x", "X-Forwarded-For: 192.0.2.1")
    + frame(TEXT, b'{"type":"x"}')
    + frame(CLOSE, b"\x03\xe8"),
    "page": request("/rooms/lobby/?x=1", "Cookie: csrftoken=x", "X-Forwarded-For: 192.0.2.1", "Connection: close"),
    "form": request("/accounts/login/", "Content-Length: 9", "Connection: close").replace(b"GET", b"POST")
    + b"username=",
    "chunks": request("/", "Transfer-Encoding: chunked", "Connection: close") + b"3\r\nabc\r\n0\r\n\r\n",
}


@pytest.fixture(scope="module")
def port(new_site):
    """A site that trusts our X-Forwarded-For, with room for two sockets, so that a leaked lease is noticed."""
    site = new_site(TRUSTED_PROXIES="127.0.0.1", GUEST_RATE=0, MAX_CONNECTIONS=2, BODY_TIMEOUT_S=5)
    try:
        yield site.start().port
    finally:
        site.stop()


def counts(port: int) -> dict[str, float]:
    """The worker's counters. They include the connection and the request that read them."""
    lines = Visitor(f"http://127.0.0.1:{port}").get("/metrics").text.splitlines()
    numbers = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(numbers[name]) for name in COUNTS}


def send(port: int, data: bytes, *, reset: bool) -> None:
    """Send these bytes; then reset the connection, or read the response and close the connection."""
    with Raw(port) as raw, contextlib.suppress(OSError):
        raw.send(data)
        if reset:
            raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CUT)
        else:
            raw.socket.shutdown(socket.SHUT_WR)
            raw.read_all()


def is_idle(port: int) -> bool:
    return counts(port) == {
        "parley_sockets": 0,
        "parley_http_connections": 1,
        "parley_held_bytes": 0,
        "parley_requests": 1,
    }


@st.composite
def broken_requests(draw) -> bytes:
    """A valid request in which some bytes are replaced or inserted, and the end may be missing."""
    data = bytearray(draw(st.sampled_from(list(REQUESTS.values()))))
    for _ in range(draw(st.integers(0, 3))):
        where = draw(st.integers(0, len(data) - 1))
        data[where : where + draw(st.integers(0, 2))] = draw(st.binary(min_size=1, max_size=3))
    return bytes(data[: draw(st.one_of(st.just(len(data)), st.integers(0, len(data))))])


@settings(max_examples=150, deadline=None)
@given(data=broken_requests(), reset=st.booleans())
def test_all_counters_return_to_0_after_a_broken_request(port, data, reset):
    send(port, data, reset=reset)
    wait_until(lambda: is_idle(port), f"the counts to return to 0 after {data!r}")


OFTEN = [b"\x00", b"\xff", b" ", b"\r", b"\n"]
SELDOM = [pytest.param(byte, marks=pytest.mark.extended) for byte in (b"\x80", b"\xb0", b"%", b":")]


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("byte", [*OFTEN, *SELDOM], ids=repr)
def test_each_byte_of_a_request_may_be_invalid(port, name, byte):
    data = REQUESTS[name]
    for where in range(0, len(data), 2):
        send(port, data[:where] + byte + data[where + 1 :], reset=bool(where & 2))
    wait_until(lambda: is_idle(port), "the counts to return to 0")


@pytest.mark.parametrize("reset", [True, False])
@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_may_end_after_any_byte(port, name, reset):
    for length in range(len(REQUESTS[name]) + 1):
        send(port, REQUESTS[name][:length], reset=reset)
    wait_until(lambda: is_idle(port), "the counts to return to 0")
