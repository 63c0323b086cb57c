"""The closing handshake, from either side: the cases 7 of the public conformance suite (RFC 6455 §7)."""

import pytest

from chat.tests.services import wait_until

from .octets import CLOSE, PING, TEXT, close_frame, frame, handshake
from .raw import Raw, open_socket

GOOD_CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 3000, 3999, 4000, 4999]
BAD_CODES = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535]


@pytest.fixture
def alice(echo):
    with open_socket(echo) as raw:
        yield raw


@pytest.fixture
def puppet(puppets):
    with open_socket(puppets) as raw:
        yield raw


# --- The client closes


@pytest.mark.parametrize("code", GOOD_CODES)
def test_a_close_is_answered_with_its_code_and_the_connection_ends(alice, code):
    assert alice.send(close_frame(code, b"bye")).hear().code == code
    assert alice.read_all() == b""


def test_a_close_without_a_code_is_answered_without_one(alice):
    assert alice.frame(CLOSE).hear().payload == b""
    assert alice.read_all() == b""


@pytest.mark.parametrize("code", BAD_CODES)
def test_a_code_that_may_not_be_sent_is_a_protocol_error(alice, code):
    assert alice.send(close_frame(code)).hear_close() == 1002


def test_a_close_with_half_a_code_is_a_protocol_error(alice):
    assert alice.frame(CLOSE, b"\x03").hear_close() == 1002


def test_a_reason_that_is_not_utf_8_closes_with_1007(alice):
    assert alice.send(close_frame(1000, b"\xce\xba\xe1\xbd\xb9\xed\xa0\x80")).hear_close() == 1007


@pytest.mark.parametrize("length", [0, 123])
def test_a_reason_up_to_its_limit_is_taken(alice, length):
    assert alice.send(close_frame(1000, b"r" * length)).hear().code == 1000


def test_a_reason_over_its_limit_is_a_protocol_error(alice):
    assert alice.send(close_frame(1000, b"r" * 124)).hear_close() == 1002


def test_what_was_said_before_the_close_is_answered_before_it(alice):
    alice.send(frame(TEXT, b"last words") + close_frame(1000))
    assert alice.hear_text() == "last words"
    assert alice.hear().code == 1000


@pytest.mark.parametrize("after", [frame(TEXT, b"and another thing"), frame(PING, b""), close_frame(1000)])
def test_nothing_is_answered_after_the_close(alice, after):
    alice.send(close_frame(1000) + after)
    assert alice.hear().code == 1000
    assert alice.read_all() == b""


def test_a_client_that_is_just_gone_is_told_to_the_application_as_1006(puppets, puppet):
    before = puppet.ask("closed")
    open_socket(puppets).socket.close()
    assert wait_until(lambda: 1006 in puppet.ask("closed")[len(before) :])


def test_the_application_is_told_the_clients_code(puppets, puppet):
    with open_socket(puppets) as bob:
        bob.send(close_frame(4321))
        assert bob.hear().code == 4321
    assert wait_until(lambda: 4321 in puppet.ask("closed"))


# --- The server closes


@pytest.mark.parametrize("code", [1000, 1003, 1008, 1011, 1012, 1013, 4001])
def test_the_application_closes_with_any_code_that_may_be_sent(puppet, code):
    assert puppet.do("close", code=code).hear_close() == code


def test_a_long_reason_is_cut_between_characters(puppet):
    heard = puppet.do("close", code=4000, reason="é" * 100).hear()
    assert heard.payload[2:].decode() == "é" * 61


def test_what_was_written_before_the_close_is_heard_before_it(puppet):
    puppet.do("write", size=200_000, times=3).do("close", code=1012)
    assert [len(puppet.hear_text()) for _ in range(3)] == [200_000] * 3
    assert puppet.hear_close() == 1012


def test_what_is_written_after_the_close_is_not_sent(puppets):
    with open_socket(puppets) as puppet:
        puppet.do_at_once({"do": "close"}, {"do": "write"}, {"do": "write_soon"})
        assert puppet.hear_close() == 1000


def test_messages_that_cross_the_servers_close_are_ignored(puppet):
    puppet.do("close", code=1000).do("write", size=10).frame(PING, b"")
    assert puppet.hear_close() == 1000


@pytest.mark.parametrize("path", ["/fail", "/return"])
def test_an_application_that_does_not_answer_the_handshake_gives_500(start_server, path):
    server = start_server("chat.tests.server.puppet:application")
    server.may_log = "The application failed" if path == "/fail" else None
    with Raw(server.port) as raw:
        assert raw.send(handshake(path)).head().status == 500
        assert raw.read_all()


def test_an_application_that_fails_later_closes_with_1011(start_server):
    server = start_server("chat.tests.server.puppet:application")
    server.may_log = "as asked"
    with open_socket(server.port) as raw:
        assert raw.do("fail").hear_close() == 1011


def test_a_client_that_does_not_answer_the_close_is_cut_off_in_time(start_server):
    server = start_server("chat.tests.server.puppet:application", CLOSE_TIMEOUT_S=0.3)
    with open_socket(server.port) as raw:
        assert raw.do("close", code=1012).hear().code == 1012
        with pytest.raises(ConnectionResetError):
            raw.read_all()
