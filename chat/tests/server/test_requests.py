"""Requests that are too large, that could be understood as two, or whose response is read slowly."""

import pytest

from .conftest import ECHO, SCRIPTED_APP
from .octets import request
from .raw import Raw, status_of
from .test_slow_readers import memory_bytes


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: 10000000"],
        ["Content-Length: " + "9" * 5000],
        ["Content-Length: 1" + "0" * 18],
    ],
)
def test_a_content_length_above_the_limit_gets_413(start_server, lines):
    port = start_server(ECHO, MAX_REQUEST_BYTES=1000).port
    assert status_of(port, request("/", *lines)) == 413


def test_a_chunked_body_that_grows_above_the_limit_gets_413(start_server):
    port = start_server(ECHO, MAX_REQUEST_BYTES=1000).port
    head = request("/", "Transfer-Encoding: chunked").replace(b"GET", b"POST")
    assert status_of(port, head + b"200\r\n" + b"x" * 512 + b"\r\n0\r\n\r\n") == 200
    assert status_of(port, head + (b"200\r\n" + b"x" * 512 + b"\r\n") * 3 + b"0\r\n\r\n") == 413


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Content-Length: +5"],
        ["Content-Length: -5"],
        ["Transfer-Encoding: gzip"],
        ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        ["Bad Name: x"],
        ["X-Bell: \x0b"],
    ],
)
def test_an_ambiguous_request_gets_400_and_nothing_after_it_is_served(echo, lines):
    data = request("/", *lines) + b"0\r\n\r\n" + request("/smuggled")
    with Raw(echo) as raw:
        assert raw.send(data).head().status == 400
        assert b"200 OK" not in raw.read_all()


def test_a_large_response_waits_for_its_reader_and_arrives_complete(start_server):
    server = start_server(SCRIPTED_APP)
    before = memory_bytes(server.pid)
    with Raw(server.port, receive_buffer=4096) as slow:
        slow.send(request("/?1600"))
        assert slow.head().status == 200
        with Raw(server.port) as alice:
            assert alice.get("/?32").status == 200
            assert alice.send(b"").read_to(b"\r\n0\r\n\r\n").count(b"x") == 32 * 65536
        # The response has 100 MB; the server must not hold it in memory.
        assert memory_bytes(server.pid) - before < 20_000_000
        slow.socket.close()
    assert status_of(server.port, request()) == 200
