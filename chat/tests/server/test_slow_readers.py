"""Who does not read is shown out, and costs the others nothing."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from .conftest import PUPPET
from .octets import CLOSE
from .raw import open_socket

KIB = 1024
LIMIT = 256 * KIB
FLOOD = 200_000_000


@pytest.fixture
def server(start_server):
    return start_server(PUPPET, MAX_UNSENT=LIMIT, CLOSE_TIMEOUT_S=60)


def hear_to_close(raw) -> tuple[int, int]:
    """How many messages come before the close frame, and its code."""
    count = 0
    while (heard := raw.hear()).opcode != CLOSE:
        count += 1
    # Nothing may come after it.
    assert raw.frame(CLOSE, heard.payload).read_all() == b""
    return count, heard.code


@pytest.mark.parametrize("way", ["write", "write_soon", "write_to_all"])
def test_a_slow_reader_is_closed_with_1013_after_whole_messages(server, way):
    with open_socket(server.port, receive_buffer=4096) as slow:
        slow.do(way, size=16 * KIB, times=1000)
        count, code = hear_to_close(slow)
        assert code == 1013
        assert 0 < count < 1000


def test_many_small_messages_are_bounded_like_few_large_ones(server):
    with open_socket(server.port, receive_buffer=4096) as slow:
        slow.do("write", size=50, times=300_000)
        assert hear_to_close(slow)[1] == 1013


def test_pongs_count_as_well(server):
    with open_socket(server.port, receive_buffer=4096) as mallory:
        mallory.socket.setblocking(False)
        ping = (b"\x89\xfd\0\0\0\0" + b"p" * 125) * 500
        taken = 0
        try:
            while taken < FLOOD:
                taken += mallory.socket.send(ping[taken % 131 :])
        except (BlockingIOError, ConnectionError):
            # The server reads no more, or has closed: either way it holds no more.
            assert taken < FLOOD


def test_a_plain_send_waits_for_its_reader_instead(server):
    with open_socket(server.port, receive_buffer=4096) as slow:
        slow.do("send", size=16 * KIB, times=1000)
        assert [int(slow.hear_text().split()[0]) for _ in range(1000)] == list(range(1000))


def test_readers_who_stopped_cost_no_more_than_their_bound_and_do_not_delay_the_others(server):
    readers, messages, size = 50, 100, 64 * KIB
    before = memory_bytes(server.pid)
    with open_socket(server.port) as alice, ExitStack() as stack:
        stopped = [stack.enter_context(open_socket(server.port, receive_buffer=4096)) for _ in range(readers)]
        for _ in range(messages):
            assert len(alice.do("write_to_all", size=size).hear_text()) == size
        assert memory_bytes(server.pid) - before < readers * (LIMIT + 128 * KIB)
        for raw in stopped:
            assert hear_to_close(raw)[1] == 1013


def test_a_slow_reader_that_never_reads_is_cut_off_in_time(start_server):
    server = start_server(PUPPET, MAX_UNSENT=LIMIT, CLOSE_TIMEOUT_S=0.5)
    with open_socket(server.port, receive_buffer=4096) as slow, open_socket(server.port) as alice:
        slow.do("write", size=64 * KIB, times=100)
        while alice.ask("everyone") > 1:
            pass
        with pytest.raises(ConnectionResetError):
            slow.read_all()


def memory_bytes(pid: int) -> int:
    """What a process holds in memory now."""
    line = next(line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) * KIB
