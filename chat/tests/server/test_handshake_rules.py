"""The rules of the opening handshake, without a network (RFC 6455 §4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from project.serving import handshake
from project.serving.refusal import Refusal

SAMPLE = [
    (b"host", b"server.example.com"),
    (b"upgrade", b"websocket"),
    (b"connection", b"Upgrade"),
    (b"sec-websocket-key", b"dGhlIHNhbXBsZSBub25jZQ=="),
    (b"origin", b"http://example.com"),
    (b"sec-websocket-protocol", b"chat, superchat"),
    (b"sec-websocket-version", b"13"),
]


def read(*more, without=()):
    names = {name for name, _value in more} | set(without)
    kept = [header for header in SAMPLE if header[0] not in names]
    return handshake.read(b"GET", b"HTTP/1.1", [*kept, *more])


def refusal(*more, **options) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read(*more, **options)
    return caught.value


def test_the_sample_of_the_rfc_is_read():
    assert read() == handshake.Offer(b"dGhlIHNhbXBsZSBub25jZQ==", ("chat", "superchat"))


def test_the_sample_of_the_rfc_is_answered_to_the_byte():
    assert handshake.response(read(), "chat") == (
        b"HTTP/1.1 101 Switching Protocols\r\n"
        b"Upgrade: websocket\r\n"
        b"Connection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
        b"Sec-WebSocket-Protocol: chat\r\n"
        b"\r\n"
    )


def test_an_answer_without_a_subprotocol_names_none():
    assert b"Protocol:" not in handshake.response(read(), None)


@pytest.mark.parametrize("value", [b"websocket", b"WebSocket", b"h2c, websocket", b"websocket ,h2c"])
def test_the_upgrade_is_asked_for_in_any_of_its_spellings(value):
    assert handshake.is_asked_for([(b"upgrade", value)])


@pytest.mark.parametrize("headers", [[], [(b"upgrade", b"h2c")], [(b"upgrade", b"websockets")]])
def test_other_requests_ask_for_no_upgrade(headers):
    assert not handshake.is_asked_for(headers)


@pytest.mark.parametrize("value", [b"keep-alive, Upgrade", b"upgrade", b"UPGRADE"])
def test_the_connection_header_may_say_more_than_upgrade(value):
    assert read((b"connection", value))


@pytest.mark.parametrize("name", [b"host", b"connection", b"sec-websocket-key", b"sec-websocket-version"])
def test_a_handshake_that_lacks_a_header_is_refused_with_400(name):
    assert refusal(without=[name]).status == 400


@pytest.mark.parametrize("name", [b"host", b"sec-websocket-key", b"sec-websocket-version", b"origin"])
def test_a_header_that_must_be_one_and_comes_twice_is_refused_with_400(name):
    value = dict(SAMPLE)[name]
    assert refusal((name, value), (name, value)).status == 400


@pytest.mark.parametrize("version", [b"0", b"8", b"12", b"14", b"13, 8", b"", b"thirteen", b"13.0", b"\xb2"])
def test_another_version_is_refused_with_400_and_the_one_that_we_speak(version):
    refused = refusal((b"sec-websocket-version", version))
    assert refused.status == 400
    assert refused.headers == ((b"Sec-WebSocket-Version", b"13"),)


@pytest.mark.parametrize(
    "key", [b"", b"short", b"x" * 24, b"dGhlIHNhbXBsZSBub25jZQ", b"dGhlIHNhbXBsZSBub25jZSE=", b"\xff" * 24]
)
def test_a_key_that_is_not_16_bytes_in_base64_is_refused_with_400(key):
    assert refusal((b"sec-websocket-key", key)).status == 400


@pytest.mark.parametrize("method", [b"POST", b"HEAD", b"get", b"CONNECT"])
def test_another_method_is_refused_with_405(method):
    with pytest.raises(Refusal) as caught:
        handshake.read(method, b"HTTP/1.1", SAMPLE)
    assert caught.value.status == 405
    assert caught.value.headers == ((b"Allow", b"GET"),)


def test_http_1_0_is_refused_with_400():
    with pytest.raises(Refusal) as caught:
        handshake.read(b"GET", b"HTTP/1.0", SAMPLE)
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
def test_subprotocols_are_read_over_all_their_headers(values, names):
    more = [(b"sec-websocket-protocol", value) for value in values]
    assert read(*more, without=[b"sec-websocket-protocol"]).subprotocols == names


@pytest.mark.parametrize("value", [b"ch\xc3\xa9t", b"two words", b"chat, a/b", b"%63hat?", b"\x00"])
def test_a_subprotocol_that_is_no_name_is_refused_with_400(value):
    assert refusal((b"sec-websocket-protocol", value)).status == 400


def test_a_subprotocol_that_was_not_offered_cannot_be_accepted():
    with pytest.raises(ValueError, match="did not offer"):
        handshake.response(read(), "telegraph")


def test_a_header_cannot_smuggle_another():
    with pytest.raises(ValueError, match="line break"):
        handshake.response(read(), None, [(b"x-a", b"1\r\nx-b: 2")])


@given(value=st.binary(), name=st.sampled_from(sorted({name for name, _value in SAMPLE})))
def test_any_value_of_any_header_gives_an_offer_or_a_refusal(name, value):
    try:
        outcome = read((name, value))
    except Refusal as refused:
        outcome = refused
    if isinstance(outcome, Refusal):
        assert outcome.response().startswith((b"HTTP/1.1 400 Bad Request", b"HTTP/1.1 405"))
    else:
        assert all(name.isascii() for name in outcome.subprotocols)
