"""Shutdown: started work is finished, clients are informed, and the process ends in time with exit code 0."""

import signal

import pytest

from chat.tests.services import wait_until

from .conftest import ECHO, SCRIPTED_APP
from .octets import handshake, request
from .raw import Raw, open_socket

pytestmark = pytest.mark.core

DRAIN_S = 8


@pytest.fixture
def server(start_server):
    return start_server(SCRIPTED_APP, DRAIN_S=DRAIN_S)


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.extended)])
def test_an_application_that_handles_drain_sends_bye_and_closes_with_1012(server, number):
    with open_socket(server.port) as alice:
        alice.run("drains").ask("pending")
        server.signal(number)
        word, seconds = alice.receive_text().split()
        assert word == "bye"
        assert 0 < float(seconds) < 5
        assert alice.receive_close() == 1012
    assert server.wait() == 0


def test_an_application_that_does_not_handle_drain_is_closed_with_1012(start_server):
    server = start_server(ECHO)
    with open_socket(server.port) as alice:
        assert alice.send_text("hello").receive_text() == "hello"
        server.terminate()
        assert alice.receive_close() == 1012
    assert server.wait() == 0


def test_commands_that_have_arrived_are_finished_first(server):
    with open_socket(server.port) as alice:
        alice.run("drains").ask("pending")
        alice.run_in_one_packet({"do": "work", "seconds": 0.5}, *[{"do": "write", "size": 10}] * 5)
        assert alice.receive_text() == "started"
        server.terminate()
        assert alice.receive_text() == "done"
        assert [len(alice.receive_text()) for _ in range(5)] == [10] * 5
        assert alice.receive_text().startswith("bye")
        assert alice.receive_close() == 1012
    assert server.wait() == 0


def test_bytes_that_wait_for_a_slow_reader_are_sent_before_the_end(server):
    with open_socket(server.port, receive_buffer=4096) as slow:
        slow.run("drains").ask("pending")
        slow.run("write", size=900_000)
        slow.read(1)
        server.terminate()
        wait_until(lambda: _refuses(server.port))
        slow._read = b"\x81" + slow._read
        assert len(slow.receive_text()) == 900_000
        assert slow.receive_text().startswith("bye")
        assert slow.receive_close() == 1012
    assert server.wait() == 0


def test_requests_in_progress_are_answered_and_no_new_ones_are_accepted(server):
    with Raw(server.port) as flight, Raw(server.port) as idle, open_socket(server.port) as alice:
        alice.run("drains").ask("pending")
        assert idle.get().status == 200
        idle.read_to(b"\r\n0\r\n\r\n")
        flight.send(request("/work"))
        server.terminate()
        assert idle.read_all() == b""
        wait_until(lambda: _refuses(server.port))
        head = flight.head()
        assert (head.status, head.headers["connection"]) == (200, "close")
        flight.read_all()
        assert alice.receive_text().startswith("bye")
        assert alice.receive_close() == 1012
    assert server.wait() == 0


@pytest.mark.parametrize("begun", [pytest.param(b"", marks=pytest.mark.extended), request("/work")[:20]])
def test_a_new_connection_may_send_its_first_request(server, begun):
    with Raw(server.port) as fresh, open_socket(server.port) as alice:
        alice.run("drains").ask("pending")
        fresh.send(begun)
        server.terminate()
        assert alice.receive_text().startswith("bye")
        head = fresh.send(request("/work")[len(begun) :]).head()
        assert (head.status, head.headers["connection"]) == (200, "close")
        assert alice.receive_close() == 1012
    assert server.wait() == 0


def test_a_connection_without_a_request_does_not_delay_the_end(start_server):
    server = start_server(SCRIPTED_APP, DRAIN_S=600)
    with Raw(server.port) as silent:
        server.terminate()
        assert silent.read_all() == b""
    assert server.wait() == 0


def test_a_handshake_without_an_answer_gets_503_with_retry_after(start_server):
    # It waits for its answer for the whole time.
    server = start_server(SCRIPTED_APP, DRAIN_S=3)
    with Raw(server.port) as raw, open_socket(server.port) as alice:
        raw.send(handshake("/never"))
        alice.run("drains").ask("pending")
        server.terminate()
        head = raw.head()
        assert (head.status, head.headers["retry-after"]) == (503, "1")
        alice.receive_text()
        assert alice.receive_close() == 1012
    assert server.wait() == 0


def test_a_request_in_progress_gets_its_complete_response(start_server):
    server = start_server(SCRIPTED_APP)
    with Raw(server.port) as flight:
        flight.send(request("/?50"))
        assert flight.head().status == 200
        server.terminate()
        body = flight.read_all()
        assert body.count(b"x") == 50 * 65536
        assert body.endswith(b"0\r\n\r\n")
    assert server.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_server_ends_at_once(start_server, number):
    server = start_server(SCRIPTED_APP, DRAIN_S=600)
    server.signal(number)
    assert server.wait() == 0


def test_requests_and_sockets_that_do_not_end_are_ended_in_time(start_server):
    server = start_server(SCRIPTED_APP, DRAIN_S=2)
    server.may_log = "took too long"
    with Raw(server.port) as stuck, open_socket(server.port) as deaf, open_socket(server.port) as alice:
        stuck.send(request("/stuck"))
        assert deaf.run("block").receive_text() == "blocked"
        alice.ask("pending")
        server.terminate()
        assert server.wait() == 0
        assert deaf.receive().code == 1012


def test_a_thread_that_hangs_does_not_delay_the_end(start_server):
    server = start_server("chat.tests.server.hanging:application", DRAIN_S=2)
    with Raw(server.port) as raw:
        raw.send(request("/"))
        assert raw.head().status == 200
        server.terminate()
        assert server.wait() == 0


def test_a_second_ctrl_c_ends_at_once(start_server):
    server = start_server(SCRIPTED_APP, DRAIN_S=600)
    with open_socket(server.port) as deaf:
        assert deaf.run("block").receive_text() == "blocked"
        server.signal(signal.SIGINT)
        wait_until(lambda: _refuses(server.port))
        server.signal(signal.SIGINT)
        assert server.wait() == 0


def test_the_site_ends_without_errors_in_the_log(make_site):
    site = make_site()
    with open_socket(site.port, "/chat", "Host: localhost") as guest:
        assert '"welcome"' in guest.receive_text()
        site.workers[0].terminate()
        assert '"type":"bye"' in guest.receive_text()
        assert guest.receive_close() == 1012
    assert site.workers[0].wait() == 0
    assert not site.errors_logged({}), site.log


def _refuses(port: int) -> bool:
    try:
        Raw(port).socket.close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:
        # The listening socket was closed during the TCP handshake.
        return False
    return False
