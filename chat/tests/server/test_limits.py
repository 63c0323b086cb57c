"""Messages that are too large, and connections that are too many."""

from contextlib import ExitStack

import pytest

from chat.tests.services import wait_until

from .conftest import ECHO, PUPPET
from .octets import BINARY, CONTINUATION, TEXT, close_frame, frame, handshake, request
from .raw import Raw, open_socket, status_of

SIZE = 1000


# --- Messages (RFC 6455 §7.4.1: 1009)


@pytest.fixture(scope="module")
def small(start_server):
    """The port of a server that takes messages of up to SIZE bytes."""
    return start_server(ECHO, "--websocket-max-message-size", str(SIZE), "--websocket-max-frame-size", "0").port


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_a_message_of_the_limit_is_taken_and_one_byte_more_closes_with_1009(small, opcode):
    with open_socket(small) as raw:
        assert len(raw.frame(opcode, b"x" * SIZE).hear().payload) == SIZE
        assert raw.frame(opcode, b"x" * (SIZE + 1)).hear_close() == 1009


def test_a_message_is_too_large_over_all_its_fragments(small):
    with open_socket(small) as raw:
        raw.frame(TEXT, b"x" * 600, fin=False).frame(CONTINUATION, b"x" * 600)
        assert raw.hear_close() == 1009


def test_a_message_is_too_large_as_soon_as_it_says_its_length(small):
    with open_socket(small) as raw:
        assert raw.send(frame(TEXT, b"x" * 100_000)[:20]).hear_close() == 1009


def test_a_client_that_sends_on_after_1009_still_reads_it(small):
    with open_socket(small) as raw:
        raw.send(frame(TEXT, b"x" * 3_000_000))
        assert raw.hear_close() == 1009


def test_the_site_takes_messages_of_256_kib(make_site):
    site = make_site()
    with open_socket(site.port, "/chat", "Host: localhost") as raw:
        raw.hear_text()
        assert '"error"' in raw.say("x" * 256 * 1024).hear_text()
        assert raw.say("x" * (256 * 1024 + 1)).hear_close() == 1009


# --- Connections


def test_a_full_server_says_503_and_has_room_again_when_one_leaves(start_server):
    port = start_server(ECHO, MAX_CONNECTIONS=2).port
    with open_socket(port) as alice, open_socket(port):
        with Raw(port) as charlie:
            head = charlie.upgrade()
            assert (head.status, head.headers["retry-after"]) == (503, "5")
            assert b"full" in charlie.read_all()
        assert status_of(port, request()) == 200
        alice.send(close_frame(1000)).read_all()
        wait_until(lambda: status_of(port, handshake()) == 101)


def test_an_address_has_its_share_and_others_have_theirs(start_server):
    port = start_server(ECHO, MAX_CONNECTIONS_PER_ADDRESS=1, TRUSTED_PROXIES="127.0.0.1").port
    alice, bob = "X-Forwarded-For: 192.0.2.1", "X-Forwarded-For: 192.0.2.2"
    with open_socket(port, "/", alice):
        assert status_of(port, handshake("/", alice)) == 503
        assert status_of(port, handshake("/", bob)) == 101
    wait_until(lambda: status_of(port, handshake("/", alice)) == 101)


def test_a_refused_handshake_takes_no_place(start_server):
    port = start_server(PUPPET, MAX_CONNECTIONS=1).port
    for _ in range(3):
        assert status_of(port, handshake("/close")) == 403
        assert status_of(port, handshake("/deny")) == 404
    wait_until(lambda: status_of(port, handshake()) == 101)


def test_a_thousand_bad_clients_leave_nothing_behind(small):
    with ExitStack() as stack:
        for number in range(300):
            raw = stack.enter_context(Raw(small))
            raw.send([b"GET", handshake()[: number % 90], handshake("/", without="Host")][number % 3])
    with open_socket(small) as alice:
        assert alice.say("well?").hear_text() == "well?"
