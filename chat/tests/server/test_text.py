"""Text messages are UTF-8 (RFC 6455 §8.1), checked byte by byte by Autobahn's validator; each message has its own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .octets import BINARY, CONTINUATION, TEXT
from .raw import Frame, open_socket

TEXTS = ["κόσμε", "\ud7ff\ue000\ufffd\U0010ffff", "\x00\x7f\x80\u07ff\u0800\uffff", "👩🏽‍🚀"]
INVALID = b"\xed\xa0\x80"
"""A surrogate, which UTF-8 must not contain."""


@pytest.fixture
def alice(echo):
    with open_socket(echo) as raw:
        yield raw


@pytest.mark.parametrize("text", TEXTS)
def test_fragments_may_split_characters(alice, text):
    first, *rest = [bytes([byte]) for byte in text.encode()]
    alice.send_frame(TEXT, first, fin=False)
    for byte in rest:
        alice.send_frame(CONTINUATION, byte, fin=False)
    assert alice.send_frame(CONTINUATION).receive_text() == text


def test_a_text_that_is_not_utf_8_closes_with_1007(alice):
    assert alice.send_frame(TEXT, INVALID).receive_close() == 1007


def test_a_binary_message_may_contain_any_bytes(alice):
    assert alice.send_frame(BINARY, INVALID).receive() == Frame(BINARY, INVALID)


def test_an_invalid_fragment_closes_before_the_last_one(alice):
    alice.send_frame(TEXT, "κόσμ".encode(), fin=False).send_frame(CONTINUATION, INVALID, fin=False)
    assert alice.receive_close() == 1007


def test_an_incomplete_character_at_the_end_of_the_last_fragment_closes_with_1007(alice):
    alice.send_frame(TEXT, "κόσμ".encode(), fin=False).send_frame(CONTINUATION, b"\xce")
    assert alice.receive_close() == 1007


def test_the_validator_is_reset_after_a_binary_message(alice):
    assert alice.send_frame(BINARY, b"\xce").receive() == Frame(BINARY, b"\xce")
    assert alice.send_text("µ").receive_text() == "µ"


@given(data=st.binary(min_size=2, max_size=200))
@settings(max_examples=60, deadline=None)
def test_after_any_bytes_the_next_client_is_served(echo, data):
    with open_socket(echo) as mallory, open_socket(echo) as alice:
        mallory.send(data)
        assert alice.send_text("still there?").receive_text() == "still there?"
