"""Private parts of autobahn, Twisted, Daphne and asyncio that the server relies on: an upgrade that changes one fails
here first. project/serving/README.md lists which module uses what.
"""

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
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.web.http import HTTPChannel, Request

from project.serving.asgi_bridge import AsgiBridge
from project.serving.flow_control import FlowControl
from project.serving.framing import WebSocketFraming, configured_class
from project.serving.handshake import Offer
from project.serving.websocket_connection import WebSocketConnection

UNUSED = {"is_closed", "is_open", "_transport_details", "send_queue", "factory"}
"""Attributes of a connection that only those methods of autobahn use which we replace."""

OVERRIDDEN = {
    *("connectionMade", "connectionLost", "dataReceived", "dropConnection", "_fail_connection"),
    *("onMessageBegin", "onMessageFrameData", "onMessageFrameEnd", "onMessageEnd", "onMessage"),
    *("onFrameBegin", "onFrameEnd"),
    *("onCloseFrame", "sendCloseFrame", "sendData"),
}
"""Methods of autobahn that we replace on purpose."""


@pytest.fixture
def factory():
    factory = WebSocketServerFactory()
    factory.setProtocolOptions(openHandshakeTimeout=0, failByDrop=True)
    return factory


@pytest.fixture
def framing(factory):
    """A framing that records what it sends (`sent`), its messages and the calls that it schedules (`calls`)."""

    class RecordingFraming(WebSocketFraming):
        def __init__(self):
            self.sent, self.calls = [], []

        def sendData(self, data, *_):
            self.sent.append(data)

        def call_soon(self, call, *arguments):
            self.calls.append(arguments)

        def onMessage(self, payload, is_binary):
            self.calls.append((payload, is_binary))

    opened = {"inside_message": False, "current_frame": None, "websocket_version": 13}
    return configured_class(RecordingFraming, factory, state=WebSocketFraming.STATE_OPEN, **opened)()


# --- autobahn


def test_our_class_has_every_attribute_that_autobahn_sets_on_a_new_connection(factory):
    stock = WebSocketServerProtocol()
    stock.factory = factory
    stock._connectionMade()
    ours = configured_class(WebSocketConnection, factory)(Offer(b"", ()), None, None)
    missing = {name for name in vars(stock) if not hasattr(ours, name)} - UNUSED
    assert not missing


def test_our_classes_replace_only_the_listed_names_of_autobahn():
    stock = WebSocketServerProtocol()
    classes = (WebSocketFraming, AsgiBridge, FlowControl, WebSocketConnection)
    names = {name for kind in classes for name in vars(kind) if not name.startswith("__")}
    names |= set(vars(WebSocketConnection(Offer(b"", ()), None, None)))
    assert {name for name in names if hasattr(stock, name)} == OVERRIDDEN


def test_autobahn_sends_all_frames_through_send_data(framing):
    framing.sendFrame(1, b"hello")
    framing.sendPing(b"p")
    framing.sendCloseFrame(1012)
    assert framing.sent == [b"\x81\x05hello", b"\x89\x01p", b"\x88\x02\x03\xf4"]
    assert framing.state == framing.STATE_CLOSING


def test_autobahn_passes_messages_to_on_message(framing):
    framing.dataReceived(b"\x81\x82\0\0\0\0hi\x82\x81\0\0\0\0!")
    assert framing.calls == [(b"hi", False), (b"!", True)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(b"\x83\x80\0\0\0\0", 1002, id="reserved opcode"),
        pytest.param(b"\x81\x81\0\0\0\0\xff", 1007, id="not UTF-8"),
        pytest.param(b"\x88\x82\0\0\0\0\x00\x01", None, id="close code that must not be sent"),
    ],
)
def test_autobahn_reports_errors_to_fail_connection_and_parses_no_further(framing, data, code):
    framing.dataReceived(data + b"\x89\x80\0\0\0\0")
    assert framing.ended
    assert framing.calls[0][0] == (code or 1)
    assert framing.sent == []


def test_autobahn_reports_a_message_above_the_limit_before_its_payload_arrives(framing):
    type(framing).maxMessagePayloadSize = 10
    framing.dataReceived(b"\x81\x8b\0\0\0\0")
    assert framing.calls[0][0] == 1009


def test_autobahn_has_four_states():
    names = ("STATE_CONNECTING", "STATE_OPEN", "STATE_CLOSING", "STATE_CLOSED")
    assert len({getattr(WebSocketFraming, name) for name in names}) == 4


def test_autobahn_accepts_no_compression_by_default(factory):
    assert factory.perMessageCompressionAccept([]) is None


# --- Twisted


def test_a_tcp_connection_gives_its_kernel_socket_and_whether_it_uses_tls():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        connection = tcp.Connection(ours, None, reactor)
        assert connection.getHandle() is connection.socket is ours
        assert connection.TLS is False
        assert connection.producer is None


def test_a_transport_pulls_from_a_producer_at_once_and_when_it_has_sent_all():
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


def test_a_transport_has_its_unsent_bytes_in_these_attributes():
    descriptor = abstract.FileDescriptor(reactor)
    descriptor.connected = 1
    descriptor.startWriting = lambda: None
    descriptor.write(b"12345")
    assert len(descriptor.dataBuffer) - descriptor.offset + descriptor._tempDataLen == 5
    assert "self._appSendBuffer" in inspect.getsource(TLSMemoryBIOProtocol)


def test_the_reactor_has_the_event_loop_that_it_runs_on():
    assert isinstance(reactor._asyncioEventloop, asyncio.AbstractEventLoop)


def test_twisted_rejects_bad_requests_through_one_method_and_looks_up_its_receivers_each_time():
    assert "_respondToBadRequestAndDisconnect()" in inspect.getsource(HTTPChannel.headerReceived)
    assert "self.rawDataReceived" in inspect.getsource(HTTPChannel.dataReceived.__globals__["basic"].LineReceiver)
    assert {"parsePOSTFormSubmission"} <= set(inspect.signature(Request.__init__).parameters)
    assert "_networkProducer" in inspect.getsource(HTTPChannel.connectionMade)
    for name in ("_path", "_version"):
        assert f"self.{name} = " in inspect.getsource(HTTPChannel.lineReceived)


# --- Daphne


def test_daphne_creates_its_server_through_server_class_with_these_arguments():
    source = inspect.getsource(CommandLineInterface.run)
    assert "self.server_class(" in source
    names = set(inspect.signature(Server.__init__).parameters)
    assert names >= {"application", "endpoints", "signal_handlers", "proxy_forwarded_address_header", "ready_callable"}


def test_daphnes_requests_use_these_attributes_of_the_server():
    source = inspect.getsource(WebRequest)
    for name in ("protocol_connected", "protocol_disconnected", "create_application", "log_action", "root_path"):
        assert f"self.server.{name}" in source
    assert "self.client.host" in source
    assert "self.isSecure()" in source


# --- asyncio


def test_a_queue_adds_and_removes_through_these_methods():
    class RecordingQueue(Queue):
        def _put(self, item):
            super()._put(item)
            self.recorded = [("put", len(self._queue))]

        def _get(self):
            item = super()._get()
            self.recorded.append(("get", len(self._queue)))
            return item

    queue = RecordingQueue()
    queue.put_nowait(1)
    assert queue.get_nowait() == 1
    assert queue.recorded == [("put", 1), ("get", 0)]
