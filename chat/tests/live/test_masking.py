"""Secrets in headers are masked before a person is shown them."""

import pytest

from chat.live import masking
from chat.live.shown_handshake import shown_handshake

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("Cookie", "sessionid=abc123; csrftoken=xyz=; odd", "sessionid=•••; csrftoken=•••; •••"),
        ("cookie", "parley_guest=WyI5OTk5Il0:1vO3kT:0Qe8J2yq", "parley_guest=•••"),
        ("Set-Cookie", "sessionid=abc123; HttpOnly; Path=/", "sessionid=•••; HttpOnly; Path=/"),
        ("Authorization", "Basic YWxpY2U6cHc=", "Basic •••"),
        ("authorization", "YWxpY2U6cHc=", "•••"),
        ("Proxy-Authorization", "Bearer abc", "Bearer •••"),
        ("X-CSRFToken", "abc", "•••"),
        ("X-Api-Key", "abc", "•••"),
        ("Cf-Access-Jwt-Assertion", "abc", "•••"),
        ("X-Auth-Request-Access-Token", "abc", "•••"),
        ("X-Amzn-Oidc-Data", "abc", "•••"),
        ("X-Session-Id", "abc", "•••"),
    ],
)
def test_a_secret_is_masked(name, value, shown):
    header = masking.header(name, value)
    assert (header.name, header.value, header.masked) == (name, shown, True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
        ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ("Host", "chat.example.org"),
        ("User-Agent", "<script>alert(1)</script>"),
        ("X-Forwarded-For", "203.0.113.7"),
    ],
)
def test_what_is_no_secret_stays_as_it_is(name, value):
    header = masking.header(name, value)
    assert (header.value, header.masked) == (value, False)


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("GET /chat?observe HTTP/1.1", "GET /chat?observe HTTP/1.1"),
        ("GET /chat HTTP/1.1", "GET /chat HTTP/1.1"),
        ("GET /chat?observe&token=abc HTTP/1.1", "GET /chat?observe=•••&token=••• HTTP/1.1"),
        ("GET /chat?token=a%20b HTTP/1.1", "GET /chat?token=••• HTTP/1.1"),
    ],
)
def test_values_of_a_query_are_masked(line, shown):
    assert masking.request_line(line) == shown


def test_without_the_bytes_of_the_request_the_handshake_is_made_from_the_scope_and_masked():
    headers = [(b"host", b"a"), (b"cookie", b"sessionid=abc"), (b"sec-websocket-key", KEY)]
    scope = {"path": "/chat", "query_string": b"observe", "headers": headers, "subprotocols": ["chat", "superchat"]}
    shown = shown_handshake(scope, "chat")
    assert shown.request_line == "GET /chat?observe HTTP/1.1"
    assert [(each.name, each.value) for each in shown.headers][:2] == [("host", "a"), ("cookie", "sessionid=•••")]
    assert shown.derivation.accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert (shown.verbatim, shown.response_line, shown.response_headers, shown.route) == (False, None, None, None)
    assert "abc" not in shown.encode()


@pytest.mark.parametrize("keys", [[], [b"short"], [KEY, KEY]])
def test_a_key_that_is_not_valid_has_no_derivation(keys):
    headers = [(b"sec-websocket-key", key) for key in keys]
    assert shown_handshake({"path": "/", "headers": headers}, None).derivation is None
