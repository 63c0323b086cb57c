"""Time limits: slow clients get an error, dead ones are disconnected."""

import pytest

from .conftest import SCRIPTED_APP
from .octets import PING, PONG, handshake, request
from .raw import Raw, open_socket

pytestmark = pytest.mark.extended


@pytest.fixture(scope="module")
def port(start_server):
    """The port of a server with time limits of half a second."""
    return start_server(
        SCRIPTED_APP, "--ping-interval", "1", "--ping-timeout", "4", HANDSHAKE_TIMEOUT_S=0.5, BODY_TIMEOUT_S=0.5
    ).port


@pytest.mark.parametrize("data", [b"", b"GET / HT", b"GET / HTTP/1.1\r\n", handshake()[:-2]])
def test_a_head_that_does_not_end_in_time_gets_408(port, data):
    with Raw(port) as raw:
        raw.send(data)
        assert raw.head().status == 408
        raw.read_all()


def test_a_head_that_arrives_byte_by_byte_gets_408(port):
    with Raw(port) as raw:
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


def test_the_head_of_a_later_request_has_its_own_limit(port):
    with Raw(port) as raw:
        assert raw.get().status == 200
        raw.read_to(b"\r\n0\r\n\r\n")
        raw.send(b"GET / HTT")
        assert raw.head().status == 408


@pytest.mark.parametrize("line", ["Content-Length: 100", "Transfer-Encoding: chunked"])
def test_a_body_that_does_not_end_in_time_gets_408(port, line):
    with Raw(port) as raw:
        raw.send(request("/", line).replace(b"GET", b"POST") + b"5\r\n")
        assert raw.head().status == 408
        raw.read_all()


def test_a_complete_request_has_no_limit(port):
    with Raw(port) as raw:
        assert raw.send(request("/work", "Content-Length: 1").replace(b"GET", b"POST") + b"x").head().status == 200


def test_an_application_that_does_not_answer_the_handshake_gives_503(port):
    with Raw(port) as raw:
        assert raw.upgrade("/never").status == 503
        raw.read_all()


def test_a_client_that_answers_pings_stays(port):
    with open_socket(port) as raw:
        for _ in range(4):
            ping = raw.receive()
            assert ping.opcode == PING
            raw.send_frame(PONG, ping.payload)
        assert raw.ask("pending") == 0


def test_a_dead_client_is_found_even_if_the_server_writes_to_it(port):
    with open_socket(port) as dead, open_socket(port) as alice:
        while alice.ask("open_sockets") > 1:
            alice.run("write_to_all").receive()
            alice.send_frame(PONG)
        with pytest.raises(ConnectionResetError):
            dead.read_all()
