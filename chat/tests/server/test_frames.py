"""Messages and control frames, as the cases 1 to 6 and 10 of the public conformance suite have them (RFC 6455 §5)."""

import pytest

from .octets import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, close_frame, frame
from .raw import Frame, open_socket

LENGTHS = [0, 1, 125, 126, 127, 128, 65535, 65536, 65537]


@pytest.fixture
def alice(echo):
    with open_socket(echo) as raw:
        yield raw


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
@pytest.mark.parametrize("length", LENGTHS)
def test_a_message_of_any_length_comes_back(alice, opcode, length):
    payload = b"*" * length
    assert alice.frame(opcode, payload).hear() == Frame(opcode, payload)


def test_a_message_comes_back_however_its_bytes_arrive(alice):
    for byte in frame(TEXT, b"one byte at a time"):
        alice.send(bytes([byte]))
    assert alice.hear_text() == "one byte at a time"


def test_messages_that_arrive_at_once_come_back_in_order(alice):
    alice.send(b"".join(frame(TEXT, b"%d" % number) for number in range(500)))
    assert [int(alice.hear_text()) for _ in range(500)] == list(range(500))


def test_a_large_message_in_small_pieces_of_tcp_comes_back(alice):
    data = frame(TEXT, b"*" * 65536)
    for start in range(0, len(data), 997):
        alice.send(data[start : start + 997])
    assert alice.hear() == Frame(TEXT, b"*" * 65536)


# --- Pings and pongs (§5.5.2, §5.5.3)


@pytest.mark.parametrize("payload", [b"", b"hello", bytes(range(250, 256)), b"p" * 125])
def test_a_ping_is_answered_with_its_payload(alice, payload):
    assert alice.frame(PING, payload).hear() == Frame(PONG, payload)


def test_ten_pings_at_once_get_ten_pongs(alice):
    alice.send(b"".join(frame(PING, b"%d" % number) for number in range(10)))
    assert [alice.hear() for _ in range(10)] == [Frame(PONG, b"%d" % number) for number in range(10)]


@pytest.mark.parametrize("payload", [b"", b"nobody asked"])
def test_a_pong_that_nobody_asked_for_is_ignored(alice, payload):
    assert alice.frame(PONG, payload).frame(PING, b"there?").hear() == Frame(PONG, b"there?")


def test_a_ping_longer_than_125_bytes_is_a_protocol_error(alice):
    assert alice.frame(PING, b"p" * 126).hear_close() == 1002


# --- Fragments (§5.4)


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
@pytest.mark.parametrize("pieces", [[b"a", b"b"], [b"", b""], [b"", b"middle", b""], [b"x" * 70_000] * 3])
def test_a_message_in_fragments_comes_back_as_one(alice, opcode, pieces):
    alice.frame(opcode, pieces[0], fin=False)
    for piece in pieces[1:-1]:
        alice.frame(CONTINUATION, piece, fin=False)
    alice.frame(CONTINUATION, pieces[-1])
    assert alice.hear() == Frame(opcode, b"".join(pieces))


def test_a_ping_between_fragments_is_answered_at_once(alice):
    alice.frame(TEXT, b"first ", fin=False).frame(PING, b"between")
    assert alice.hear() == Frame(PONG, b"between")
    assert alice.frame(CONTINUATION, b"last").hear_text() == "first last"


def test_a_close_between_fragments_ends_the_socket(alice):
    alice.frame(TEXT, b"never ended", fin=False).send(close_frame(1000))
    assert alice.hear().code == 1000
    assert alice.read_all() == b""


@pytest.mark.parametrize("fin", [True, False])
def test_a_continuation_of_nothing_is_a_protocol_error(alice, fin):
    assert alice.frame(CONTINUATION, b"of what?", fin=fin).hear_close() == 1002


def test_a_new_message_inside_fragments_is_a_protocol_error(alice):
    assert alice.frame(TEXT, b"one", fin=False).frame(TEXT, b"two").hear_close() == 1002


@pytest.mark.parametrize("opcode", [PING, PONG, CLOSE])
def test_a_control_frame_in_fragments_is_a_protocol_error(alice, opcode):
    assert alice.frame(opcode, b"", fin=False).hear_close() == 1002


# --- What is reserved, and what a client must do (§5.1, §5.2)


@pytest.mark.parametrize("rsv", range(1, 8))
@pytest.mark.parametrize("opcode", [TEXT, PING, CLOSE])
def test_a_reserved_bit_is_a_protocol_error(alice, rsv, opcode):
    assert alice.frame(opcode, b"", rsv=rsv).hear_close() == 1002


@pytest.mark.parametrize("opcode", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
def test_a_reserved_opcode_is_a_protocol_error(alice, opcode):
    assert alice.frame(opcode, b"").hear_close() == 1002


def test_what_came_before_an_error_is_answered_and_what_came_after_is_not(alice):
    alice.send(frame(TEXT, b"in time") + frame(3, b"") + frame(TEXT, b"too late") + frame(PING, b""))
    assert alice.hear_text() == "in time"
    assert alice.hear_close() == 1002


def test_a_frame_that_is_not_masked_is_a_protocol_error(alice):
    assert alice.frame(TEXT, b"bare", mask=None).hear_close() == 1002


@pytest.mark.parametrize(
    "head",
    [
        b"\x81\xfe\x00\x05",  # 5 in 16 bits
        b"\x81\xff\x00\x00\x00\x00\x00\x00\x00\x05",  # 5 in 64 bits
        b"\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00",  # a length of 2 to the 63rd
    ],
)
def test_a_length_that_is_not_written_as_it_must_be_is_a_protocol_error(alice, head):
    assert alice.send(head + b"\x01\x02\x03\x04" + b"12345").hear_close() == 1002
