"""HTTP connections: how long a request may take to come, how much it may hold, and how a connection ends."""

import asyncio
from time import monotonic

from daphne.http_protocol import HTTPFactory
from twisted.web.http import HTTPChannel
from twisted.web.http import HTTPFactory as TwistedHTTPFactory

from .http import Request
from .refusal import Refusal


class Channel(HTTPChannel):
    """One connection, until it ends or becomes a WebSocket."""

    requestFactory = Request
    _head_since: float | None = None
    _body_since: float | None = None
    _refused_at: float | None = None
    _congestion: asyncio.Future | None = None
    _congested = False
    _idle = False

    def connectionMade(self):
        super().connectionMade()
        self.service = self.factory.server
        self.service.channels.add(self)
        self._head_since = monotonic()

    def dataReceived(self, data):
        if self._refused_at is not None:
            return
        if self._idle:
            self._idle = False
            self._head_since = monotonic()
        super().dataReceived(data)

    def headerReceived(self, line):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length" and value.strip().isdigit():
            digits = value.strip().lstrip(b"0")
            # Python refuses to read thousands of digits as a number; no such number is small.
            if len(digits) > 18 or int(digits or b"0") > self.service.limits.max_request_bytes:
                self.refuse(Refusal(413, "The request is too large."))
                return False
        return super().headerReceived(line)

    def allHeadersReceived(self):
        self._head_since, self._body_since = None, monotonic()
        super().allHeadersReceived()

    def allContentReceived(self):
        self._body_since = None
        super().allContentReceived()

    def checkPersistence(self, request, version):
        if self.service.draining:
            request.responseHeaders.setRawHeaders(b"Connection", [b"close"])
            return False
        return super().checkPersistence(request, version)

    def requestDone(self, request):
        self._idle = True
        super().requestDone(request)

    def connectionLost(self, reason):
        self.gone()
        super().connectionLost(reason)

    # --- What is too much

    def lineLengthExceeded(self, line):
        self.refuse(Refusal(431, "The head of the request is too large."))

    def _respondToBadRequestAndDisconnect(self):
        self.refuse(Refusal(400, "This is no request that we understand."))

    def refuse(self, refusal: Refusal) -> None:
        """Answer with a refusal and end; what still comes is thrown away, for a reset could overtake the answer."""
        if self._refused_at is None:
            self._refused_at = monotonic()
            self.lineReceived = self.rawDataReceived = lambda _data: None
            self.transport.write(refusal.response())
            self.setTimeout(None)
            self._networkProducer.unregisterProducer()
            getattr(self.transport, "loseWriteConnection", self.transport.loseConnection)()
            self._networkProducer.resumeProducing()

    def check_timeouts(self, now: float) -> None:
        """Called by the service every second or two."""
        limits = self.service.limits
        if self._refused_at is not None:
            if now - self._refused_at > limits.close_timeout_s:
                self.transport.abortConnection()
        elif self._is_late(now):
            self.refuse(Refusal(408, "The request took too long."))

    def _is_late(self, now: float) -> bool:
        limits = self.service.limits
        parts = ((self._head_since, limits.handshake_timeout_s), (self._body_since, limits.body_timeout_s))
        return any(since is not None and now - since > limit_s for since, limit_s in parts)

    # --- A client that reads slowly: the application waits

    def pauseProducing(self):
        self._congested = True
        super().pauseProducing()

    def resumeProducing(self):
        self._relieve()
        super().resumeProducing()

    def congestion(self) -> asyncio.Future | None:
        """A future that is done when the client has read most of what was sent, or None when it has."""
        if not self._congested:
            return None
        if self._congestion is None:
            self._congestion = asyncio.get_running_loop().create_future()
        return asyncio.shield(self._congestion)

    def _relieve(self) -> None:
        self._congested = False
        if self._congestion:
            self._congestion.set_result(None)
            self._congestion = None

    # --- Ends

    def finish_up(self, *, at_once: bool) -> None:
        """The server stops: answer what was asked, and nothing more.

        Unless `at_once`, a connection that has not asked yet may do so: a proxy has just opened it to send a form,
        which it must not send twice.
        """
        if not self.requests:
            # Still `persistent` if it waits: Twisted would throw away what comes. `checkPersistence` ends it later.
            if self._idle or at_once:
                self.loseConnection()
            return
        self.persistent = False
        for request in self.requests:
            if not request.startedWriting:
                request.responseHeaders.setRawHeaders(b"Connection", [b"close"])

    def gone(self) -> None:
        """This is no HTTP connection any more."""
        self.service.channels.discard(self)
        self._relieve()


class ChannelFactory(HTTPFactory):
    """Makes a `Channel` of each connection."""

    protocol = Channel

    def buildProtocol(self, addr):
        # Not Daphne's own: that would put its request in place of ours.
        return TwistedHTTPFactory.buildProtocol(self, addr)
