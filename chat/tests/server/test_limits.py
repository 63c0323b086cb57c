"""Limits of the size of messages and of the number of connections."""

from contextlib import ExitStack

import pytest

from chat.tests.services import wait_until

from .conftest import ECHO, SCRIPTED_APP
from .octets import BINARY, CONTINUATION, TEXT, close_frame, frame, handshake, request
from .raw import Raw, open_socket, status_of

pytestmark = pytest.mark.core

SIZE = 1000


# --- Messages (RFC 6455 §7.4.1: 1009)


@pytest.fixture(scope="module")
def small(start_server):
    """The port of a server that accepts messages of up to SIZE bytes."""
    return start_server(ECHO, "--websocket-max-message-size", str(SIZE), "--websocket-max-frame-size", "0").port


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_a_message_of_the_limit_is_accepted_and_one_byte_more_closes_with_1009(small, opcode):
    with open_socket(small) as raw:
        assert len(raw.send_frame(opcode, b"x" * SIZE).receive().payload) == SIZE
        assert raw.send_frame(opcode, b"x" * (SIZE + 1)).receive_close() == 1009


def test_the_limit_applies_to_all_fragments_together(small):
    with open_socket(small) as raw:
        raw.send_frame(TEXT, b"x" * 600, fin=False).send_frame(CONTINUATION, b"x" * 600)
        assert raw.receive_close() == 1009


def test_a_message_is_too_large_as_soon_as_its_length_arrives(small):
    with open_socket(small) as raw:
        assert raw.send(frame(TEXT, b"x" * 100_000)[:20]).receive_close() == 1009


def test_a_client_that_continues_to_send_can_read_1009(small):
    with open_socket(small) as raw:
        raw.send(frame(TEXT, b"x" * 3_000_000))
        assert raw.receive_close() == 1009


def test_the_site_accepts_messages_of_256_kib(site):
    with open_socket(site.port, "/chat", "Host: localhost") as raw:
        raw.receive_text()
        assert '"error"' in raw.send_text("x" * 256 * 1024).receive_text()
        assert raw.send_text("x" * (256 * 1024 + 1)).receive_close() == 1009


# --- Connections


def test_a_full_server_answers_503_until_a_client_leaves(start_server):
    port = start_server(ECHO, MAX_CONNECTIONS=2).port
    with open_socket(port) as alice, open_socket(port):
        with Raw(port) as charlie:
            head = charlie.upgrade()
            assert (head.status, head.headers["retry-after"]) == (503, "5")
            assert b"full" in charlie.read_all()
        assert status_of(port, request()) == 200
        alice.send(close_frame(1000)).read_all()
        wait_until(lambda: status_of(port, handshake()) == 101)


def test_each_address_has_its_own_limit(start_server):
    port = start_server(ECHO, MAX_CONNECTIONS_PER_ADDRESS=1, TRUSTED_PROXIES="127.0.0.1").port
    alice, bob = "X-Forwarded-For: 192.0.2.1", "X-Forwarded-For: 192.0.2.2"
    with open_socket(port, "/", alice):
        assert status_of(port, handshake("/", alice)) == 503
        assert status_of(port, handshake("/", bob)) == 101
    wait_until(lambda: status_of(port, handshake("/", alice)) == 101)


def test_a_refused_handshake_does_not_count(start_server):
    port = start_server(SCRIPTED_APP, MAX_CONNECTIONS=1).port
    for _ in range(3):
        assert status_of(port, handshake("/close")) == 403
        assert status_of(port, handshake("/deny")) == 404
    wait_until(lambda: status_of(port, handshake()) == 101)


def test_300_broken_clients_do_not_disturb_the_next_one(small):
    with ExitStack() as stack:
        for number in range(300):
            raw = stack.enter_context(Raw(small))
            raw.send([b"GET", handshake()[: number % 90], handshake("/", without="Host")][number % 3])
    with open_socket(small) as alice:
        assert alice.send_text("well?").receive_text() == "well?"
