"""HTTP connections: their number, the time and size limits of requests, and how connections are closed."""

from time import monotonic

from daphne.http_protocol import HTTPFactory
from twisted.web.http import HTTPChannel
from twisted.web.http import HTTPFactory as TwistedHTTPFactory

from . import forwarded, request_head
from .http_back_pressure import BackPressure
from .http_error import HttpError
from .http_request import Request
from .quota import Lease
from .transport_state import was_reset


class HttpConnection(BackPressure, HTTPChannel):
    """One TCP connection, until it ends or becomes a WebSocket. Twisted and Daphne call it a channel."""

    requestFactory = Request
    peer: str | None = None
    """The address of the peer, which may be a proxy's; None for a Unix socket."""
    is_proxy = False
    _connection_lease: Lease | None = None
    _head_since: float | None = None
    _body_since: float | None = None
    _rejected_at: float | None = None
    _discarded = 0
    _is_idle = False
    head_bytes = b""
    """What has arrived of the current request's head, perhaps with bytes that follow it. Kept for an upgrade."""

    def connectionMade(self):
        super().connectionMade()
        self.service = self.factory.server
        self.service.http_connections.add(self)
        self._head_since = monotonic()
        peer = self.transport.getPeer()
        self.peer = forwarded.canonical(peer.host) if hasattr(peer, "port") else None
        self.is_proxy = self.service.proxies.trusts(self.peer)
        if not self.is_proxy:
            try:
                self._connection_lease = self.service.http_quota.take(self.peer)
            except HttpError as error:
                self.reject(error, at_once=True)

    def dataReceived(self, data):
        transport = self.transport  # Processing the data may hand it over to a WebSocket.
        if self._rejected_at is not None:
            self._discard(len(data))
        else:
            if self._is_idle:
                self._is_idle = False
                self._head_since = monotonic()
            if self._head_since is not None:
                self.head_bytes += data
            super().dataReceived(data)
        if was_reset(transport):
            transport.abortConnection()

    def headerReceived(self, line):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length" and value.strip().isdigit():
            digits = value.strip().lstrip(b"0")
            # Python refuses to parse numbers of thousands of digits. With more than 18 digits, it is too large anyway.
            if len(digits) > 18 or int(digits or b"0") > self.service.limits.max_body_bytes:
                self.reject(HttpError(413, "The request is too large."))
                return False
        return super().headerReceived(line)

    def allHeadersReceived(self):
        self._head_since, self._body_since = None, monotonic()
        request = self.requests[-1]
        headers = [(name, value) for name, values in request.requestHeaders.getAllRawHeaders() for value in values]
        try:
            request_head.validate(self._path, self._version, headers)
            request.identify_client()
            # The header with the length may come before the one with the type.
            lengths = request.requestHeaders.getRawHeaders(b"content-length", [b"0"])
            if int(lengths[0]) > request.max_body_bytes:
                raise HttpError(413, "The request is too large.")
        except HttpError as error:
            self.reject(error)
        else:
            super().allHeadersReceived()

    def allContentReceived(self):
        self._body_since = None
        # Twisted calls this for a request without a body, even after its head was rejected.
        if self._rejected_at is None:
            super().allContentReceived()
        self.head_bytes = b""

    def checkPersistence(self, request, version):
        if self.service.drain:
            request.responseHeaders.setRawHeaders(b"Connection", [b"close"])
            return False
        return super().checkPersistence(request, version)

    def requestDone(self, request):
        self._is_idle = True
        super().requestDone(request)

    def connectionLost(self, reason):
        self.detach()
        super().connectionLost(reason)

    # --- Limits

    def lineLengthExceeded(self, line):
        self.reject(HttpError(431, "The head of the request is too large."))

    def _respondToBadRequestAndDisconnect(self):
        self.reject(HttpError(400, "The request is not valid HTTP."))

    def reject(self, error: HttpError, *, at_once: bool = False) -> None:
        """Send an error response and end the connection. Twisted's response is replaced.

        Bytes that still arrive are read and discarded: unread bytes would cause a reset, which could overtake the
        response. With `at_once` that may happen: the connection ends when the response is sent.
        """
        if self._rejected_at is None:
            self._rejected_at = monotonic()
            self.lineReceived = self.rawDataReceived = lambda _data: None
            self.write(error.response())
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
        """End the connection if it is too slow. The service calls it every second."""
        limits = self.service.limits
        if self._rejected_at is not None:
            if now - self._rejected_at > limits.close_timeout_s:
                self.transport.abortConnection()
        elif self.is_read_too_slowly(now, limits.send_timeout_s):
            self.transport.abortConnection()
        elif self._request_is_overdue(now):
            self.reject(HttpError(408, "The request took too long."))

    def _request_is_overdue(self, now: float) -> bool:
        limits = self.service.limits
        parts = ((self._head_since, limits.handshake_timeout_s), (self._body_since, limits.body_timeout_s))
        return any(since is not None and now - since > limit_s for since, limit_s in parts)

    # --- Ends

    def finish_up(self, *, at_once: bool) -> None:
        """Answer the requests that have arrived, and no others, because the server is shutting down.

        Unless `at_once`, a new connection may still send its first request. A proxy may have opened it to forward a
        form, which it must not send twice.
        """
        if not self.requests:
            # A new connection stays `persistent`, or Twisted would discard its request. `checkPersistence` ends it.
            if self._is_idle or at_once:
                self.loseConnection()
            return
        self.persistent = False
        for request in self.requests:
            if not request.startedWriting:
                request.responseHeaders.setRawHeaders(b"Connection", [b"close"])

    def abort_response(self) -> None:
        """End the connection in the middle of a response, without what waits to be sent."""
        self.transport.abortConnection()

    def detach(self) -> None:
        """Free what this connection uses, after it ended or became a WebSocket."""
        self.service.http_connections.discard(self)
        if self._connection_lease:
            self._connection_lease.release()
        self.resume_application()


class HttpConnectionFactory(HTTPFactory):
    """Makes an `HttpConnection` for each TCP connection."""

    protocol = HttpConnection

    def buildProtocol(self, addr):
        # Not Daphne's method: it would replace our request class by its own.
        return TwistedHTTPFactory.buildProtocol(self, addr)
