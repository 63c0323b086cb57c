"""Text is UTF-8, whole and from its first wrong byte on: the cases 6 of the public suite (RFC 6455 §8.1)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .octets import BINARY, CONTINUATION, TEXT, frame
from .raw import Frame, open_socket

GOOD = [
    "κόσμε",
    "Hello-µ@ßöäüàá-UTF-8!!",
    "\ud7ff\ue000\ufffd\U0010ffff",
    "\x00\x7f\x80\u07ff\u0800\uffff",
    "\ufeffbom",
    "👩🏽‍🚀",
]
BAD = {
    "a continuation alone": b"\x80",
    "a character cut off": b"ok \xce",
    "the bytes fe and ff": b"\xfe\xff",
    "a slash in two bytes": b"\xc0\xaf",
    "a slash in three bytes": b"\xe0\x80\xaf",
    "a surrogate": b"\xed\xa0\x80",
    "a pair of surrogates": b"\xed\xa0\x80\xed\xb0\x80",
    "past the last character": b"\xf4\x90\x80\x80",
    "five bytes": b"\xf8\x88\x80\x80\x80",
    "latin-1": "café".encode("latin1"),
}


@pytest.fixture
def alice(echo):
    with open_socket(echo) as raw:
        yield raw


@pytest.mark.parametrize("said", GOOD)
def test_a_text_of_any_script_comes_back(alice, said):
    assert alice.say(said).hear_text() == said


@pytest.mark.parametrize("said", GOOD)
def test_a_text_whose_characters_are_cut_by_fragments_comes_back(alice, said):
    first, *rest = [bytes([byte]) for byte in said.encode()]
    alice.frame(TEXT, first, fin=False)
    for byte in rest:
        alice.frame(CONTINUATION, byte, fin=False)
    assert alice.frame(CONTINUATION).hear_text() == said


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_bytes_that_are_not_utf_8_close_with_1007(alice, data):
    assert alice.frame(TEXT, data).hear_close() == 1007


@pytest.mark.parametrize("data", BAD.values(), ids=BAD.keys())
def test_a_binary_message_may_be_anything(alice, data):
    assert alice.frame(BINARY, data).hear() == Frame(BINARY, data)


def test_the_first_wrong_byte_closes_before_the_message_ends(alice):
    alice.send(frame(TEXT, b"fine so far \xf4\x90 and more to come")[:-10])
    assert alice.hear_close() == 1007


def test_a_wrong_fragment_closes_before_the_last_one(alice):
    alice.frame(TEXT, "κόσμ".encode(), fin=False).frame(CONTINUATION, b"\xed\xa0\x80", fin=False)
    assert alice.hear_close() == 1007


def test_a_character_cut_off_at_the_end_closes_with_1007(alice):
    alice.frame(TEXT, "κόσμ".encode(), fin=False).frame(CONTINUATION, b"\xce")
    assert alice.hear_close() == 1007


def test_a_text_after_a_cut_character_in_a_binary_message_is_read_afresh(alice):
    assert alice.frame(BINARY, b"\xce").hear() == Frame(BINARY, b"\xce")
    assert alice.say("µ").hear_text() == "µ"


@given(data=st.binary(max_size=40))
@settings(max_examples=60, deadline=None)
def test_a_text_comes_back_if_python_can_read_it_and_closes_otherwise(echo, data):
    with open_socket(echo) as alice:
        alice.frame(TEXT, data)
        try:
            said = data.decode()
        except UnicodeDecodeError:
            assert alice.hear_close() == 1007
        else:
            assert alice.hear_text() == said


@given(data=st.binary(min_size=2, max_size=200))
@settings(max_examples=60, deadline=None)
def test_whatever_bytes_come_the_next_client_is_served(echo, data):
    with open_socket(echo) as mallory, open_socket(echo) as alice:
        mallory.send(data)
        assert alice.say("still there?").hear_text() == "still there?"
