"""Daphne's WebSocket protocol with what RFC 6455 and a chat ask beyond it, and the socket offered to the application.

Leans on insides of Twisted (`dataBuffer`, `_tempDataBuffer`) and autobahn (`send_queue`, `state`): contract tests in
chat/tests/server/ name each of them.
"""

import struct

from daphne.ws_protocol import WebSocketProtocol
from django.conf import settings
from twisted.internet.error import ConnectionLost

QUEUE_LIMIT = 32
"""Messages that wait for the application before reading from the socket pauses; it resumes at half of that."""
CLOSE_LINGER_S = 2


class ChatSocket(WebSocketProtocol):
    """One WebSocket: empty messages pass, any close code passes, the queue of messages in is bounded."""

    _paused = False

    def onMessage(self, payload, isBinary):
        super().onMessage(payload, isBinary)
        if not self._paused and self.application_queue.qsize() > QUEUE_LIMIT:
            self._paused = True
            self.transport.pauseProducing()

    def taken(self) -> None:
        """The application took a message."""
        if self._paused and self.application_queue.qsize() <= QUEUE_LIMIT // 2 and self.transport:
            self._paused = False
            self.transport.resumeProducing()

    def handle_reply(self, message):
        # Daphne leaves out a message whose text or bytes are empty.
        if message.get("type") == "websocket.send" and not message.get("bytes") and not message.get("text"):
            self.serverSend(b"" if message.get("text") is None else "", message.get("text") is None)
        else:
            super().handle_reply(message)

    def serverSend(self, content, binary=False):
        if self.state == self.STATE_OPEN:
            super().serverSend(content, binary)
            WireSocket(self).bound()

    def serverClose(self, code=None):
        # Autobahn lets an application say 1000 and 3000 to 4999 only; servers also say 1003, 1008, 1012, 1013.
        if self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=1000 if code is None else code, isReply=False)

    def serverReject(self):
        if hasattr(self, "handshake_deferred"):
            super().serverReject()


class WireSocket:
    """The socket as the application gets it, in the scope's extensions: complete frames go straight to the kernel.

    `drains`: set by an application that takes `server.drain` events, says good-bye and closes by itself.
    """

    __slots__ = ("drains", "_protocol")

    def __init__(self, protocol: ChatSocket):
        self._protocol = protocol
        self.drains = False

    @property
    def pending(self) -> int:
        """Bytes that were written and not yet sent."""
        transport = self._protocol.transport
        return len(transport.dataBuffer) - transport.offset + transport._tempDataLen if transport else 0

    def write(self, frames: bytes) -> None:
        """Send complete frames of a server (RFC 6455 §5.2); nothing happens on a socket that is closing.

        What the kernel does not take is queued; above MAX_UNSENT bytes the socket is closed with 1013.
        """
        protocol = self._protocol
        transport = protocol.transport
        if protocol.state != protocol.STATE_OPEN or transport is None:
            return
        if transport.dataBuffer or transport._tempDataLen or protocol.send_queue:
            protocol.sendData(frames)
            self.bound()
            return
        # Twisted's `write` queues, then adds and removes the descriptor in the poller: four times the work.
        sent = transport.writeSomeData(frames)
        if isinstance(sent, ConnectionLost):
            transport.connectionLost(sent)
        elif sent < len(frames):
            protocol.sendData(frames[sent:])
            self.bound()

    def bound(self) -> None:
        """Drop a socket that reads too slowly."""
        if self.pending > settings.MAX_UNSENT:
            self.abort()

    def close(self, code: int) -> None:
        """Say a close frame with this code after what is queued, and wait a moment for the answer."""
        self._protocol.serverClose(code)

    def abort(self) -> None:
        """Cut the connection, and let go of what was not sent."""
        protocol = self._protocol
        if protocol.transport is not None and protocol.state != protocol.STATE_CLOSED:
            # One frame, at the end of a queue that nobody reads: said where it still can be.
            protocol.transport._tempDataBuffer.clear()
            protocol.transport._tempDataLen = 0
            protocol.dropConnection(abort=True)


def close_frame(code: int) -> bytes:
    """A close frame of a server: opcode 8, two bytes of code."""
    return struct.pack("!BBH", 0x88, 2, code)
