"""What costs work is counted before it is done: control frames, small fragments, bytes that are held."""

import contextlib
import time
from contextlib import ExitStack

import pytest

from chat.tests.services import wait_until

from .conftest import ECHO, PUPPET
from .octets import CLOSE, CONTINUATION, PING, PONG, TEXT, frame
from .raw import Raw, number, open_socket

KIB = 1024
BURST = 100
PINGS, PONGS, EMPTY = frame(PING) * 5000, frame(PONG) * 5000, frame(CONTINUATION, fin=False) * 5000
FLOODS = {
    "pings": PINGS,
    "pongs": PONGS,
    "empty fragments": frame(TEXT, fin=False) + EMPTY,
    "small fragments": frame(TEXT, fin=False) + frame(CONTINUATION, b"x" * 10, fin=False) * 5000,
    "pings amid a message": frame(TEXT, b"x", fin=False) + PINGS,
}


def hear_to_close(raw: Raw) -> list:
    """All frames that come, up to the close frame."""
    heard = []
    while not heard or heard[-1].opcode != CLOSE:
        heard.append(raw.hear())
    return heard


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_small_frames_is_closed_with_1008_and_looked_at_no_further(echo, flood):
    with open_socket(echo) as raw:
        heard = hear_to_close(raw.send(flood))
        assert heard[-1].code == 1008
        assert len(heard) <= BURST + 10


def test_pings_within_the_limit_are_answered_and_so_are_messages_of_many_fragments(echo):
    with open_socket(echo) as raw:
        for _ in range(BURST // 4):
            raw.frame(PING, b"p")
            assert raw.hear().opcode == PONG
        for _ in range(3):
            # Fragments of 1 KiB and more are bounded by the size of the message alone.
            raw.frame(TEXT, fin=False, payload=b"x" * KIB)
            raw.send(frame(CONTINUATION, b"x" * KIB, fin=False) * 200).frame(CONTINUATION, b"end")
            assert raw.hear().payload.endswith(b"end")
        # The few that come later find room again.
        time.sleep(1)
        raw.frame(PING, b"p")
        assert raw.hear().opcode == PONG


def test_whole_messages_are_left_to_the_application_to_count(echo):
    with open_socket(echo) as raw:
        raw.send(frame(TEXT, b"x") * 2000)
        assert [raw.hear_text() for _ in range(2000)] == ["x"] * 2000


@pytest.mark.parametrize("code", [1000, 1008])
def test_what_comes_after_our_close_frame_is_hardly_looked_at(start_server, code):
    server = start_server(PUPPET, CLOSE_TIMEOUT_S=60)
    with open_socket(server.port) as mallory, open_socket(server.port) as alice:
        mallory.do("close", code=code)
        assert mallory.hear().code == code
        before = cpu_s(server.pid)
        with contextlib.suppress(ConnectionError):
            for _ in range(40):
                mallory.send(PINGS * 4)
        # 800,000 frames took tens of seconds. They are thrown away unread, up to a number of bytes.
        assert alice.ask("everyone") == 1
        assert cpu_s(server.pid) - before < 5


def test_one_who_goes_on_sending_after_the_close_is_cut_off(start_server):
    server = start_server(PUPPET, CLOSE_TIMEOUT_S=60)
    with open_socket(server.port) as mallory:
        mallory.do("close", code=1008)
        with pytest.raises(ConnectionError):
            mallory.send(b"x" * 64_000 * KIB)


# --- Bytes that are held


def test_half_sent_messages_of_one_address_have_a_common_bound(start_server):
    limits = {"MAX_MESSAGE_BYTES": 97_024 * 2, "MAX_HELD_BYTES": 4 * 256 * KIB}
    port = start_server(ECHO, "--websocket-max-message-size", "200000", **limits).port
    half = frame(TEXT, b"x" * 150_000)[:-1]
    with ExitStack() as stack:
        sockets = [stack.enter_context(open_socket(port)) for _ in range(4)]
        sockets[0].send(half)
        wait_until(lambda: held(port) > 100_000)
        # A quarter of 1 MiB for one address: the second is one too many.
        assert sockets[1].send(half).hear().code == 1013
        assert sockets[0].send(b"x").hear().opcode == TEXT
        wait_until(lambda: held(port) == 0)
        sockets[2].send(half + b"x")
        assert len(sockets[2].hear().payload) == 150_000


def test_messages_that_wait_for_the_application_are_bounded_in_bytes(start_server):
    port = start_server(PUPPET, "--websocket-max-message-size", str(256 * KIB)).port
    with open_socket(port) as mallory:
        mallory.do("hold").hear()
        mallory.socket.settimeout(1)
        with pytest.raises(TimeoutError):
            mallory.send(frame(TEXT, b"x" * 200 * KIB) * 500)
        assert 200 * KIB <= held(port) <= 2 * 256 * KIB + 64 * KIB


def test_a_half_sent_message_ends_the_connection_in_time(start_server):
    port = start_server(ECHO, BODY_TIMEOUT_S=1).port
    with open_socket(port) as mallory, open_socket(port) as alice:
        mallory.send(frame(TEXT, b"x" * 100)[:50])
        assert mallory.hear().code == 1008
        # Who sends nothing is not late.
        assert alice.say("still here").hear_text() == "still here"


def test_a_message_in_pieces_that_never_ends_is_half_sent_too(start_server):
    port = start_server(ECHO, BODY_TIMEOUT_S=1).port
    with open_socket(port) as mallory:
        mallory.socket.settimeout(0.2)
        heard, until = None, time.monotonic() + 20
        mallory.frame(TEXT, b"x" * KIB, fin=False)
        while heard is None and time.monotonic() < until:
            mallory.frame(CONTINUATION, b"x" * KIB, fin=False)
            with contextlib.suppress(TimeoutError):
                heard = mallory.hear()
        assert heard.code == 1008


def test_a_socket_whose_reader_stopped_ends_in_time_though_it_goes_on_sending(start_server):
    port = start_server(PUPPET, SEND_TIMEOUT_S=1, CLOSE_TIMEOUT_S=1).port
    with open_socket(port, receive_buffer=4096) as slow, open_socket(port) as alice:
        slow.do("write", size=300 * KIB, times=2)
        until = time.monotonic() + 20
        while alice.ask("everyone") > 1 and time.monotonic() < until:
            with contextlib.suppress(ConnectionError):
                slow.frame(PONG)
            time.sleep(0.2)
        assert alice.ask("everyone") == 1


def held(port: int) -> float:
    """The bytes that a server counts as held."""
    return number(port, "parley_held_bytes")


def cpu_s(pid: int) -> float:
    """CPU seconds of a process."""
    return time.clock_gettime((~pid << 3) | 2)
