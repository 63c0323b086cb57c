"""The head of a request (RFC 9112): one Host, an ASCII target, and a body with a certain end."""

import pytest

from .conftest import ECHO, SCRIPTED_APP
from .octets import handshake, request
from .raw import Raw, status_of


def page(*lines: str, first: str = "GET / HTTP/1.1") -> bytes:
    return "\r\n".join([first, *lines, "", ""]).encode("latin1")


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["Host: localhost", "Host: localhost"],
        ["Host: localhost", "host: other"],
        ["Host: a b"],
        ["Host: \xff"],
        ["Host: [::1"],
        ["Host: a/b"],
        ["Host: a@b"],
        ["Host: localhost:x"],
        ["Host: localhost, localhost"],
    ],
)
@pytest.mark.parametrize("kind", ["page", "socket"])
def test_a_request_without_one_valid_host_gets_400(echo, kind, lines):
    data = page(*lines) if kind == "page" else handshake("/", *lines, without="Host")
    with Raw(echo) as raw:
        assert raw.send(data + request("/smuggled")).head().status == 400
        assert b"HTTP/1.1 2" not in raw.read_all()


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:", "LOCALHOST:3368", "127.0.0.1", "[::1]:80", "a_b.example", ""]
)
def test_a_valid_host_is_accepted(echo, host):
    assert status_of(echo, page(f"Host: {host}")) == 200


def test_http_1_0_needs_no_host_but_may_not_have_two(echo):
    assert status_of(echo, page(first="GET / HTTP/1.0")) == 200
    assert status_of(echo, page("Host: a", "Host: a", first="GET / HTTP/1.0")) == 400


@pytest.mark.parametrize(
    ("first", "lines"),
    [
        ("POST / HTTP/1.1", ["Host: a", "Transfer-Encoding: identity"]),
        ("POST / HTTP/1.1", ["Host: a", "Transfer-Encoding: identity", "Content-Length: 5"]),
        ("POST / HTTP/1.1", ["Host: a", "Transfer-Encoding: identity", "Transfer-Encoding: chunked"]),
        ("POST / HTTP/1.1", ["Host: a", "Transfer-Encoding: chunked, identity"]),
        ("POST / HTTP/1.1", ["Host: a", "Transfer-Encoding: IDENTITY"]),
        ("POST / HTTP/1.0", ["Host: a", "Transfer-Encoding: chunked"]),
    ],
)
def test_a_body_without_a_certain_end_gets_400_and_nothing_after_it_is_parsed(echo, first, lines):
    with Raw(echo) as raw:
        assert raw.send(page(*lines, first=first) + b"0\r\n\r\n" + request("/smuggled")).head().status == 400
        assert b"HTTP/1.1 2" not in raw.read_all()


@pytest.mark.parametrize("target", ["/\x80", "/\xb0", "/?\x80", "/\x7f", "http://localhost/\x90"])
def test_a_target_that_is_not_ascii_gets_400(echo, target):
    assert status_of(echo, request(target)) == 400
    assert status_of(echo, handshake(target)) == 400


def test_the_response_to_head_has_no_body_even_if_it_comes_in_pieces(start_server):
    port = start_server(SCRIPTED_APP).port
    with Raw(port) as raw:
        # The application sends a body in three pieces; then there is another request on the same connection.
        head = raw.send(request("/?3").replace(b"GET", b"HEAD")).head()
        assert head.status == 200
        assert raw.get("/?1").status == 200


@pytest.mark.parametrize(
    ("limits", "head"),
    [
        ({"MAX_CONNECTIONS": 1}, handshake("/\x80")),
        ({"MAX_CONNECTIONS_PER_ADDRESS": 1}, handshake("/\x80")),
        ({"MAX_CONNECTIONS": 1}, handshake("/?\x80")),
    ],
)
def test_a_broken_handshake_does_not_count(start_server, limits, head):
    port = start_server(ECHO, **limits).port
    for _ in range(5):
        assert status_of(port, head) == 400
    assert status_of(port, handshake()) == 101
