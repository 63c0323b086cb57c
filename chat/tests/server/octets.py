"""Builds the requests and frames of a client, valid or with errors that a test chooses."""

from struct import pack

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
"""Sec-WebSocket-Key and -Accept of RFC 6455's example (§1.3)."""
MASK = b"\x01\x02\x03\x04"
CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


def request(path: str = "/", *lines: str) -> bytes:
    """A request for a page."""
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode("latin1")


def handshake(path: str = "/", *lines: str, without: str | None = None, first: str | None = None) -> bytes:
    """A request for a WebSocket; `lines` replace headers of the same name, `without` leaves one out."""
    own = {
        "Host": "localhost",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": KEY,
        "Sec-WebSocket-Version": "13",
    }
    given = {line.partition(":")[0].lower() for line in lines}
    kept = [f"{name}: {value}" for name, value in own.items() if name.lower() not in given and name != without]
    return "\r\n".join([first or f"GET {path} HTTP/1.1", *kept, *lines, "", ""]).encode("latin1")


def frame(opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, mask: bytes | None = MASK) -> bytes:
    """A frame of a client (RFC 6455 §5.2)."""
    head = bytes([fin << 7 | rsv << 4 | opcode])
    masked = 0x80 if mask else 0
    length = len(payload)
    if length < 126:
        head += bytes([masked | length])
    elif length < 65536:
        head += pack("!BH", masked | 126, length)
    else:
        head += pack("!BQ", masked | 127, length)
    if not mask:
        return head + payload
    key = int.from_bytes((mask * (length // 4 + 1))[:length])
    return head + mask + (int.from_bytes(payload) ^ key).to_bytes(length)


def close_frame(code: int, reason: bytes = b"") -> bytes:
    """A close frame of a client."""
    return frame(CLOSE, pack("!H", code) + reason)
