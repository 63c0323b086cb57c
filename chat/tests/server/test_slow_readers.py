"""Clients that read too slowly are closed, and cost the others nothing."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from .conftest import SCRIPTED_APP
from .octets import CLOSE
from .raw import open_socket

KIB = 1024
LIMIT = 256 * KIB
FLOOD = 200_000_000


@pytest.fixture
def server(start_server):
    return start_server(SCRIPTED_APP, MAX_UNSENT=LIMIT, CLOSE_TIMEOUT_S=60)


def receive_to_close(raw) -> tuple[int, int]:
    """The number of messages before the close frame, and its code."""
    count = 0
    while (received := raw.receive()).opcode != CLOSE:
        count += 1
    # Nothing may arrive after it.
    assert raw.send_frame(CLOSE, received.payload).read_all() == b""
    return count, received.code


@pytest.mark.parametrize("way", ["write", "write_soon", "write_to_all"])
def test_a_slow_reader_gets_complete_messages_and_then_1013(server, way):
    with open_socket(server.port, receive_buffer=4096) as slow:
        slow.run(way, size=16 * KIB, times=1000)
        count, code = receive_to_close(slow)
        assert code == 1013
        assert 0 < count < 1000


def test_many_small_messages_have_the_same_limit(server):
    with open_socket(server.port, receive_buffer=4096) as slow:
        slow.run("write", size=50, times=300_000)
        assert receive_to_close(slow)[1] == 1013


def test_pongs_count_for_the_limit(server):
    with open_socket(server.port, receive_buffer=4096) as mallory:
        mallory.socket.setblocking(False)
        ping = (b"\x89\xfd\0\0\0\0" + b"p" * 125) * 500
        taken = 0
        try:
            while taken < FLOOD:
                taken += mallory.socket.send(ping[taken % 131 :])
        except (BlockingIOError, ConnectionError):
            # The server has paused or closed the connection: either way it holds no more.
            assert taken < FLOOD


def test_an_asgi_send_waits_for_its_reader(server):
    with open_socket(server.port, receive_buffer=4096) as slow:
        slow.run("send", size=16 * KIB, times=1000)
        assert [int(slow.receive_text().split()[0]) for _ in range(1000)] == list(range(1000))


def test_readers_that_stopped_use_no_more_memory_than_their_limit_and_do_not_delay_others(server):
    readers, messages, size = 50, 100, 64 * KIB
    before = memory_bytes(server.pid)
    with open_socket(server.port) as alice, ExitStack() as stack:
        stopped = [stack.enter_context(open_socket(server.port, receive_buffer=4096)) for _ in range(readers)]
        for _ in range(messages):
            assert len(alice.run("write_to_all", size=size).receive_text()) == size
        assert memory_bytes(server.pid) - before < readers * (LIMIT + 128 * KIB)
        for raw in stopped:
            assert receive_to_close(raw)[1] == 1013


def test_a_client_that_never_reads_is_disconnected_in_time(start_server):
    server = start_server(SCRIPTED_APP, MAX_UNSENT=LIMIT, CLOSE_TIMEOUT_S=0.5)
    with open_socket(server.port, receive_buffer=4096) as slow, open_socket(server.port) as alice:
        slow.run("write", size=64 * KIB, times=100)
        while alice.ask("open_sockets") > 1:
            pass
        with pytest.raises(ConnectionResetError):
            slow.read_all()


def memory_bytes(pid: int) -> int:
    """The resident memory of a process."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * KIB
