"""`handshake.parse` and `handshake.response` (RFC 6455 §4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.serving import handshake
from project.serving.http_error import HandshakeError

SAMPLE = [
    (b"host", b"server.example.com"),
    (b"upgrade", b"websocket"),
    (b"connection", b"Upgrade"),
    (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ=="),
    (b"origin", b"http://example.com"),
    (b"sec-websocket-protocol", b"chat, superchat"),
    (b"sec-websocket-version", b"13"),
]


def parse(*more, without=()):
    names = {name for name, _value in more} | set(without)
    kept = [header for header in SAMPLE if header[0] not in names]
    return handshake.parse(b"GET", b"HTTP/1.1", [*kept, *more])


def error_of(*more, **options) -> HandshakeError:
    with pytest.raises(HandshakeError) as caught:
        parse(*more, **options)
    return caught.value


def test_the_example_of_the_rfc_is_parsed():
    assert parse() == handshake.Offer(b"dGhlIHNhbXBsZSBub25jZQ==", ("chat", "superchat"))


def test_the_response_to_the_example_is_that_of_the_rfc():
    assert handshake.response(parse(), "chat") == (
        b"HTTP/1.1 101 Switching Protocols\r\n"
        b"Upgrade: websocket\r\n"
        b"Connection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
        b"Sec-WebSocket-Protocol: chat\r\n"
        b"\r\n"
    )


def test_a_response_without_a_subprotocol_has_no_such_header():
    assert b"Protocol:" not in handshake.response(parse(), None)


@pytest.mark.parametrize("value", [b"websocket", b"WebSocket", b"h2c, websocket", b"websocket ,h2c"])
def test_upgrade_may_have_any_case_and_other_protocols(value):
    assert handshake.is_upgrade([(b"upgrade", value)])


@pytest.mark.parametrize("headers", [[], [(b"upgrade", b"h2c")], [(b"upgrade", b"websockets")]])
def test_other_requests_are_not_upgrades(headers):
    assert not handshake.is_upgrade(headers)


@pytest.mark.parametrize("value", [b"keep-alive, Upgrade", b"upgrade", b"UPGRADE"])
def test_the_connection_header_may_contain_more_than_upgrade(value):
    assert parse((b"connection", value))


@pytest.mark.parametrize("name", [b"host", b"connection", b"sec-websocket-key", b"sec-websocket-version"])
def test_a_handshake_without_a_required_header_gets_400(name):
    assert error_of(without=[name]).status == 400


@pytest.mark.parametrize("name", [b"host", b"sec-websocket-key", b"sec-websocket-version", b"origin"])
def test_a_repeated_header_gets_400(name):
    value = dict(SAMPLE)[name]
    assert error_of((name, value), (name, value)).status == 400


@pytest.mark.parametrize("version", [b"0", b"8", b"12", b"14", b"13, 8", b"", b"thirteen", b"13.0", b"\xb2"])
def test_another_version_gets_400_with_the_supported_version(version):
    error = error_of((b"sec-websocket-version", version))
    assert error.status == 400
    assert error.headers == ((b"Sec-WebSocket-Version", b"13"),)


@pytest.mark.parametrize(
    "key", [b"", b"short", b"x" * 24, b"dGhlIHNhbXBsZSBub25jZQ", b"dGhlIHNhbXBsZSBub25jZSE=", b"\xff" * 24]
)
def test_a_key_that_is_not_16_bytes_in_base64_gets_400(key):
    assert error_of((b"sec-websocket-key", key)).status == 400


@pytest.mark.parametrize("method", [b"POST", b"HEAD", b"get", b"CONNECT"])
def test_another_method_gets_405(method):
    with pytest.raises(HandshakeError) as caught:
        handshake.parse(method, b"HTTP/1.1", SAMPLE)
    assert caught.value.status == 405
    assert caught.value.headers == ((b"Allow", b"GET"),)


def test_http_1_0_gets_400():
    with pytest.raises(HandshakeError) as caught:
        handshake.parse(b"GET", b"HTTP/1.0", SAMPLE)
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([b"chat"], ("chat",)),
        ([b"chat", b"superchat"], ("chat", "superchat")),
        ([b" chat ,, superchat,"], ("chat", "superchat")),
        ([b"chat, chat"], ("chat",)),
        ([b""], ()),
        ([], ()),
    ],
)
def test_subprotocols_are_collected_from_all_their_headers(values, names):
    more = [(b"sec-websocket-protocol", value) for value in values]
    assert parse(*more, without=[b"sec-websocket-protocol"]).subprotocols == names


@pytest.mark.parametrize("value", [b"ch\xc3\xa9t", b"two words", b"chat, a/b", b"%63hat?", b"\x00"])
def test_an_invalid_subprotocol_name_gets_400(value):
    assert error_of((b"sec-websocket-protocol", value)).status == 400


def test_a_subprotocol_that_was_not_offered_cannot_be_accepted():
    with pytest.raises(ValueError, match="did not offer"):
        handshake.response(parse(), "telegraph")


def test_a_header_with_a_line_break_is_an_error():
    with pytest.raises(ValueError, match="line break"):
        handshake.response(parse(), None, [(b"x-a", b"1\r\nx-b: 2")])


@given(value=st.binary(), name=st.sampled_from(sorted({name for name, _value in SAMPLE})))
def test_any_value_of_any_header_gives_an_offer_or_an_error(name, value):
    try:
        outcome = parse((name, value))
    except HandshakeError as error:
        outcome = error
    if isinstance(outcome, HandshakeError):
        assert outcome.response().startswith((b"HTTP/1.1 400 Bad Request", b"HTTP/1.1 405"))
    else:
        assert all(name.isascii() for name in outcome.subprotocols)
