"""HTTP requests: who is at the other end, and how one becomes a WebSocket."""

import asyncio
import os
from typing import NamedTuple
from urllib.parse import unquote

from daphne.http_protocol import WebRequest
from daphne.utils import INVALID_HEADER_VALUE_BYTES
from twisted.protocols.policies import ProtocolWrapper

from . import forwarded, handshake
from .refusal import Refusal, phrase


class Address(NamedTuple):
    """One end of a connection, as Daphne reads it."""

    host: str
    port: int | None


class Request(WebRequest):
    """One request. The application sees the client as trusted proxies see it."""

    _scheme = "http"

    def __init__(self, *args):
        # Twisted would read forms into memory a second time, for `args` that nobody asks for.
        super().__init__(*args, parsePOSTFormSubmission=False)

    def process(self):
        self.requestHeaders.removeHeader(b"daphne-root-path")
        peer = self._set_addresses()
        proto = self.requestHeaders.getRawHeaders(b"x-forwarded-proto", [])
        self._scheme = self.server.proxies.scheme(peer, proto) or ("https" if self.channel.isSecure() else "http")
        if not self.server.proxies.trust(peer):
            self.requestHeaders.removeHeader(b"x-request-id")
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

    def handleContentChunk(self, data: bytes) -> None:
        if self.content.tell() + len(data) > self.server.limits.max_request_bytes:
            self.channel.refuse(Refusal(413, "The request is too large."))
        else:
            super().handleContentChunk(data)

    def _set_addresses(self) -> str | None:
        """Set `client`, from which Daphne takes the scope's; returns the address of the peer itself."""
        unix = not hasattr(self.client, "port")
        peer = None if unix else forwarded.plain(self.client.host)
        said = self.requestHeaders.getRawHeaders(b"X-Forwarded-For", [])
        self.address = self.server.proxies.client(peer, said)
        if self.address is not None:
            self.client = Address(self.address, self.client.port if self.address == peer else 0)
        if unix:
            self.host = Address(os.fsdecode(getattr(self.host, "name", None) or b""), None)
        return peer

    def _use_path_alone(self) -> None:
        """A client may send the whole address in place of the path (RFC 9112 §3.2.2)."""
        if not self.path.startswith(b"/") and b"://" in self.path:
            rest = self.path.partition(b"://")[2]
            self.path = b"/" + rest.partition(b"/")[2]

    def _become_socket(self, headers: handshake.Headers) -> None:
        service, channel = self.server, self.channel
        try:
            if any(INVALID_HEADER_VALUE_BYTES.intersection(value) for _name, value in headers):
                raise Refusal(400, "A header holds characters that it may not hold.")
            offer = handshake.read(self.method, self.clientproto, headers)
            service.admit(self.address)
        except Refusal as refusal:
            return self.refuse(refusal)
        socket = service.ws_factory.protocol(offer, self.address)
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
        service.protocol_disconnected(self)
        socket.begin(transport, self._socket_scope(headers, offer))

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
