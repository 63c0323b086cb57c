"""The handshake of the site over raw TCP (docs/protocol.md, "The handshake")."""

import pytest

from .octets import ACCEPT, handshake, request
from .raw import Raw, status_of

pytestmark = pytest.mark.core

HOST = "Host: server.example.com"
SAMPLE = (
    "GET {path} HTTP/1.1\r\n"
    "Host: server.example.com\r\n"
    "Upgrade: websocket\r\n"
    "Connection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Origin: http://example.com\r\n"
    "Sec-WebSocket-Protocol: chat, superchat\r\n"
    "Sec-WebSocket-Version: 13\r\n"
    "\r\n"
)


@pytest.fixture(scope="module")
def port(new_site):
    """The port of a site named server.example.com, whose sockets pages of example.com may open."""
    site = new_site(ALLOWED_HOSTS="server.example.com,localhost,127.0.0.1", ALLOWED_ORIGINS="http://example.com")
    try:
        yield site.start().port
    finally:
        site.stop()


@pytest.mark.parametrize("path", ["/chat", "/"])
def test_the_example_request_gets_the_example_response(port, path):
    with Raw(port) as raw:
        head = raw.send(SAMPLE.format(path=path).encode()).head()
        assert head.raw == (
            b"HTTP/1.1 101 Switching Protocols\r\n"
            b"Upgrade: websocket\r\n"
            b"Connection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + ACCEPT.encode() + b"\r\n"
            b"Sec-WebSocket-Protocol: chat\r\n"
            b"\r\n"
        )
        assert '"type":"welcome"' in raw.receive_text()


def test_a_client_that_offers_no_subprotocol_gets_none_and_a_welcome(port):
    with Raw(port) as raw:
        head = raw.upgrade("/chat", HOST)
        assert (head.status, "sec-websocket-protocol" in head.headers) == (101, False)
        assert '"type":"welcome"' in raw.receive_text()


@pytest.mark.parametrize(
    "lines",
    [
        ["Sec-WebSocket-Protocol: superchat", "Sec-WebSocket-Protocol: chat"],
        ["Sec-WebSocket-Protocol: superchat,chat"],
        ["sec-websocket-protocol:chat"],
    ],
)
def test_chat_is_selected_from_all_offered_subprotocols(port, lines):
    with Raw(port) as raw:
        assert raw.upgrade("/chat", HOST, *lines).headers["sec-websocket-protocol"] == "chat"


@pytest.mark.parametrize("value", ["superchat", "chat2, chat3", "Chat"])
def test_a_client_that_offers_only_unknown_subprotocols_is_refused(port, value):
    assert 400 <= status_of(port, handshake("/chat", HOST, f"Sec-WebSocket-Protocol: {value}")) < 500


# --- Hosts and origins


@pytest.mark.parametrize(
    "lines",
    [
        [HOST],
        [HOST, "Origin: http://example.com"],
        [HOST, "Origin: http://server.example.com"],
        [HOST, "Origin: https://server.example.com"],
        ["Host: localhost:8000", "Origin: http://localhost:8000"],
    ],
)
def test_programs_and_pages_of_allowed_origins_may_open_a_socket(port, lines):
    assert status_of(port, handshake("/chat", *lines)) == 101


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://evil.example",
        "https://example.com",
        "http://example.com:8000",
        "http://example.com.evil.example",
        "http://server.example.com:81",
        "http://server.example.com@evil.example",
        "http://server.example.com/",
        "file://",
        "http://[",
        "\xff\xfe",
    ],
)
def test_an_unknown_origin_is_refused_with_403(port, origin):
    assert status_of(port, handshake("/chat", HOST, f"Origin: {origin}")) == 403


@pytest.mark.parametrize("host", ["evil.example", "server.example.com.evil.example", "", "x" * 300])
def test_an_unknown_host_is_refused_with_403(port, host):
    assert status_of(port, handshake("/chat", f"Host: {host}")) == 403


def test_a_page_without_tls_may_not_open_a_socket_of_a_site_with_tls(make_site):
    site = make_site(ALLOWED_HOSTS="server.example.com,127.0.0.1", TRUSTED_PROXIES="127.0.0.1")
    lines = [HOST, "X-Forwarded-Proto: https"]
    assert status_of(site.port, handshake("/chat", *lines, "Origin: http://server.example.com")) == 403
    assert status_of(site.port, handshake("/chat", *lines, "Origin: https://server.example.com")) == 101


# --- Errors


@pytest.mark.parametrize("without", ["Host", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version"])
def test_a_handshake_without_a_required_header_gets_400(port, without):
    given = () if without == "Host" else (HOST,)
    assert status_of(port, handshake("/chat", *given, without=without)) == 400


def test_another_version_gets_400_with_the_supported_version(port):
    with Raw(port) as raw:
        head = raw.upgrade("/chat", HOST, "Sec-WebSocket-Version: 12")
        assert (head.status, head.headers["sec-websocket-version"]) == (400, "13")


@pytest.mark.parametrize("path", ["/other", "/chat/", "/chat/x", "//chat", "/%ff%fe", "/chat%00", "/%2e%2e/chat"])
def test_a_socket_at_another_path_is_refused(port, path):
    assert 400 <= status_of(port, handshake(path, HOST)) < 500


def test_the_target_may_be_a_complete_url(port):
    assert status_of(port, handshake("", HOST, first="GET http://server.example.com/chat HTTP/1.1")) == 101


def test_a_request_without_upgrade_gets_426(port):
    with Raw(port) as raw:
        head = raw.send(request("/chat")).head()
        assert (head.status, head.headers["upgrade"]) == (426, "websocket")
        assert head.raw.startswith(b"HTTP/1.1 426 Upgrade Required\r\n")
        assert len(raw.read(int(head.headers["content-length"]))) > 20


@pytest.mark.parametrize(
    "data",
    [
        handshake("/chat", HOST, "X-Weird: \xff\xfe\x01\x7f"),
        handshake("/chat?" + "%ff" * 100, HOST),
        handshake("/chat", HOST, "Cookie: sessionid=\xff; ; =; a=b=c;\xe9"),
        handshake("/chat", HOST, "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits; \xff, ;;,"),
        handshake("/chat", HOST, "Daphne-Root-Path: \xff"),
        handshake("/chat", HOST, "X-Forwarded-For: \xff, , [::1", "X-Forwarded-Proto: \xff"),
    ],
)
def test_unusual_bytes_in_unused_headers_are_accepted(port, data):
    assert status_of(port, data) == 101


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (handshake("/ch\xe4t", HOST), 400),
        (handshake("/chat?\xe4", HOST), 400),
        (handshake("/chat", HOST, "Sec-WebSocket-Protocol: ch\xe4t"), 400),
        (handshake("/chat", HOST, "Sec-WebSocket-Key: \xff\xfe"), 400),
        (handshake("/chat", HOST, "No colon"), 400),
        (handshake("/chat", HOST, "Na me: x"), 400),
        (handshake("/chat", HOST, "X-Long: " + "x" * 20_000), 431),
        (handshake("/" + "x" * 20_000, HOST), 431),
        (handshake("/chat", HOST, *(f"X-{number}: {'x' * 90}" for number in range(300))), 400),
        (handshake("/chat", HOST, first="POST /chat HTTP/1.1"), 405),
        (handshake("/chat", HOST, first="GET /chat HTTP/1.0"), 400),
        (handshake("/chat", HOST, first="GET /chat HTTP/9"), 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", 400),
    ],
    ids=lambda value: str(value)[:40],
)
def test_unusual_bytes_in_important_places_are_refused(port, data, status):
    assert status_of(port, data) == status
