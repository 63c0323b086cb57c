"""Limits of control frames, small fragments and bytes held for a client."""

import contextlib
import time
from contextlib import ExitStack

import pytest

from chat.tests.services import wait_until

from .conftest import ECHO, SCRIPTED_APP
from .octets import CLOSE, CONTINUATION, PING, PONG, TEXT, frame
from .raw import Raw, number, open_socket

pytestmark = pytest.mark.extended

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


def receive_to_close(raw: Raw) -> list:
    """All frames up to the close frame."""
    received = []
    while not received or received[-1].opcode != CLOSE:
        received.append(raw.receive())
    return received


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_small_frames_closes_with_1008_and_is_parsed_no_further(echo, flood):
    with open_socket(echo) as raw:
        received = receive_to_close(raw.send(flood))
        assert received[-1].code == 1008
        assert len(received) <= BURST + 10


def test_pings_within_the_limit_and_messages_of_many_fragments_are_answered(echo):
    with open_socket(echo) as raw:
        for _ in range(BURST // 4):
            raw.send_frame(PING, b"p")
            assert raw.receive().opcode == PONG
        for _ in range(3):
            # Fragments of 1 KiB and more are limited by the size of the message only.
            raw.send_frame(TEXT, fin=False, payload=b"x" * KIB)
            raw.send(frame(CONTINUATION, b"x" * KIB, fin=False) * 200).send_frame(CONTINUATION, b"end")
            assert raw.receive().payload.endswith(b"end")
        # After a second the rate allows more.
        time.sleep(1)
        raw.send_frame(PING, b"p")
        assert raw.receive().opcode == PONG


def test_complete_messages_are_not_limited(echo):
    with open_socket(echo) as raw:
        raw.send(frame(TEXT, b"x") * 2000)
        assert [raw.receive_text() for _ in range(2000)] == ["x"] * 2000


@pytest.mark.parametrize("code", [1000, 1008])
def test_frames_after_our_close_frame_cost_little_cpu(start_server, code):
    server = start_server(SCRIPTED_APP, CLOSE_TIMEOUT_S=60)
    with open_socket(server.port) as mallory, open_socket(server.port) as alice:
        mallory.run("close", code=code)
        assert mallory.receive().code == code
        before = cpu_s(server.pid)
        with contextlib.suppress(ConnectionError):
            for _ in range(40):
                mallory.send(PINGS * 4)
        # Parsing 800,000 frames would take tens of seconds. They are discarded unparsed, up to a number of bytes.
        assert alice.ask("open_sockets") == 1
        assert cpu_s(server.pid) - before < 5


def test_a_client_that_continues_sending_after_the_close_is_disconnected(start_server):
    server = start_server(SCRIPTED_APP, CLOSE_TIMEOUT_S=60)
    with open_socket(server.port) as mallory:
        mallory.run("close", code=1008)
        with pytest.raises(ConnectionError):
            mallory.send(b"x" * 64_000 * KIB)


# --- Bytes held for a client


def test_incomplete_messages_of_one_address_share_a_limit(start_server):
    limits = {"MAX_MESSAGE_BYTES": 97_024 * 2, "MAX_HELD_BYTES": 4 * 256 * KIB}
    port = start_server(ECHO, "--websocket-max-message-size", "200000", **limits).port
    half = frame(TEXT, b"x" * 150_000)[:-1]
    with ExitStack() as stack:
        sockets = [stack.enter_context(open_socket(port)) for _ in range(4)]
        sockets[0].send(half)
        wait_until(lambda: held(port) > 100_000)
        # A quarter of 1 MiB for one address: the second is one too many.
        assert sockets[1].send(half).receive().code == 1013
        assert sockets[0].send(b"x").receive().opcode == TEXT
        wait_until(lambda: held(port) == 0)
        sockets[2].send(half + b"x")
        assert len(sockets[2].receive().payload) == 150_000


def test_messages_that_wait_for_the_application_have_a_limit_in_bytes(start_server):
    port = start_server(SCRIPTED_APP, "--websocket-max-message-size", str(256 * KIB)).port
    with open_socket(port) as mallory:
        mallory.run("block").receive()
        mallory.socket.settimeout(1)
        with pytest.raises(TimeoutError):
            mallory.send(frame(TEXT, b"x" * 200 * KIB) * 500)
        assert 200 * KIB <= held(port) <= 2 * 256 * KIB + 64 * KIB


def test_an_incomplete_message_ends_the_connection_in_time(start_server):
    port = start_server(ECHO, BODY_TIMEOUT_S=1).port
    with open_socket(port) as mallory, open_socket(port) as alice:
        mallory.send(frame(TEXT, b"x" * 100)[:50])
        assert mallory.receive().code == 1008
        # A client that sends nothing is not late.
        assert alice.send_text("still here").receive_text() == "still here"


def test_an_endless_sequence_of_fragments_ends_the_connection_in_time(start_server):
    port = start_server(ECHO, BODY_TIMEOUT_S=1).port
    with open_socket(port) as mallory:
        mallory.socket.settimeout(0.2)
        received, until = None, time.monotonic() + 20
        mallory.send_frame(TEXT, b"x" * KIB, fin=False)
        while received is None and time.monotonic() < until:
            mallory.send_frame(CONTINUATION, b"x" * KIB, fin=False)
            with contextlib.suppress(TimeoutError):
                received = mallory.receive()
        assert received.code == 1008


def test_a_client_that_stopped_reading_is_disconnected_in_time_even_if_it_sends(start_server):
    port = start_server(SCRIPTED_APP, SEND_TIMEOUT_S=1, CLOSE_TIMEOUT_S=1).port
    with open_socket(port, receive_buffer=4096) as slow, open_socket(port) as alice:
        slow.run("write", size=300 * KIB, times=2)
        until = time.monotonic() + 20
        while alice.ask("open_sockets") > 1 and time.monotonic() < until:
            with contextlib.suppress(ConnectionError):
                slow.send_frame(PONG)
            time.sleep(0.2)
        assert alice.ask("open_sockets") == 1


def held(port: int) -> float:
    """The number of bytes that a server holds for clients."""
    return number(port, "parley_held_bytes")


def cpu_s(pid: int) -> float:
    """CPU seconds of a process."""
    return time.clock_gettime((~pid << 3) | 2)
