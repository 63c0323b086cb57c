"""HTTP requests: who is at the other end, and how one becomes a WebSocket."""

import asyncio
import os
from tempfile import SpooledTemporaryFile
from typing import NamedTuple
from urllib.parse import unquote

from daphne.http_protocol import WebRequest
from daphne.utils import INVALID_HEADER_VALUE_BYTES
from twisted.protocols.policies import ProtocolWrapper
from twisted.web.http import NO_BODY_CODES

from . import handshake
from .budget import Lease
from .refusal import Refusal, phrase

IN_MEMORY = 256 * 1024
"""A larger body goes to a file."""


class Address(NamedTuple):
    """One end of a connection, as Daphne reads it."""

    host: str
    port: int | None


class Request(WebRequest):
    """One request. The application sees the client as trusted proxies see it."""

    _scheme = "http"
    _place: Lease | None = None
    _held: Lease | None = None
    address: str | None = None
    """The client's address; None where there is none (a Unix socket)."""

    def __init__(self, *args):
        # Twisted would read forms into memory a second time, for `args` that nobody asks for.
        super().__init__(*args, parsePOSTFormSubmission=False)

    def identify(self) -> None:
        """Find out who asks, once the head is there. Raises Refusal if they have too many requests under way."""
        peer, proxies, headers = self.channel.peer, self.server.proxies, self.requestHeaders
        headers.removeHeader(b"daphne-root-path")
        self._set_addresses(peer)
        proto = headers.getRawHeaders(b"x-forwarded-proto", [])
        self._scheme = proxies.scheme(peer, proto) or ("https" if self.channel.isSecure() else "http")
        if self.channel.is_proxy:
            # The connection is the proxy's, for many clients.
            self._place = self.server.http_places.take(self.address)
        else:
            headers.removeHeader(b"x-request-id")

    def process(self):
        self._use_path_alone()
        if self.requestHeaders.hasHeader(b"upgrade"):
            headers = [(n.lower(), v) for n, values in self.requestHeaders.getAllRawHeaders() for v in values]
            if handshake.is_asked_for(headers):
                return self._become_socket(headers)
        return super().process()

    def isSecure(self) -> bool:
        return self._scheme == "https"

    def setResponseCode(self, code, message=None):
        # Twisted has no words for the newer ones, 426 among them.
        super().setResponseCode(code, message or phrase(code).encode())

    def refuse(self, refusal: Refusal) -> None:
        """Answer with a refusal; the connection ends after it."""
        self.channel.persistent = False
        self.setResponseCode(refusal.status)
        self.setHeader(b"Content-Type", b"text/plain; charset=utf-8")
        self.setHeader(b"Connection", b"close")
        for name, value in refusal.headers:
            self.setHeader(name, value)
        body = refusal.detail.encode() + b"\n"
        self.setHeader(b"Content-Length", b"%d" % len(body))
        self.write(body)
        self.finish()

    def congestion(self) -> asyncio.Future | None:
        """A future that is done when the client has read most of what was sent, or None when it has."""
        channel = getattr(self, "channel", None)
        return channel.congestion() if channel else None

    def gotLength(self, length):
        # Twisted's own would begin a file on disk for each body of unknown length.
        self.content = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (Twisted closes it)

    def handleContentChunk(self, data: bytes) -> None:
        if self.content.closed:
            return  # Refused: the decoder still hands on the rest of what it has.
        size = self.content.tell() + len(data)
        if self._held is None:
            self._held = self.server.held_bytes.take(self.address, 0)
        try:
            if size > self.server.limits.max_request_bytes:
                raise Refusal(413, "The request is too large.")
            self._held.set(size)
        except Refusal as refusal:
            self.channel.refuse(refusal)
            self.content.close()
            self.release()
        else:
            super().handleContentChunk(data)

    def handle_reply(self, message):
        if message["type"] == "http.response.body" and (self.method == b"HEAD" or self.code in NO_BODY_CODES):
            # Twisted leaves a body out, but in the first piece only of those that Daphne hands it.
            message = {**message, "body": b""}
        super().handle_reply(message)

    def finish(self):
        super().finish()
        self.release()

    def connectionLost(self, reason):
        try:
            super().connectionLost(reason)
        finally:
            self.release()

    def release(self) -> None:
        """Give back what was counted for this request."""
        for lease in (self._place, self._held):
            if lease:
                lease.release()

    def _set_addresses(self, peer: str | None) -> None:
        """Set `address`, and `client` and `host`, from which Daphne takes the scope's."""
        said = self.requestHeaders.getRawHeaders(b"X-Forwarded-For", [])
        self.address = self.server.proxies.client(peer, said)
        if self.address is not None:
            self.client = Address(self.address, self.client.port if self.address == peer else 0)
        if peer is None:
            self.host = Address(os.fsdecode(getattr(self.host, "name", None) or b""), None)

    def _use_path_alone(self) -> None:
        """A client may send the whole address in place of the path (RFC 9112 §3.2.2)."""
        if not self.path.startswith(b"/") and b"://" in self.path:
            rest = self.path.partition(b"://")[2]
            self.path = b"/" + rest.partition(b"/")[2]

    def _become_socket(self, headers: handshake.Headers) -> None:
        service = self.server
        try:
            if any(INVALID_HEADER_VALUE_BYTES.intersection(value) for _name, value in headers):
                raise Refusal(400, "A header holds characters that it may not hold.")
            offer = handshake.read(self.method, self.clientproto, headers)
            scope = self._socket_scope(headers, offer)
            place = service.admit(self.address)
        except Refusal as refusal:
            return self.refuse(refusal)
        try:
            self._hand_over(service.ws_factory.protocol(offer, self.address, place), scope)
        except BaseException:
            # The connection ends now. Its socket would give the place back, if there is one.
            place.release()
            raise

    def _hand_over(self, socket, scope: dict) -> None:
        service, channel = self.server, self.channel
        transport, self.transport = self.transport, None
        # What came in one packet with the handshake, and all that comes later.
        channel.rawDataReceived = socket.dataReceived
        if isinstance(transport, ProtocolWrapper):
            transport.wrappedProtocol = socket  # TLS
        else:
            transport.protocol = socket
        transport.unregisterProducer()
        channel.gone()
        channel.requests.clear()
        self.release()
        service.protocol_disconnected(self)
        socket.begin(transport, scope)

    def _socket_scope(self, headers: handshake.Headers, offer: handshake.Offer) -> dict:
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
            # Names with an underscore could be taken for ones with a hyphen (CVE-2015-0219).
            "headers": [(name, value) for name, value in headers if b"_" not in name],
            "client": list(self.client) if isinstance(self.client, Address) else None,
            "server": [self.host.host, self.host.port],
            "subprotocols": list(offer.subprotocols),
        }
