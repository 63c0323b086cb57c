"""Frames, read by the parsers of other libraries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Opcode
from websockets.protocol import Protocol, Side

from chat.live.frames import Frame, text_frame


def read(data: bytes) -> list:
    """The frames that a client of the `websockets` library reads from `data`. Raises the errors of that library."""
    client = Protocol(Side.CLIENT, max_size=None)
    client.receive_data(data)
    if client.parser_exc:
        raise client.parser_exc
    return client.events_received()


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65535, 65536, 70000])
def test_frames_of_all_lengths(length):
    (frame,) = read(text_frame("x" * length))
    assert (frame.opcode, frame.fin, frame.data) == (Opcode.TEXT, True, b"x" * length)


@given(st.lists(st.text(), max_size=5))
def test_joined_frames_are_read_as_separate_messages(texts):
    frames = read(b"".join(Frame(text).data for text in texts))
    assert [(frame.opcode, frame.fin, frame.data.decode()) for frame in frames] == [
        (Opcode.TEXT, True, text) for text in texts
    ]


@given(st.text(max_size=200))
def test_autobahn_reads_the_same_text(text):
    from autobahn.websocket.protocol import WebSocketClientProtocol

    frame = text_frame(text)
    payload = text.encode()
    # RFC 6455, section 5.2: FIN and opcode 1; a server's frame is not masked.
    assert frame[0] == 0x80 | WebSocketClientProtocol.MESSAGE_TYPE_TEXT
    assert not frame[1] & 0x80
    assert frame.endswith(payload)
    assert len(frame) - len(payload) == (2 if len(payload) < 126 else 4)


def test_the_bytes_of_a_frame_are_built_once_on_first_use():
    frame = Frame("Ahoy")
    assert frame.data == text_frame("Ahoy")
    assert frame.data is frame.data
