"""What client and server agree on before the first frame: names, and how an accept value follows from a key."""

import re
from base64 import b64decode, b64encode
from hashlib import sha1

from .schema import Schema

SUBPROTOCOL = "chat"
"""The WebSocket subprotocol, version 1 (RFC 6455 section 1.9)."""
OBSERVE_QUERY = b"observe"
"""The query of an address whose connection shows its own handshake and frames: see the command `observe`."""
RESUME_COOKIE = "parley_guest"
"""The cookie in which a client that is not a browser sends its `resume` token back."""
GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""Appended to each key (RFC 6455 section 1.3)."""
KEY_BYTES = 16
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


class Derivation(Schema):
    """How Sec-WebSocket-Accept follows from Sec-WebSocket-Key, step by step. `sha1` is in hexadecimal digits."""

    key: str
    joined: str
    sha1: str
    accept: str


def derive_accept(key: str) -> Derivation:
    """The steps from a key to the value that accepts it (RFC 6455 section 4.2.2, item 5.4).

    Raises ValueError if the key is not 16 bytes in base64 (section 4.1, item 7).
    """
    if not _BASE64.fullmatch(key) or len(b64decode(key)) != KEY_BYTES:
        raise ValueError(key)
    joined = key + GUID
    digest = sha1(joined.encode("ascii"))
    return Derivation(key=key, joined=joined, sha1=digest.hexdigest(), accept=b64encode(digest.digest()).decode())
