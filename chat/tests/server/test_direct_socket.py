"""DirectSocket: frames arrive complete and in order, however many bytes the kernel accepts."""

import pytest

from .octets import PING, PONG, TEXT, frame
from .raw import Frame, open_socket


@pytest.fixture
def alice(scripted_apps):
    with open_socket(scripted_apps) as raw:
        yield raw


@pytest.fixture
def slow_alice(scripted_apps):
    """A socket with small buffers, so that the kernel accepts most writes only in part."""
    with open_socket(scripted_apps, receive_buffer=4096) as raw:
        yield raw


def numbers(raw, count) -> list[int]:
    return [int(raw.receive_text().split()[0]) for _ in range(count)]


@pytest.mark.parametrize("way", ["write", "write_soon", "send"])
@pytest.mark.parametrize(("size", "times"), [(10, 1), (10, 3000), (50_000, 15)])
def test_frames_arrive_in_the_order_of_writes(slow_alice, way, size, times):
    assert numbers(slow_alice.run(way, size=size, times=times), times) == list(range(times))


def test_a_frame_larger_than_the_limit_arrives_complete(slow_alice):
    assert len(slow_alice.run("write", size=3_000_000).receive_text()) == 3_000_000


def test_different_ways_of_writing_keep_their_order(slow_alice):
    commands = [{"do": way, "size": size} for size in (10, 70_000) for way in ("write_soon", "write", "send") * 2]
    slow_alice.run_in_one_packet(*commands)
    assert [len(slow_alice.receive_text()) for _ in commands] == [10] * 6 + [70_000] * 6


def test_a_pong_is_never_sent_inside_a_frame(slow_alice):
    slow_alice.run("write", size=100_000, times=5)
    # Most of it waits on the server now: the buffers of both sockets are smaller.
    slow_alice.send(b"".join(frame(PING, b"%d" % number) for number in range(50)))
    received = [slow_alice.receive() for _ in range(55)]
    assert [len(one.payload) for one in received if one.opcode == TEXT] == [100_000] * 5
    assert [one.payload for one in received if one.opcode == PONG] == [b"%d" % number for number in range(50)]


def test_pending_counts_waiting_bytes_and_is_0_when_all_is_read(slow_alice):
    assert slow_alice.ask("pending") == 0
    slow_alice.run_in_one_packet({"do": "write", "size": 700_000}, {"do": "answer", "what": "pending"})
    slow_alice.receive()
    assert 0 < int(slow_alice.receive_text()) < 700_000
    assert slow_alice.ask("pending") == 0


def test_frames_of_one_loop_iteration_arrive_in_one_packet(alice):
    alice.run("write_soon", size=10, times=20)
    alice.receive()
    assert len(alice._read) == 19 * 12


def test_an_application_may_pause_and_resume_reading(scripted_apps, alice):
    with open_socket(scripted_apps) as bob:
        assert alice.run("pause").receive_text() == "paused"
        alice.send_frame(PING, b"not now")
        bob.run("answer", what="open_sockets").receive_text()
        bob.run("resume_all")
        assert alice.receive() == Frame(PONG, b"not now")


def test_an_aborted_socket_is_reset(alice):
    with pytest.raises(ConnectionResetError):
        alice.run("abort").read_all()


def test_writing_to_a_socket_whose_client_left_does_nothing(scripted_apps, alice):
    bob = open_socket(scripted_apps)
    # The reset arrives while the server writes, before it can know.
    alice.run("write_to_all", size=100_000, times=5)
    bob.socket.close()
    assert numbers(alice, 5) == list(range(5))
    assert alice.run("write_to_all", size=10).receive_text()
