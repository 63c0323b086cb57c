"""Any bytes anywhere in a request, and its connection cut at any point: nothing stays counted, nothing is logged.

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
    """A site that trusts what we say of the client, and has room for two sockets: a leaked one would be missed."""
    site = new_site(TRUSTED_PROXIES="127.0.0.1", GUEST_RATE=0, MAX_CONNECTIONS=2, BODY_TIMEOUT_S=5)
    try:
        yield site.start().port
    finally:
        site.stop()


def counts(port: int) -> dict[str, float]:
    """What the worker counts, the connection that asks and its request included."""
    lines = Visitor(f"http://127.0.0.1:{port}").get("/metrics").text.splitlines()
    numbers = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(numbers[name]) for name in COUNTS}


def send(port: int, data: bytes, *, cut: bool) -> None:
    """Send these bytes; then cut the connection, or read what is answered and leave in order."""
    with Raw(port) as raw, contextlib.suppress(OSError):
        raw.send(data)
        if cut:
            raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, CUT)
        else:
            raw.socket.shutdown(socket.SHUT_WR)
            raw.read_all()


def is_at_rest(port: int) -> bool:
    return counts(port) == {
        "parley_sockets": 0,
        "parley_http_connections": 1,
        "parley_held_bytes": 0,
        "parley_requests": 1,
    }


@st.composite
def broken_requests(draw) -> bytes:
    """A good request in which some bytes are others, or more, and the end is missing."""
    data = bytearray(draw(st.sampled_from(list(REQUESTS.values()))))
    for _ in range(draw(st.integers(0, 3))):
        where = draw(st.integers(0, len(data) - 1))
        data[where : where + draw(st.integers(0, 2))] = draw(st.binary(min_size=1, max_size=3))
    return bytes(data[: draw(st.one_of(st.just(len(data)), st.integers(0, len(data))))])


@settings(max_examples=150, deadline=None)
@given(data=broken_requests(), cut=st.booleans())
def test_nothing_stays_counted_after_a_broken_request(port, data, cut):
    send(port, data, cut=cut)
    wait_until(lambda: is_at_rest(port), f"the counts to return to 0 after {data!r}", timeout=9)


@pytest.mark.parametrize("name", REQUESTS)
@pytest.mark.parametrize("byte", [b"\x00", b"\x80", b"\xb0", b"\xff", b"%", b" ", b":", b"\r", b"\n"], ids=repr)
def test_each_byte_of_a_request_may_be_wrong(port, name, byte):
    data = REQUESTS[name]
    for where in range(0, len(data), 2):
        send(port, data[:where] + byte + data[where + 1 :], cut=bool(where & 2))
    wait_until(lambda: is_at_rest(port), "the counts to return to 0")


@pytest.mark.parametrize("cut", [True, False])
@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_may_end_after_any_byte(port, name, cut):
    for length in range(len(REQUESTS[name]) + 1):
        send(port, REQUESTS[name][:length], cut=cut)
    wait_until(lambda: is_at_rest(port), "the counts to return to 0")
