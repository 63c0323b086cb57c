"""Reading from a client pauses while the application is behind, and resumes later."""

import pytest

from .octets import PING, PONG, TEXT, frame, handshake
from .raw import Frame, open_socket
from .raw import Raw as RawSocket

pytestmark = pytest.mark.extended


def test_a_client_that_sends_faster_than_the_application_works_is_paused(scripted_apps):
    with open_socket(scripted_apps) as fast, open_socket(scripted_apps) as alice:
        assert fast.run("block").receive_text() == "blocked"
        message = frame(TEXT, b'{"do": "write", "size": 9}'.ljust(60_000))
        fast.socket.settimeout(1)
        sent = _send_until_blocked(fast, message, 2000)
        # Of 120 MB, the kernel's buffers accept a few.
        assert sent < 500
        alice.run("unblock_all")
        fast.socket.settimeout(30)
        fast.send(fast.rest)
        assert [fast.receive_text() for _ in range(sent)] == ["0".ljust(9, "x").replace("0x", "0 ", 1)] * sent


def test_a_thousand_messages_in_one_packet_are_all_answered_in_order(scripted_apps):
    with open_socket(scripted_apps) as alice:
        alice.send(b"".join(frame(TEXT, b'{"do": "write", "size": %d}' % (size + 2)) for size in range(1000)))
        assert [len(alice.receive_text()) for _ in range(1000)] == list(range(2, 1002))


def test_a_ping_behind_paused_messages_is_answered_later(start_server):
    port = start_server("chat.tests.server.scripted_app:application").port
    with open_socket(port) as busy, open_socket(port) as alice:
        assert busy.run("block").receive_text() == "blocked"
        busy.send(frame(TEXT, b'{"do": "write", "size": 9}') * 40 + frame(PING, b"late"))
        assert alice.ask("open_sockets") == 2
        alice.run("unblock_all")
        received = [busy.receive() for _ in range(41)]
        assert received[-1] == Frame(PONG, b"late") or Frame(PONG, b"late") in received


def test_a_client_that_leaves_while_it_is_paused_is_noticed(start_server):
    port = start_server("chat.tests.server.scripted_app:application").port
    with open_socket(port) as alice:
        with open_socket(port) as fast:
            assert fast.run("block").receive_text() == "blocked"
            fast.send(frame(TEXT, b'{"do": "write", "size": 9}') * 100)
            assert alice.ask("open_sockets") == 2
        alice.run("unblock_all")
        while alice.ask("open_sockets") == 2:
            pass


@pytest.mark.parametrize("extra", [b"", frame(TEXT, b'{"do": "write", "size": 30}')])
def test_frames_that_arrive_before_the_handshake_is_answered_are_processed(scripted_apps, extra):
    with RawSocket(scripted_apps) as hasty:
        hasty.send(handshake() + frame(TEXT, b'{"do": "write", "size": 20}') + extra)
        assert hasty.head().status == 101
        assert len(hasty.receive_text()) == 20


def test_a_client_that_floods_before_the_handshake_is_answered_is_paused(start_server):
    port = start_server("chat.tests.server.scripted_app:application", HANDSHAKE_TIMEOUT_S=3).port
    with RawSocket(port) as hasty:
        hasty.send(handshake("/never"))
        hasty.socket.settimeout(0.5)
        assert _send_until_blocked(hasty, b"x" * 100_000, 2000) < 500


def _send_until_blocked(raw, data: bytes, times: int) -> int:
    """How often `data` was sent before the server accepted no more. `raw.rest` is what is left of the last one."""
    for number in range(times):
        taken = 0
        while taken < len(data):
            try:
                taken += raw.socket.send(data[taken:])
            except TimeoutError:
                raw.rest = data[taken:] if taken else b""
                return number + bool(taken)
    return times
