"""The insides of others that the server leans on, one by one: a new version that changes one fails here first."""

import asyncio
import inspect
import socket
from asyncio import Queue

import pytest
from autobahn.twisted.websocket import WebSocketServerFactory, WebSocketServerProtocol
from daphne.cli import CommandLineInterface
from daphne.http_protocol import WebRequest
from daphne.server import Server
from twisted.internet import abstract, reactor, tcp
from twisted.web.http import HTTPChannel, Request

from project.serving.dialog import Dialog
from project.serving.framing import Framing, configured
from project.serving.handshake import Offer
from project.serving.reading import Reading
from project.serving.websocket import Socket

UNUSED = {"is_closed", "is_open", "_transport_details", "send_queue", "factory"}
"""What autobahn makes for each connection, and only its own ways in and out ask for."""

OVERRIDDEN = {
    *("connectionMade", "connectionLost", "dataReceived", "dropConnection", "_fail_connection"),
    *("onMessageBegin", "onMessageFrameData", "onMessageFrameEnd", "onMessageEnd", "onMessage"),
    "onFrameBegin",
    *("onCloseFrame", "sendCloseFrame", "sendData"),
}


@pytest.fixture
def factory():
    factory = WebSocketServerFactory()
    factory.setProtocolOptions(openHandshakeTimeout=0, failByDrop=True)
    return factory


@pytest.fixture
def framing(factory):
    """A framing whose calls are noted."""

    class Noting(Framing):
        def __init__(self):
            self.sent, self.calls = [], []

        def sendData(self, data, *_):
            self.sent.append(data)

        def later(self, call, *arguments):
            self.calls.append(arguments)

        def onMessage(self, payload, is_binary):
            self.calls.append((payload, is_binary))

    opened = {"inside_message": False, "current_frame": None, "websocket_version": 13}
    return configured(Noting, factory, state=Framing.STATE_OPEN, **opened)()


# --- autobahn


def test_all_that_autobahn_sets_on_a_new_connection_is_there_without_its_doing(factory):
    stock = WebSocketServerProtocol()
    stock.factory = factory
    stock._connectionMade()
    ours = configured(Socket, factory)(Offer(b"", ()), None, None)
    lacking = {name for name in vars(stock) if not hasattr(ours, name)} - UNUSED
    assert not lacking


def test_no_name_of_autobahn_is_taken_but_those_that_are_meant_to_be():
    stock = WebSocketServerProtocol()
    names = {name for kind in (Framing, Dialog, Reading, Socket) for name in vars(kind) if not name.startswith("__")}
    names |= set(vars(Socket(Offer(b"", ()), None, None)))
    assert {name for name in names if hasattr(stock, name)} == OVERRIDDEN


def test_autobahn_sends_frames_through_send_data(framing):
    framing.sendFrame(1, b"hello")
    framing.sendPing(b"p")
    framing.sendCloseFrame(1012)
    assert framing.sent == [b"\x81\x05hello", b"\x89\x01p", b"\x88\x02\x03\xf4"]
    assert framing.state == framing.STATE_CLOSING


def test_autobahn_hands_messages_on_through_on_message(framing):
    framing.dataReceived(b"\x81\x82\0\0\0\0hi\x82\x81\0\0\0\0!")
    assert framing.calls == [(b"hi", False), (b"!", True)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\x83\x80\0\0\0\0", 1002),
        (b"\x81\x81\0\0\0\0\xff", 1007),
        (b"\x88\x82\0\0\0\0\x00\x01", None),
    ],
)
def test_autobahn_fails_connections_through_fail_connection_and_reads_no_further(framing, data, code):
    framing.dataReceived(data + b"\x89\x80\0\0\0\0")
    assert framing.ended
    assert framing.calls[0][0] == (code or 1)
    assert framing.sent == []


def test_autobahn_tells_of_sizes_through_fail_connection(framing):
    type(framing).maxMessagePayloadSize = 10
    framing.dataReceived(b"\x81\x8b\0\0\0\0")
    assert framing.calls[0][0] == 1009


def test_autobahn_takes_its_states_from_these_names():
    states = [Framing.STATE_CONNECTING, Framing.STATE_OPEN, Framing.STATE_CLOSING, Framing.STATE_CLOSED]
    assert len(set(states)) == 4


def test_autobahn_compresses_nothing_unless_asked(factory):
    assert factory.perMessageCompressionAccept([]) is None


# --- Twisted


def test_twisted_has_a_kernel_socket_and_says_whether_it_is_encrypted():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = tcp.Connection(ours, None, reactor)
        assert connection.getHandle() is ours
        assert connection.TLS is False
        assert connection.producer is None


def test_twisted_pulls_from_a_producer_at_once_and_whenever_it_has_sent_all():
    pulled, sent = [], []

    class Descriptor(abstract.FileDescriptor):
        connected = 1

        def writeSomeData(self, data):
            sent.append(bytes(data))
            return len(data)

        def startWriting(self):
            return

        stopWriting = startWriting

    class Producer:
        def resumeProducing(self):
            pulled.append(len(sent))

    descriptor = Descriptor(reactor)
    descriptor.registerProducer(Producer(), False)
    descriptor.write(b"some")
    descriptor.doWrite()
    assert (pulled, sent) == ([0, 1], [b"some"])


def test_twisted_has_the_loop_that_its_reactor_runs_on():
    assert isinstance(reactor._asyncioEventloop, asyncio.AbstractEventLoop)


def test_twisted_refuses_bad_requests_through_one_method_and_looks_its_receivers_up_each_time():
    assert "_respondToBadRequestAndDisconnect()" in inspect.getsource(HTTPChannel.headerReceived)
    assert "self.rawDataReceived" in inspect.getsource(HTTPChannel.dataReceived.__globals__["basic"].LineReceiver)
    assert {"parsePOSTFormSubmission"} <= set(inspect.signature(Request.__init__).parameters)
    assert "_networkProducer" in inspect.getsource(HTTPChannel.connectionMade)


# --- Daphne


def test_daphne_makes_its_server_of_server_class_with_these_names():
    source = inspect.getsource(CommandLineInterface.run)
    assert "self.server_class(" in source
    names = set(inspect.signature(Server.__init__).parameters)
    assert names >= {"application", "endpoints", "signal_handlers", "proxy_forwarded_address_header", "ready_callable"}


def test_daphne_asks_its_server_for_these():
    source = inspect.getsource(WebRequest)
    for name in ("protocol_connected", "protocol_disconnected", "create_application", "log_action", "root_path"):
        assert f"self.server.{name}" in source
    assert "self.client.host" in source
    assert "self.isSecure()" in source


# --- Python


def test_a_queue_keeps_its_items_where_a_subclass_says():
    class Noting(Queue):
        def _put(self, item):
            super()._put(item)
            self.noted = [("put", len(self._queue))]

        def _get(self):
            item = super()._get()
            self.noted.append(("get", len(self._queue)))
            return item

    queue = Noting()
    queue.put_nowait(1)
    assert queue.get_nowait() == 1
    assert queue.noted == [("put", 1), ("get", 0)]
