"""HTTP connections: how many there may be, how long a request may take, how much it may hold, how they end."""

from time import monotonic

from daphne.http_protocol import HTTPFactory
from twisted.web.http import HTTPChannel
from twisted.web.http import HTTPFactory as TwistedHTTPFactory

from . import forwarded, request_head
from .budget import Lease
from .http import Request
from .kernel import was_reset
from .reader import SlowReader
from .refusal import Refusal


class Channel(SlowReader, HTTPChannel):
    """One connection, until it ends or becomes a WebSocket."""

    requestFactory = Request
    peer: str | None = None
    """The address of the other end, which may be a proxy's; None for a Unix socket."""
    is_proxy = False
    _place: Lease | None = None
    _head_since: float | None = None
    _body_since: float | None = None
    _refused_at: float | None = None
    _discarded = 0
    _idle = False

    def connectionMade(self):
        super().connectionMade()
        self.service = self.factory.server
        self.service.channels.add(self)
        self._head_since = monotonic()
        peer = self.transport.getPeer()
        self.peer = forwarded.plain(peer.host) if hasattr(peer, "port") else None
        self.is_proxy = self.service.proxies.trust(self.peer)
        if not self.is_proxy:
            try:
                self._place = self.service.http_places.take(self.peer)
            except Refusal as refusal:
                self.refuse(refusal, at_once=True)

    def dataReceived(self, data):
        transport = self.transport  # It may become a socket's.
        if self._refused_at is not None:
            self._discard(len(data))
        else:
            if self._idle:
                self._idle = False
                self._head_since = monotonic()
            super().dataReceived(data)
        if was_reset(transport):
            transport.abortConnection()

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
        request = self.requests[-1]
        headers = [(name, value) for name, values in request.requestHeaders.getAllRawHeaders() for value in values]
        try:
            request_head.check(self._path, self._version, headers)
            request.identify()
        except Refusal as refusal:
            self.refuse(refusal)
        else:
            super().allHeadersReceived()

    def allContentReceived(self):
        self._body_since = None
        # Twisted calls this for a request without a body, whatever became of its head.
        if self._refused_at is None:
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

    def refuse(self, refusal: Refusal, *, at_once: bool = False) -> None:
        """Answer with a refusal and end. What still comes is thrown away, for a reset could overtake the answer.

        With `at_once` that may happen: the connection is over when the answer is sent.
        """
        if self._refused_at is None:
            self._refused_at = monotonic()
            self.lineReceived = self.rawDataReceived = lambda _data: None
            self.write(refusal.response())
            self.setTimeout(None)
            self._networkProducer.unregisterProducer()
            if at_once:
                self.transport.loseConnection()
            else:
                getattr(self.transport, "loseWriteConnection", self.transport.loseConnection)()
                self._networkProducer.resumeProducing()

    def _discard(self, count: int) -> None:
        self._discarded += count
        if self._discarded > self.service.limits.max_discarded:
            self.transport.abortConnection()

    def check_timeouts(self, now: float) -> None:
        """Called by the service every second or two."""
        limits = self.service.limits
        if self._refused_at is not None:
            if now - self._refused_at > limits.close_timeout_s:
                self.transport.abortConnection()
        elif self.reads_too_slowly(now, limits.send_timeout_s):
            self.transport.abortConnection()
        elif self._is_late(now):
            self.refuse(Refusal(408, "The request took too long."))

    def _is_late(self, now: float) -> bool:
        limits = self.service.limits
        parts = ((self._head_since, limits.handshake_timeout_s), (self._body_since, limits.body_timeout_s))
        return any(since is not None and now - since > limit_s for since, limit_s in parts)

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
        if self._place:
            self._place.release()
        self.relieve()


class ChannelFactory(HTTPFactory):
    """Makes a `Channel` of each connection."""

    protocol = Channel

    def buildProtocol(self, addr):
        # Not Daphne's own: that would put its request in place of ours.
        return TwistedHTTPFactory.buildProtocol(self, addr)
