"""The closing handshake, begun by either side (RFC 6455 §7).

Autobahn validates codes and reasons of clients; its own tests cover that. The rest is ours.
"""

import pytest

from chat.tests.services import wait_until

from .octets import CLOSE, PING, TEXT, close_frame, frame, handshake
from .raw import Raw, open_socket


@pytest.fixture
def alice(echo):
    with open_socket(echo) as raw:
        yield raw


@pytest.fixture
def scripted_app(scripted_apps):
    with open_socket(scripted_apps) as raw:
        yield raw


# --- The client closes


@pytest.mark.parametrize("code", [1000, 1012, 4999])
def test_a_close_frame_is_answered_with_its_code_and_the_connection_ends(alice, code):
    assert alice.send(close_frame(code, b"bye")).receive().code == code
    assert alice.read_all() == b""


def test_a_close_frame_without_a_code_is_answered_without_one(alice):
    assert alice.send_frame(CLOSE).receive().payload == b""
    assert alice.read_all() == b""


def test_a_code_that_must_not_be_sent_is_a_protocol_error(alice):
    assert alice.send(close_frame(1005)).receive_close() == 1002


def test_messages_before_the_close_frame_are_answered_before_it(alice):
    alice.send(frame(TEXT, b"last words") + close_frame(1000))
    assert alice.receive_text() == "last words"
    assert alice.receive().code == 1000


@pytest.mark.parametrize("after", [frame(TEXT, b"and another thing"), frame(PING, b""), close_frame(1000)])
def test_frames_after_the_close_frame_are_ignored(alice, after):
    alice.send(close_frame(1000) + after)
    assert alice.receive().code == 1000
    assert alice.read_all() == b""


def test_the_application_gets_1006_for_a_client_that_leaves_without_a_close_frame(scripted_apps, scripted_app):
    before = scripted_app.ask("closed")
    open_socket(scripted_apps).socket.close()
    assert wait_until(lambda: 1006 in scripted_app.ask("closed")[len(before) :])


def test_the_application_gets_the_clients_code(scripted_apps, scripted_app):
    with open_socket(scripted_apps) as bob:
        bob.send(close_frame(4321))
        assert bob.receive().code == 4321
    assert wait_until(lambda: 4321 in scripted_app.ask("closed"))


# --- The server closes


@pytest.mark.parametrize("code", [1000, 1003, 1008, 1011, 1012, 1013, 4001])
def test_the_application_may_close_with_any_code_that_a_server_may_send(scripted_app, code):
    assert scripted_app.run("close", code=code).receive_close() == code


def test_a_long_reason_is_cut_between_characters(scripted_app):
    received = scripted_app.run("close", code=4000, reason="é" * 100).receive()
    assert received.payload[2:].decode() == "é" * 61


def test_frames_that_were_written_before_the_close_arrive_before_it(scripted_app):
    scripted_app.run("write", size=200_000, times=3).run("close", code=1012)
    assert [len(scripted_app.receive_text()) for _ in range(3)] == [200_000] * 3
    assert scripted_app.receive_close() == 1012


def test_frames_that_are_written_after_the_close_are_not_sent(scripted_app):
    scripted_app.run_in_one_packet({"do": "close"}, {"do": "write"}, {"do": "write_soon"})
    assert scripted_app.receive_close() == 1000


def test_messages_that_cross_the_servers_close_frame_are_ignored(scripted_app):
    scripted_app.run("close", code=1000).run("write", size=10).send_frame(PING, b"")
    assert scripted_app.receive_close() == 1000


@pytest.mark.parametrize("path", ["/fail", "/return"])
def test_an_application_that_ends_before_it_answers_the_handshake_gives_500(start_server, path):
    server = start_server("chat.tests.server.scripted_app:application")
    server.may_log = "The application failed" if path == "/fail" else None
    with Raw(server.port) as raw:
        assert raw.send(handshake(path)).head().status == 500
        assert raw.read_all()


def test_an_application_that_fails_later_closes_with_1011(start_server):
    server = start_server("chat.tests.server.scripted_app:application")
    server.may_log = "as asked"
    with open_socket(server.port) as raw:
        assert raw.run("fail").receive_close() == 1011


def test_a_client_that_does_not_answer_the_close_frame_is_disconnected_in_time(start_server):
    server = start_server("chat.tests.server.scripted_app:application", CLOSE_TIMEOUT_S=0.3)
    with open_socket(server.port) as raw:
        assert raw.run("close", code=1012).receive().code == 1012
        with pytest.raises(ConnectionResetError):
            raw.read_all()
