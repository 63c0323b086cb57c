"""A WebSocket on Twisted's transport: how it starts, writes, times out and ends."""

import logging
from time import monotonic

from twisted.internet.interfaces import ISSLTransport

from . import handshake, metrics
from .asgi_bridge import ABNORMAL_CLOSURE
from .direct_socket import DirectSocket
from .flow_control import TRY_AGAIN_LATER, FlowControl
from .forwarded import canonical
from .http_error import HttpError
from .observation import Opening, close_frame
from .quota import Lease
from .receive_queue import ReceiveQueue

NO_STATUS = 1005
POLICY_VIOLATION = 1008
SERVICE_RESTART = 1012
RESTARTING = HttpError(503, "The server restarts.", (b"Retry-After", b"1"))


class WebSocketConnection(FlowControl):
    """One WebSocket, from its handshake to the end of its TCP connection.

    The service makes a subclass of this class that has `service` and `limits` (see `framing.configured_class`).
    """

    def __init__(self, offer: handshake.Offer, address: str | None, lease: Lease):
        self.offer = offer
        self.address = address
        self._connection_lease = lease
        self.opened_at = self.received_at = monotonic()
        self.closing_at: float | None = None

    def start(self, transport, scope: dict, request_head: bytes | None = None) -> None:
        """Take over the connection, and start the application."""
        self.makeConnection(transport)
        self.request_head = request_head
        self.direct = DirectSocket(self, transport, self.service.flush_scheduler, self.limits.max_unsent)
        self.receive_queue = ReceiveQueue(self)
        scope["extensions"] = {"websocket.http.response": {}, "parley.socket": self.direct}
        self.path = scope["path"]
        self.service.protocol_connected(self)
        self.log_action("connecting")
        self.service.create_application(self, scope)
        self.receive_queue.put_nowait({"type": "websocket.connect"})

    def connectionMade(self) -> None:
        """Do nothing: the class has the options, and the HTTP connection has set TCP_NODELAY."""

    def connectionLost(self, reason=None) -> None:
        # Release the leases first: an error below must not leave them unreleased.
        self._connection_lease.release()
        self.release_held()
        self.service.websockets.discard(self)
        self.state = self.STATE_CLOSED
        self.ended = True
        if self.direct:
            self.direct.stopProducing()
        self.notify_disconnect(ABNORMAL_CLOSURE)

    def call_soon(self, call, *arguments) -> None:
        """Call this after the callbacks that are ready now."""
        self.service.loop.call_soon(call, *arguments)

    def opening(self, forwarded_for: list[bytes]) -> Opening:
        """The request as it arrived, with the ends of its TCP connection."""
        peer, local = self.transport.getPeer(), self.transport.getHost()
        address = canonical(peer.host) if hasattr(peer, "port") else None
        return Opening(
            head=self.request_head,
            peer=_shown_address(peer),
            local=_shown_address(local),
            tls=ISSLTransport.providedBy(self.transport),
            route=self.limits.proxies.route(address, forwarded_for),
        )

    # --- Writing

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        """Autobahn's output: it is queued after the application's frames."""
        self.direct.report(data)
        self.direct.put(data)

    def sendCloseFrame(self, code: int | None = None, reasonUtf8: bytes | None = None, isReply: bool = False) -> None:
        if self.state != self.STATE_OPEN:
            return
        if self.observer is not None:
            # Before the queue stops accepting, so that the observer can still report it.
            self.observer.frame(close_frame(code, reasonUtf8))
        self.direct.stop_accepting()
        super().sendCloseFrame(code, reasonUtf8, isReply)
        self.closing_at = monotonic()
        self.notify_disconnect(NO_STATUS if code is None else code)
        # The application gets nothing more, but the client's close frame must still be read.
        self.resume_reading(self.pause_reasons)
        if code == POLICY_VIOLATION:
            # The client breaks a limit: discard what it still sends, instead of parsing it.
            self.ended = True
            self.data = b""
            self.call_soon(self._half_close_if_connected)

    def _half_close_if_connected(self) -> None:
        if self.state != self.STATE_CLOSED:
            self.half_close()

    def half_close(self) -> None:
        """Send nothing more. Incoming bytes are read and discarded: a reset could overtake our close frame."""
        self.closing_at = self.closing_at or monotonic()
        self.pause_reasons = 0
        self.transport.resumeProducing()
        self.direct.when_sent(getattr(self.transport, "loseWriteConnection", self.transport.loseConnection))

    def full_close(self) -> None:
        """End the connection when all is sent."""
        self.closing_at = self.closing_at or monotonic()
        self.direct.when_sent(self.transport.loseConnection)

    def close_slow_reader(self) -> None:
        """Close the socket with 1013, because more than `max_unsent` bytes wait for this client."""
        self.service.log_about(self, logging.INFO, "A client at %s reads too slowly: closed.", self.address)
        metrics.SLOW_READERS.inc()
        self.close(TRY_AGAIN_LATER, "You read too slowly.")

    def drain(self, retry_after: float) -> None:
        """Close for a shutdown. An application that sets `drains` is notified, so that it can close by itself."""
        if self.state == self.STATE_CONNECTING:
            self.reject(RESTARTING)
        elif self.state == self.STATE_OPEN:
            if self.direct.drains:
                self.receive_queue.put_nowait({"type": "server.drain", "retry_after": retry_after})
            else:
                self.close(SERVICE_RESTART)

    # --- Time limits

    def check_timeouts(self, now: float, timer_is_punctual: bool) -> None:
        """End the connection if it is too slow. The service calls it every second."""
        service = self.service
        if self.closing_at is not None:
            if now - self.closing_at > self.limits.close_timeout_s:
                self.direct.abort()
        elif self.state == self.STATE_CONNECTING:
            if now - self.opened_at > self.limits.handshake_timeout_s:
                self.reject(HttpError(503, "The application did not answer in time."))
        elif 0 <= service.websocket_timeout < now - self.opened_at:
            self.close()
        elif self.direct.is_stalled(now, self.limits.send_timeout_s):
            self.close_slow_reader()
        elif self._message_is_overdue(now):
            self.fail(POLICY_VIOLATION, "The message took too long.")
        elif service.ping_interval and timer_is_punctual and not self.pause_reasons:
            self._check_ping(now)

    def _message_is_overdue(self, now: float) -> bool:
        """Whether a message has been incomplete for too long. While we do not read, the client cannot be late."""
        if self.pause_reasons or not self.is_inside_message():
            self.message_since = None
        elif self.message_since is None:
            self.message_since = now
        return self.message_since is not None and now - self.message_since > self.limits.body_timeout_s

    def _check_ping(self, now: float) -> None:
        """Ping a silent client. If it does not answer, the connection is dead, even if the kernel accepts writes."""
        if self.pinged_at is not None:
            if now - self.pinged_at > self.service.ping_timeout:
                self.direct.abort()
        elif now - self.received_at > self.service.ping_interval:
            self.pinged_at = now
            self.sendPing()

    def __repr__(self):
        return f"<WebSocketConnection of {self.address}, {self.state_name()}>"


def _shown_address(end) -> str:
    """One end of a TCP connection as ADDRESS:PORT; "" for a Unix socket."""
    if not hasattr(end, "port"):
        return ""
    return f"[{end.host}]:{end.port}" if ":" in end.host else f"{end.host}:{end.port}"
