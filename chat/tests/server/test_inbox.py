"""Reading stops while the application is behind, and goes on when it has caught up."""

import pytest

from .octets import PING, PONG, TEXT, frame, handshake
from .raw import Frame, open_socket
from .raw import Raw as RawSocket


def test_a_client_that_says_more_than_is_taken_in_is_read_no_further(puppets):
    with open_socket(puppets) as fast, open_socket(puppets) as alice:
        assert fast.do("hold").hear_text() == "held"
        message = frame(TEXT, b'{"do": "write", "size": 9}'.ljust(60_000))
        fast.socket.settimeout(1)
        sent = _taken(fast, message, 2000)
        # 120 MB were offered; the kernel's buffers hold a few.
        assert sent < 500
        alice.do("let_go")
        fast.socket.settimeout(30)
        fast.send(fast.rest)
        assert [fast.hear_text() for _ in range(sent)] == ["0".ljust(9, "x").replace("0x", "0 ", 1)] * sent


def test_a_thousand_messages_in_one_packet_are_all_answered_in_order(puppets):
    with open_socket(puppets) as alice:
        alice.send(b"".join(frame(TEXT, b'{"do": "write", "size": %d}' % (size + 2)) for size in range(1000)))
        assert [len(alice.hear_text()) for _ in range(1000)] == list(range(2, 1002))


def test_pings_wait_their_turn_behind_what_is_not_read(start_server):
    port = start_server("chat.tests.server.puppet:application").port
    with open_socket(port) as busy, open_socket(port) as alice:
        assert busy.do("hold").hear_text() == "held"
        busy.send(frame(TEXT, b'{"do": "write", "size": 9}') * 40 + frame(PING, b"late"))
        assert alice.ask("everyone") == 2
        alice.do("let_go")
        heard = [busy.hear() for _ in range(41)]
        assert heard[-1] == Frame(PONG, b"late") or Frame(PONG, b"late") in heard


def test_a_client_that_goes_while_the_application_is_behind_is_noticed(start_server):
    port = start_server("chat.tests.server.puppet:application").port
    with open_socket(port) as alice:
        with open_socket(port) as fast:
            assert fast.do("hold").hear_text() == "held"
            fast.send(frame(TEXT, b'{"do": "write", "size": 9}') * 100)
            assert alice.ask("everyone") == 2
        alice.do("let_go")
        while alice.ask("everyone") == 2:
            pass


@pytest.mark.parametrize("extra", [b"", frame(TEXT, b'{"do": "write", "size": 30}')])
def test_a_client_that_does_not_wait_for_the_answer_is_heard_all_the_same(puppets, extra):
    with RawSocket(puppets) as hasty:
        hasty.send(handshake() + frame(TEXT, b'{"do": "write", "size": 20}') + extra)
        assert hasty.head().status == 101
        assert len(hasty.hear_text()) == 20


def test_a_client_that_floods_before_the_answer_is_read_no_further(start_server):
    port = start_server("chat.tests.server.puppet:application", HANDSHAKE_TIMEOUT_S=3).port
    with RawSocket(port) as hasty:
        hasty.send(handshake("/never"))
        hasty.socket.settimeout(0.5)
        assert _taken(hasty, b"x" * 100_000, 2000) < 500


def _taken(raw, data: bytes, times: int) -> int:
    """How many times `data` was sent whole before the server took no more; the rest of the last one is sent later."""
    for number in range(times):
        taken = 0
        while taken < len(data):
            try:
                taken += raw.socket.send(data[taken:])
            except TimeoutError:
                raw.rest = data[taken:] if taken else b""
                return number + bool(taken)
    return times
