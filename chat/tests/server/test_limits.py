"""What is too large, too many, too slow or dead is told so, or let go."""

from contextlib import ExitStack

import pytest

from chat.tests.services import wait_until

from .conftest import ECHO, PUPPET
from .raw import (
    BINARY,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    Raw,
    close_frame,
    frame,
    handshake,
    open_socket,
    request,
    status_of,
)

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


# --- Time


@pytest.fixture(scope="module")
def hasty(start_server):
    """The port of a server that waits half a second for anything."""
    return start_server(PUPPET, "--ping-interval", "1", "--ping-timeout", "1", HANDSHAKE_TIMEOUT_S=0.5).port


@pytest.mark.parametrize("data", [b"", b"GET / HT", b"GET / HTTP/1.1\r\n", handshake()[:-2]])
def test_a_head_that_does_not_end_in_time_gets_408(hasty, data):
    with Raw(hasty) as raw:
        raw.send(data)
        assert raw.head().status == 408
        raw.read_all()


def test_a_head_that_drips_gets_408(hasty):
    with Raw(hasty) as raw:
        raw.socket.settimeout(0.05)
        received = b""
        for byte in handshake("/", "X-Slow: " + "x" * 8000):
            try:
                raw.send(bytes([byte]))
                received += raw.socket.recv(1000)
            except TimeoutError:
                continue
            if received:
                break
        assert received.startswith(b"HTTP/1.1 408")


def test_the_head_of_a_later_request_has_its_own_time(hasty):
    with Raw(hasty) as raw:
        assert raw.get().status == 200
        raw.read_to(b"\r\n0\r\n\r\n")
        raw.send(b"GET / HTT")
        assert raw.head().status == 408


def test_an_application_that_does_not_answer_the_handshake_gives_503(hasty):
    with Raw(hasty) as raw:
        assert raw.upgrade("/never").status == 503
        raw.read_all()


def test_a_client_that_answers_pings_stays(hasty):
    with open_socket(hasty) as raw:
        for _ in range(4):
            ping = raw.hear()
            assert ping.opcode == PING
            raw.frame(PONG, ping.payload)
        assert raw.ask("pending") == 0


def test_a_dead_client_is_found_although_it_is_written_to(hasty):
    with open_socket(hasty) as dead, open_socket(hasty) as alice:
        while alice.ask("everyone") > 1:
            alice.do("write_to_all").hear()
            alice.frame(PONG)
        with pytest.raises(ConnectionResetError):
            dead.read_all()


# --- Requests


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: 10000000"],
        ["Content-Length: " + "9" * 5000],
        ["Content-Length: 1" + "0" * 18],
    ],
)
def test_a_body_that_says_it_is_too_large_gets_413(start_server, lines):
    port = start_server(ECHO, MAX_REQUEST_BYTES=1000).port
    assert status_of(port, request("/", *lines)) == 413


def test_a_body_that_grows_too_large_gets_413(start_server):
    port = start_server(ECHO, MAX_REQUEST_BYTES=1000).port
    head = request("/", "Transfer-Encoding: chunked").replace(b"GET", b"POST")
    assert status_of(port, head + b"200\r\n" + b"x" * 512 + b"\r\n0\r\n\r\n") == 200
    assert status_of(port, head + (b"200\r\n" + b"x" * 512 + b"\r\n") * 3 + b"0\r\n\r\n") == 413


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: 5", "Content-Length: 6"],
        ["Content-Length: 5", "Transfer-Encoding: chunked"],
        ["Content-Length: +5"],
        ["Content-Length: -5"],
        ["Transfer-Encoding: gzip"],
        ["Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
        ["Bad Name: x"],
        ["X-Bell: \x0b"],
    ],
)
def test_a_request_that_could_be_two_is_refused(echo, lines):
    data = request("/", *lines) + b"0\r\n\r\n" + request("/smuggled")
    with Raw(echo) as raw:
        assert raw.send(data).head().status == 400
        assert b"200 OK" not in raw.read_all()


def test_a_thousand_bad_clients_leave_nothing_behind(small):
    with ExitStack() as stack:
        for number in range(300):
            raw = stack.enter_context(Raw(small))
            raw.send([b"GET", handshake()[: number % 90], handshake("/", without="Host")][number % 3])
    with open_socket(small) as alice:
        assert alice.say("well?").hear_text() == "well?"
