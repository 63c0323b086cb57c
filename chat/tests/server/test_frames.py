"""Messages, fragments and control frames (RFC 6455 §5), as far as our code handles them.

Autobahn's parser rejects reserved bits, reserved opcodes, unmasked frames and wrong lengths; its own tests cover that.
`test_contract.py` checks that its errors reach us.
"""

import pytest

from .octets import BINARY, CONTINUATION, PING, PONG, TEXT, close_frame, frame
from .raw import Frame, open_socket


@pytest.fixture
def alice(echo):
    with open_socket(echo) as raw:
        yield raw


# One length for each way to encode it (§5.2).
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
@pytest.mark.parametrize("length", [0, 125, 126, 65536])
def test_a_message_of_any_length_is_received_and_sent(alice, opcode, length):
    payload = b"*" * length
    assert alice.send_frame(opcode, payload).receive() == Frame(opcode, payload)


def test_a_message_may_arrive_byte_by_byte(alice):
    for byte in frame(TEXT, b"one byte at a time"):
        alice.send(bytes([byte]))
    assert alice.receive_text() == "one byte at a time"


def test_messages_that_arrive_in_one_packet_are_answered_in_order(alice):
    alice.send(b"".join(frame(TEXT, b"%d" % number) for number in range(500)))
    assert [int(alice.receive_text()) for _ in range(500)] == list(range(500))


def test_a_large_message_may_arrive_in_small_packets(alice):
    data = frame(TEXT, b"*" * 65536)
    for start in range(0, len(data), 997):
        alice.send(data[start : start + 997])
    assert alice.receive() == Frame(TEXT, b"*" * 65536)


# --- Pings (§5.5.2)


def test_pings_that_arrive_in_one_packet_get_pongs_with_their_payloads(alice):
    alice.send(b"".join(frame(PING, b"%d" % number) for number in range(10)))
    assert [alice.receive() for _ in range(10)] == [Frame(PONG, b"%d" % number) for number in range(10)]


def test_an_unsolicited_pong_is_ignored(alice):
    assert alice.send_frame(PONG, b"").send_frame(PING, b"there?").receive() == Frame(PONG, b"there?")


# --- Fragments (§5.4)


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
@pytest.mark.parametrize("pieces", [[b"a", b"b"], [b"", b""], [b"", b"middle", b""], [b"x" * 70_000] * 3])
def test_fragments_are_joined_to_one_message(alice, opcode, pieces):
    alice.send_frame(opcode, pieces[0], fin=False)
    for piece in pieces[1:-1]:
        alice.send_frame(CONTINUATION, piece, fin=False)
    alice.send_frame(CONTINUATION, pieces[-1])
    assert alice.receive() == Frame(opcode, b"".join(pieces))


def test_a_ping_between_fragments_is_answered_at_once(alice):
    alice.send_frame(TEXT, b"first ", fin=False).send_frame(PING, b"between")
    assert alice.receive() == Frame(PONG, b"between")
    assert alice.send_frame(CONTINUATION, b"last").receive_text() == "first last"


def test_a_close_frame_between_fragments_ends_the_socket(alice):
    alice.send_frame(TEXT, b"never ended", fin=False).send(close_frame(1000))
    assert alice.receive().code == 1000
    assert alice.read_all() == b""


def test_messages_before_an_error_are_answered_and_those_after_it_are_not(alice):
    reserved_opcode = frame(3, b"")
    alice.send(frame(TEXT, b"in time") + reserved_opcode + frame(TEXT, b"too late") + frame(PING, b""))
    assert alice.receive_text() == "in time"
    assert alice.receive_close() == 1002
