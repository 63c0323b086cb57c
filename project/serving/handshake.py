"""The opening handshake of RFC 6455 §4.2: takes headers, gives an `Offer` or raises HandshakeError. No I/O."""

import binascii
import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from hashlib import sha1

from .http_error import HandshakeError

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
VERSION = b"13"
_TOKEN = re.compile(rb"[-!#$%&'*+.^_`|~0-9A-Za-z]+")

Headers = list[tuple[bytes, bytes]]
"""Lower-case names and values, in the order of the request. A name may occur more than once."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A client's valid request for a WebSocket: its Sec-WebSocket-Key and the subprotocols that it offers."""

    key: bytes
    subprotocols: tuple[str, ...]


def is_upgrade(headers: Headers) -> bool:
    """Whether this request asks for a WebSocket."""
    return b"websocket" in _tokens(headers, b"upgrade")


def parse(method: bytes, version: bytes, headers: Headers) -> Offer:
    """The offer in a request for a WebSocket. Raises HandshakeError (§4.2.1, §4.2.2)."""
    if method != b"GET":
        raise HandshakeError(405, "A WebSocket begins with GET.", (b"Allow", b"GET"))
    if version != b"HTTP/1.1":
        raise HandshakeError(400, "A WebSocket begins with HTTP/1.1.")
    if len(_values(headers, b"host")) != 1:
        raise HandshakeError(400, "The request must have one Host header.")
    if b"upgrade" not in _tokens(headers, b"connection"):
        raise HandshakeError(400, "The Connection header must contain Upgrade.")
    if _values(headers, b"sec-websocket-version") != [VERSION]:
        # §4.4: the response names the supported version, so that the client may try again.
        raise HandshakeError(400, "Sec-WebSocket-Version must be 13.", (b"Sec-WebSocket-Version", VERSION))
    if len(_values(headers, b"origin")) > 1:
        raise HandshakeError(400, "The request may have one Origin header.")
    return Offer(_key(headers), _subprotocols(headers))


def response(offer: Offer, subprotocol: str | None, headers: Headers = ()) -> bytes:
    """The response that opens the socket. Raises ValueError for a subprotocol that was not offered."""
    if subprotocol is not None and subprotocol not in offer.subprotocols:
        raise ValueError(f"The client did not offer the subprotocol {subprotocol!r}.")
    lines = [
        b"HTTP/1.1 101 Switching Protocols",
        b"Upgrade: websocket",
        b"Connection: Upgrade",
        b"Sec-WebSocket-Accept: " + accept_key(offer.key),
    ]
    if subprotocol is not None:
        lines.append(b"Sec-WebSocket-Protocol: " + subprotocol.encode("ascii"))
    lines += [name + b": " + value for name, value in headers]
    if any(b"\r" in line or b"\n" in line for line in lines):
        raise ValueError("A header must not contain a line break.")
    return b"\r\n".join(lines) + b"\r\n\r\n"


def accept_key(key: bytes) -> bytes:
    """The value of Sec-WebSocket-Accept for a client's key (§4.2.2, 5.4)."""
    return b64encode(sha1(key + GUID).digest())


def _key(headers: Headers) -> bytes:
    keys = _values(headers, b"sec-websocket-key")
    if len(keys) != 1:
        raise HandshakeError(400, "The request must have one Sec-WebSocket-Key header.")
    try:
        nonce = b64decode(keys[0], validate=True)
    except binascii.Error:
        nonce = b""
    if len(nonce) != 16:
        raise HandshakeError(400, "Sec-WebSocket-Key must be 16 bytes in base64.")
    return keys[0]


def _subprotocols(headers: Headers) -> tuple[str, ...]:
    """All offered names, from all headers of that name, without repetitions."""
    names = [name.strip() for value in _values(headers, b"sec-websocket-protocol") for name in value.split(b",")]
    names = [name for name in names if name]
    if not all(_TOKEN.fullmatch(name) for name in names):
        raise HandshakeError(400, "Sec-WebSocket-Protocol must list names of subprotocols.")
    return tuple(dict.fromkeys(name.decode("ascii") for name in names))


def _values(headers: Headers, name: bytes) -> list[bytes]:
    return [value.strip() for header, value in headers if header == name]


def _tokens(headers: Headers, name: bytes) -> set[bytes]:
    return {token.strip().lower() for value in _values(headers, name) for token in value.split(b",")}
