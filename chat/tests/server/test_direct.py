"""The socket that the application writes to: what is written comes whole and in order, whatever the kernel takes."""

import pytest

from .octets import PING, PONG, TEXT, frame
from .raw import Frame, open_socket


@pytest.fixture
def alice(puppets):
    with open_socket(puppets) as raw:
        yield raw


@pytest.fixture
def slow_alice(puppets):
    """A socket whose buffers hold little, so that most writes are taken in part."""
    with open_socket(puppets, receive_buffer=4096) as raw:
        yield raw


def numbers(raw, count) -> list[int]:
    return [int(raw.hear_text().split()[0]) for _ in range(count)]


@pytest.mark.parametrize("way", ["write", "write_soon", "send"])
@pytest.mark.parametrize(("size", "times"), [(10, 1), (10, 3000), (50_000, 15)])
def test_what_is_written_comes_in_order(slow_alice, way, size, times):
    assert numbers(slow_alice.do(way, size=size, times=times), times) == list(range(times))


def test_a_frame_larger_than_all_that_may_wait_comes_whole(slow_alice):
    assert len(slow_alice.do("write", size=3_000_000).hear_text()) == 3_000_000


def test_ways_of_writing_keep_their_order(slow_alice):
    commands = [{"do": way, "size": size} for size in (10, 70_000) for way in ("write_soon", "write", "send") * 2]
    slow_alice.do_at_once(*commands)
    assert [len(slow_alice.hear_text()) for _ in commands] == [10] * 6 + [70_000] * 6


def test_a_pong_never_cuts_a_frame_in_two(slow_alice):
    slow_alice.do("write", size=100_000, times=5)
    # Most of it waits on the server now: its socket and ours hold far less.
    slow_alice.send(b"".join(frame(PING, b"%d" % number) for number in range(50)))
    heard = [slow_alice.hear() for _ in range(55)]
    assert [len(one.payload) for one in heard if one.opcode == TEXT] == [100_000] * 5
    assert [one.payload for one in heard if one.opcode == PONG] == [b"%d" % number for number in range(50)]


def test_what_waits_is_counted_and_is_nothing_when_it_is_read(slow_alice):
    assert slow_alice.ask("pending") == 0
    slow_alice.do_at_once({"do": "write", "size": 700_000}, {"do": "answer", "what": "pending"})
    slow_alice.hear()
    assert 0 < int(slow_alice.hear_text()) < 700_000
    assert slow_alice.ask("pending") == 0


def test_frames_of_one_turn_come_in_one_packet(alice):
    alice.do("write_soon", size=10, times=20)
    alice.hear()
    assert len(alice._read) == 19 * 12


def test_an_application_may_stop_reading_and_go_on(puppets, alice):
    with open_socket(puppets) as bob:
        assert alice.do("pause").hear_text() == "paused"
        alice.frame(PING, b"not now")
        bob.do("answer", what="everyone").hear_text()
        bob.do("resume_all")
        assert alice.hear() == Frame(PONG, b"not now")


def test_an_aborted_socket_is_cut_off(alice):
    with pytest.raises(ConnectionResetError):
        alice.do("abort").read_all()


def test_a_socket_that_is_gone_takes_what_is_written_to_it_in_silence(puppets, alice):
    bob = open_socket(puppets)
    # Before the server can know: the reset arrives while it writes.
    alice.do("write_to_all", size=100_000, times=5)
    bob.socket.close()
    assert numbers(alice, 5) == list(range(5))
    assert alice.do("write_to_all", size=10).hear_text()
