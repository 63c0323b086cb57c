"""HTTP requests: the client's address, the limits of a body, and the upgrade to a WebSocket."""

import asyncio
import os
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import NamedTuple
from urllib.parse import unquote

from daphne.http_protocol import WebRequest
from daphne.utils import INVALID_HEADER_VALUE_BYTES
from twisted.protocols.policies import ProtocolWrapper
from twisted.web.http import NO_BODY_CODES

from . import handshake
from .http_error import HandshakeError, HttpError, reason_phrase
from .observation import head_of
from .quota import Lease

MAX_BYTES_IN_MEMORY = 256 * 1024
"""Bytes of a body that are held in memory; a larger body goes to a file."""
MAX_UPLOAD_BYTES_IN_MEMORY = 1024 * 1024
"""The same for an upload. Our pages send no larger pieces, so that the event loop does not wait for the disk. It writes
the file of a larger one, at 6 ms of its time per MiB instead of 2; a busy disk takes longer."""


class Address(NamedTuple):
    """One end of a connection, with the attributes that Daphne reads."""

    host: str
    port: int | None


class Request(WebRequest):
    """One request. The application gets the client's address as trusted proxies report it."""

    _scheme = "http"
    _request_lease: Lease | None = None
    _memory_lease: Lease | None = None
    _max_in_memory = MAX_BYTES_IN_MEMORY
    address: str | None = None
    """The client's address; None for a Unix socket."""

    def __init__(self, *args):
        # Otherwise Twisted would read forms into memory a second time, for `args`, which nothing uses.
        super().__init__(*args, parsePOSTFormSubmission=False)

    def identify_client(self) -> None:
        """Set address and scheme from the headers. Raises HttpError if the client has too many requests."""
        peer, proxies, headers = self.channel.peer, self.server.proxies, self.requestHeaders
        headers.removeHeader(b"daphne-root-path")
        self._set_addresses(peer)
        proto = headers.getRawHeaders(b"x-forwarded-proto", [])
        self._scheme = proxies.scheme(peer, proto) or ("https" if self.channel.isSecure() else "http")
        if self.channel.is_proxy:
            # A proxy's connection carries requests of many clients, so requests are counted in place of connections.
            self._request_lease = self.server.http_quota.take(self.address)
        else:
            headers.removeHeader(b"x-request-id")

    def process(self):
        self._use_path_only()
        if self.requestHeaders.hasHeader(b"upgrade"):
            headers = [(n.lower(), v) for n, values in self.requestHeaders.getAllRawHeaders() for v in values]
            if handshake.is_upgrade(headers):
                return self._become_websocket(headers)
        processed = super().process()
        processed.addCallback(self._release_body)
        return processed

    def isSecure(self) -> bool:
        return self._scheme == "https"

    def setResponseCode(self, code, message=None):
        # Twisted has no reason phrases for newer codes, such as 426.
        super().setResponseCode(code, message or reason_phrase(code).encode())

    def reject(self, error: HttpError) -> None:
        """Send an error response, after which the connection ends."""
        self.channel.persistent = False
        self.setResponseCode(error.status)
        self.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
        self.setHeader(b"Connection", b"close")
        for name, value in error.headers:
            self.setHeader(name, value)
        body = error.detail.encode() + b"\n"
        self.setHeader(b"Content-Length", b"%d" % len(body))
        self.write(body)
        self.finish()

    def writable(self) -> asyncio.Future | None:
        """A future that is done when the client has read most of what was sent; None if there is no need to wait."""
        channel = getattr(self, "channel", None)
        return channel.writable() if channel else None

    # --- Body

    @property
    def max_body_bytes(self) -> int:
        """The limit of the body, by its type."""
        limits = self.server.limits
        return max(limits.max_request_bytes, limits.max_upload_bytes if self._is_upload else 0)

    @property
    def _is_upload(self) -> bool:
        types = self.requestHeaders.getRawHeaders(b"content-type", [])
        return len(types) == 1 and types[0].partition(b";")[0].strip().lower() in self.server.limits.upload_types

    def gotLength(self, length):
        # Twisted would make a file on disk for each body of unknown length.
        self._max_in_memory = MAX_UPLOAD_BYTES_IN_MEMORY if self._is_upload else MAX_BYTES_IN_MEMORY
        folder = self.server.limits.temporary_folder
        self.content = SpooledTemporaryFile(max_size=self._max_in_memory, dir=folder)  # noqa: SIM115 (Twisted closes it)

    def handleContentChunk(self, data: bytes) -> None:
        if self.content.closed:
            return  # The request was rejected, and the decoder still passes on the rest of its buffer.
        size = self.content.tell() + len(data)
        if self._memory_lease is None:
            self._memory_lease = self.server.memory_quota.take(self.address, 0)
        try:
            if size > self.max_body_bytes:
                raise HttpError(413, "The request is too large.")
            # What exceeds the memory is in a file; other bodies count whole, as the application reads them at once.
            self._memory_lease.resize(min(size, self._max_in_memory) if self._is_upload else size)
        except HttpError as error:
            self.channel.reject(error)
            self.content.close()
            self.release()
        else:
            super().handleContentChunk(data)

    def _release_body(self, _result) -> None:
        # The application has all of it now: a second copy would be held until the response is complete.
        content = getattr(self, "content", None)  # Twisted deletes it at the end of a request, such as a refused one.
        if content is not None:
            content.close()

    def handle_reply(self, message):
        if message["type"] == "http.response.body" and (self.method == b"HEAD" or self.code in NO_BODY_CODES):
            # These responses have no body. Twisted leaves out only the first piece of a body that Daphne writes.
            message = {**message, "body": b""}
        super().handle_reply(message)

    # --- End

    def handle_exception(self, exception):
        """The application failed, or returned before the end of its response. What was begun cannot become an error
        page: the connection is closed, which tells the client that the response is not complete."""
        if self._response_started:
            self.channel.abort_response()
        else:
            super().handle_exception(exception)

    def finish(self):
        super().finish()
        self.release()

    def connectionLost(self, reason):
        try:
            super().connectionLost(reason)
        finally:
            self.release()

    def release(self) -> None:
        """Return what was counted for this request."""
        for lease in (self._request_lease, self._memory_lease):
            if lease:
                lease.release()

    # --- Head

    def _set_addresses(self, peer: str | None) -> None:
        """Set `address`, and the attributes `client` and `host`, from which Daphne makes the scope."""
        forwarded_for = self.requestHeaders.getRawHeaders(b"X-Forwarded-For", [])
        self.address = self.server.proxies.client(peer, forwarded_for)
        if self.address is not None:
            self.client = Address(self.address, self.client.port if self.address == peer else 0)
        if peer is None:
            self.host = Address(os.fsdecode(getattr(self.host, "name", None) or b""), None)

    def _use_path_only(self) -> None:
        """Remove scheme and host: a client may send the complete URL as the target (RFC 9112 section 3.2.2)."""
        if not self.path.startswith(b"/") and b"://" in self.path:
            rest = self.path.partition(b"://")[2]
            self.path = b"/" + rest.partition(b"/")[2]

    # --- Upgrade to a WebSocket

    def _become_websocket(self, headers: handshake.Headers) -> None:
        service = self.server
        try:
            if any(INVALID_HEADER_VALUE_BYTES.intersection(value) for _name, value in headers):
                raise HandshakeError(400, "A header contains characters that are not allowed.")
            offer = handshake.parse(self.method, self.clientproto, headers)
            scope = self._websocket_scope(headers, offer)
            lease = service.admit_websocket(self.address, monotonic())
        except HttpError as error:
            return self.reject(error)
        try:
            self._hand_over(service.websocket_factory.protocol(offer, self.address, lease), scope)
        except BaseException:
            # The connection ends now, possibly before its WebSocket could return the lease.
            lease.release()
            raise

    def _hand_over(self, websocket, scope: dict) -> None:
        service, channel = self.server, self.channel
        request_head = head_of(channel.head_bytes, b" ".join((self.method, self.uri, self.clientproto)))
        transport, self.transport = self.transport, None
        # The packet with the handshake may also have the first frames.
        channel.rawDataReceived = websocket.dataReceived
        if isinstance(transport, ProtocolWrapper):
            transport.wrappedProtocol = websocket  # TLS
        else:
            transport.protocol = websocket
        transport.unregisterProducer()
        channel.detach()
        channel.requests.clear()
        self.release()
        service.protocol_disconnected(self)
        websocket.start(transport, scope, request_head)

    def _websocket_scope(self, headers: handshake.Headers, offer: handshake.Offer) -> dict:
        query = self.uri.partition(b"?")[2]
        return {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "wss" if self.isSecure() else "ws",
            "path": unquote(self.path.decode("ascii")),
            "raw_path": self.path,
            "query_string": query,
            "root_path": self.server.root_path,
            # A name with an underscore could be confused with one with a hyphen (CVE-2015-0219).
            "headers": [(name, value) for name, value in headers if b"_" not in name],
            "client": list(self.client) if isinstance(self.client, Address) else None,
            "server": [self.host.host, self.host.port],
            "subprotocols": list(offer.subprotocols),
        }
