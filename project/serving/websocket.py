"""A WebSocket on Twisted's transport: how it begins, how it is written, how it ends, and when."""

import logging
from time import monotonic

from . import handshake, metrics
from .budget import Lease
from .dialog import ABNORMAL
from .direct import DirectSocket
from .inbox import Inbox
from .reading import TRY_AGAIN_LATER, Reading
from .refusal import Refusal

NO_STATUS = 1005
POLICY_VIOLATION = 1008
RESTART = 1012
RESTARTING = Refusal(503, "The server restarts.", (b"Retry-After", b"1"))


class Socket(Reading):
    """One socket, from the accepted TCP connection of its handshake to the end of that connection.

    `service` is set on the class that the service makes of this one.
    """

    def __init__(self, offer: handshake.Offer, address: str | None, place: Lease):
        self.offer = offer
        self.address = address
        self._place = place
        self.opened_at = self.heard_at = monotonic()
        self.closing_at: float | None = None

    def begin(self, transport, scope: dict) -> None:
        """Take the connection over, and ask the application."""
        self.makeConnection(transport)
        self.direct = DirectSocket(self, transport, self.service.turn, self.limits.max_unsent)
        self.inbox = Inbox(self)
        scope["extensions"] = {"websocket.http.response": {}, "parley.socket": self.direct}
        self.path = scope["path"]
        self.service.protocol_connected(self)
        self.note("connecting")
        self.service.create_application(self, scope)
        self.inbox.put_nowait({"type": "websocket.connect"})

    def connectionMade(self) -> None:
        """Nothing: the options live on the class, and the HTTP connection that this was has set TCP_NODELAY."""

    def connectionLost(self, reason=None) -> None:
        # Whatever fails in what follows, nobody else would give these back.
        self._place.release()
        self.release_held()
        self.service.sockets.discard(self)
        self.state = self.STATE_CLOSED
        self.ended = True
        if self.direct:
            self.direct.stopProducing()
        self.tell_end(ABNORMAL)

    def later(self, call, *arguments) -> None:
        """Call this when the callbacks that are due now have run."""
        self.service.loop.call_soon(call, *arguments)

    # --- To the network

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:
        """Autobahn's way out: in line with what the application writes."""
        self.direct.put(data)

    def sendCloseFrame(self, code: int | None = None, reasonUtf8: bytes | None = None, isReply: bool = False) -> None:
        if self.state != self.STATE_OPEN:
            return
        self.direct.shut()
        super().sendCloseFrame(code, reasonUtf8, isReply)
        self.closing_at = monotonic()
        self.tell_end(NO_STATUS if code is None else code)
        # The application hears nothing more; the other side's close frame is still to be read.
        self.release(self.holds)
        if code == POLICY_VIOLATION:
            # They do what they were told not to do: nothing more of it is looked at.
            self.ended = True
            self.data = b""
            self.later(self._hang_up)

    def _hang_up(self) -> None:
        if self.state != self.STATE_CLOSED:
            self.half_close()

    def half_close(self) -> None:
        """Say nothing more; what still comes is read and thrown away, or a reset could overtake our close frame."""
        self.closing_at = self.closing_at or monotonic()
        self.holds = 0
        self.transport.resumeProducing()
        self.direct.finish(getattr(self.transport, "loseWriteConnection", self.transport.loseConnection))

    def full_close(self) -> None:
        """End the connection when all is said."""
        self.closing_at = self.closing_at or monotonic()
        self.direct.finish(self.transport.loseConnection)

    def too_slow(self) -> None:
        """More waits for this reader than may."""
        self.service.log_about(self, logging.INFO, "A client at %s reads too slowly: closed.", self.address)
        metrics.SLOW_READERS.inc()
        self.close(TRY_AGAIN_LATER, "You read too slowly.")

    def drain(self, retry_after: float) -> None:
        """The server stops: the application says good-bye, or we do."""
        if self.state == self.STATE_CONNECTING:
            self.refuse(RESTARTING)
        elif self.state == self.STATE_OPEN:
            if self.direct.drains:
                self.inbox.put_nowait({"type": "server.drain", "retry_after": retry_after})
            else:
                self.close(RESTART)

    # --- In time

    def check_timeouts(self, now: float, punctual: bool) -> None:
        """Called by the service every second; `punctual` unless it is late itself."""
        service = self.service
        if self.closing_at is not None:
            if now - self.closing_at > self.limits.close_timeout_s:
                self.direct.abort()
        elif self.state == self.STATE_CONNECTING:
            if now - self.opened_at > self.limits.handshake_timeout_s:
                self.refuse(Refusal(503, "The application did not answer in time."))
        elif 0 <= service.websocket_timeout < now - self.opened_at:
            self.close()
        elif self.direct.is_stuck(now, self.limits.send_timeout_s):
            self.too_slow()
        elif self._is_half_sent(now):
            self.fail(POLICY_VIOLATION, "The message took too long.")
        elif service.ping_interval and punctual and not self.holds:
            self._check_life(now)

    def _is_half_sent(self, now: float) -> bool:
        """Whether a frame or message has been under way for too long. Who may not send on is not late."""
        if self.holds or not self.is_amid_message():
            self.begun_at = None
        elif self.begun_at is None:
            self.begun_at = now
        return self.begun_at is not None and now - self.begun_at > self.limits.body_timeout_s

    def _check_life(self, now: float) -> None:
        """Ask who has been silent; who does not answer is dead, however much we write to it."""
        if self.asked_at is not None:
            if now - self.asked_at > self.service.ping_timeout:
                self.direct.abort()
        elif now - self.heard_at > self.service.ping_interval:
            self.asked_at = now
            self.sendPing()

    def __repr__(self):
        return f"<Socket of {self.address}, {self.stage()}>"
