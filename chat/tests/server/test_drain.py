"""The end: what was begun is finished, everybody is told, and the process is gone in time with exit code 0."""

import signal

import pytest

from chat.tests.services import wait_until

from .conftest import ECHO, PUPPET
from .octets import handshake, request
from .raw import Raw, open_socket

DRAIN_S = 8


@pytest.fixture
def server(start_server):
    return start_server(PUPPET, DRAIN_S=DRAIN_S)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_application_that_drains_says_good_bye_and_closes_with_1012(server, number):
    with open_socket(server.port) as alice:
        alice.do("drains").ask("pending")
        server.signal(number)
        said, seconds = alice.hear_text().split()
        assert said == "bye"
        assert 0 < float(seconds) < 5
        assert alice.hear_close() == 1012
    assert server.wait() == 0


def test_an_application_that_knows_nothing_of_it_is_closed_with_1012(start_server):
    server = start_server(ECHO)
    with open_socket(server.port) as alice:
        assert alice.say("hello").hear_text() == "hello"
        server.terminate()
        assert alice.hear_close() == 1012
    assert server.wait() == 0


def test_commands_already_begun_are_finished_first(server):
    with open_socket(server.port) as alice:
        alice.do("drains").ask("pending")
        alice.do_at_once({"do": "work", "seconds": 0.5}, *[{"do": "write", "size": 10}] * 5)
        assert alice.hear_text() == "begun"
        server.terminate()
        assert alice.hear_text() == "done"
        assert [len(alice.hear_text()) for _ in range(5)] == [10] * 5
        assert alice.hear_text().startswith("bye")
        assert alice.hear_close() == 1012
    assert server.wait() == 0


def test_what_is_owed_to_a_slow_reader_is_sent_before_the_end(server):
    with open_socket(server.port, receive_buffer=4096) as slow:
        slow.do("drains").ask("pending")
        slow.do("write", size=900_000)
        slow.read(1)
        server.terminate()
        wait_until(lambda: _refuses(server.port))
        slow._read = b"\x81" + slow._read
        assert len(slow.hear_text()) == 900_000
        assert slow.hear_text().startswith("bye")
        assert slow.hear_close() == 1012
    assert server.wait() == 0


def test_requests_in_flight_are_answered_and_no_new_ones_are_taken(server):
    with Raw(server.port) as flight, Raw(server.port) as idle, open_socket(server.port) as alice:
        alice.do("drains").ask("pending")
        assert idle.get().status == 200
        idle.read_to(b"\r\n0\r\n\r\n")
        flight.send(request("/work"))
        server.terminate()
        assert idle.read_all() == b""
        wait_until(lambda: _refuses(server.port))
        head = flight.head()
        assert (head.status, head.headers["connection"]) == (200, "close")
        flight.read_all()
        assert alice.hear_text().startswith("bye")
        assert alice.hear_close() == 1012
    assert server.wait() == 0


@pytest.mark.parametrize("begun", [b"", request("/work")[:20]])
def test_a_connection_that_was_just_opened_to_ask_is_answered(server, begun):
    with Raw(server.port) as fresh, open_socket(server.port) as alice:
        alice.do("drains").ask("pending")
        fresh.send(begun)
        server.terminate()
        assert alice.hear_text().startswith("bye")
        head = fresh.send(request("/work")[len(begun) :]).head()
        assert (head.status, head.headers["connection"]) == (200, "close")
        assert alice.hear_close() == 1012
    assert server.wait() == 0


def test_a_connection_that_never_asks_does_not_hold_the_end_up(start_server):
    server = start_server(PUPPET, DRAIN_S=600)
    with Raw(server.port) as silent:
        server.terminate()
        assert silent.read_all() == b""
    assert server.wait() == 0


def test_a_handshake_that_is_not_answered_yet_is_told_to_come_back(server):
    with Raw(server.port) as raw, open_socket(server.port) as alice:
        raw.send(handshake("/never"))
        alice.do("drains").ask("pending")
        server.terminate()
        head = raw.head()
        assert (head.status, head.headers["retry-after"]) == (503, "1")
        alice.hear_text()
        assert alice.hear_close() == 1012
    assert server.wait() == 0


def test_a_request_in_flight_gets_its_whole_answer(start_server):
    server = start_server(PUPPET)
    with Raw(server.port) as flight:
        flight.send(request("/?50"))
        assert flight.head().status == 200
        server.terminate()
        body = flight.read_all()
        assert body.count(b"x") == 50 * 65536
        assert body.endswith(b"0\r\n\r\n")
    assert server.wait() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_with_nothing_to_do_waits_for_nobody(start_server, number):
    server = start_server(PUPPET, DRAIN_S=600)
    server.signal(number)
    assert server.wait() == 0


def test_what_does_not_end_by_itself_is_ended_in_time(start_server):
    server = start_server(PUPPET, DRAIN_S=2)
    server.may_log = "took too long"
    with Raw(server.port) as stuck, open_socket(server.port) as deaf, open_socket(server.port) as alice:
        stuck.send(request("/stuck"))
        assert deaf.do("hold").hear_text() == "held"
        alice.ask("pending")
        server.terminate()
        assert server.wait() == 0
        assert deaf.hear().code == 1012


def test_a_thread_that_hangs_does_not_hold_the_end_up(start_server):
    server = start_server("chat.tests.server.hanging:application", DRAIN_S=2)
    with Raw(server.port) as raw:
        raw.send(request("/"))
        assert raw.head().status == 200
        server.terminate()
        assert server.wait() == 0


def test_a_second_ctrl_c_ends_at_once(start_server):
    server = start_server(PUPPET, DRAIN_S=600)
    with open_socket(server.port) as deaf:
        assert deaf.do("hold").hear_text() == "held"
        server.signal(signal.SIGINT)
        wait_until(lambda: _refuses(server.port))
        server.signal(signal.SIGINT)
        assert server.wait() == 0


def test_nothing_is_logged_as_an_error_when_the_site_ends(make_site):
    site = make_site()
    with open_socket(site.port, "/chat", "Host: localhost") as guest:
        assert '"welcome"' in guest.hear_text()
        site.workers[0].terminate()
        assert '"type":"bye"' in guest.hear_text()
        assert guest.hear_close() == 1012
    assert site.workers[0].wait() == 0
    assert not site.trouble({}), site.log


def _refuses(port: int) -> bool:
    try:
        Raw(port).socket.close()
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:
        # It came between: the listening socket was closed amid the handshake.
        return False
    return False
