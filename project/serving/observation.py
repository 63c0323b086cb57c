"""What one WebSocket looks like on the wire, for an application that shows a connection to its own client.

An application asks for it before it accepts the socket (`DirectSocket.observe`). Sockets that nobody observes keep
nothing for it. No I/O.
"""

from collections.abc import Iterator
from struct import pack
from time import monotonic
from typing import NamedTuple, Protocol

from .forwarded import Hop

CLOSE = 8
FIRST_CONTROL = 8
"""Opcodes from here on are control frames (RFC 6455 §5.5)."""


class Opening(NamedTuple):
    """The request of a WebSocket, as it arrived.

    `head` is its request line and headers, None if they did not arrive in a form that could be kept. `peer` and
    `local` are the ends of the TCP connection, "" for a Unix socket. `tls`: whether this TCP connection uses TLS.
    `route` lists the known addresses from the client to this server.
    """

    head: bytes | None
    peer: str
    local: str
    tls: bool
    route: list[Hop]


class ObservedFrame(NamedTuple):
    """One frame. `at` is in seconds of `monotonic`; `head` is the bytes before the payload; `length` is the payload's.

    `payload` is that of a control frame; b"" for data frames.
    """

    sent: bool
    at: float
    head: bytes
    length: int
    payload: bytes

    @property
    def opcode(self) -> int:
        """The opcode (§5.2)."""
        return self.head[0] & 0x0F

    @property
    def is_control(self) -> bool:
        """Whether it is a close, ping or pong frame."""
        return self.opcode >= FIRST_CONTROL


class Observer(Protocol):
    """An application's object that gets what happens on its socket. Its methods must not block or raise."""

    def accepted(self, response: bytes) -> None:
        """The server sends this response to the handshake."""

    def frame(self, frame: ObservedFrame) -> None:
        """A frame was received, or is sent now. A sent close frame comes before it is sent: after it, the application
        can send nothing more."""


def received_frame(head, payload: bytes) -> ObservedFrame:
    """A frame that autobahn's parser has read; `head` is its `FrameHeader`."""
    return ObservedFrame(False, monotonic(), frame_head(head), head.length, payload)


def sent_frames(data: bytes) -> Iterator[ObservedFrame]:
    """The complete, unmasked frames of a server in `data`."""
    now, start = monotonic(), 0
    while start < len(data):
        size, length = 2, data[start + 1]
        if length == 126:
            size, length = 4, int.from_bytes(data[start + 2 : start + 4])
        elif length == 127:
            size, length = 10, int.from_bytes(data[start + 2 : start + 10])
        end = start + size + length
        head = data[start : start + size]
        payload = data[start + size : end] if head[0] & 0x0F >= FIRST_CONTROL else b""
        yield ObservedFrame(True, now, head, length, payload)
        start = end


def close_frame(code: int | None, reason: bytes | None) -> ObservedFrame:
    """The close frame that a server is about to send (§5.5.1)."""
    payload = b"" if code is None else pack("!H", code) + (reason or b"")
    return ObservedFrame(True, monotonic(), bytes((0x80 | CLOSE, len(payload))), len(payload), payload)


def frame_head(head) -> bytes:
    """The bytes before the payload (§5.2). Lengths have only one valid encoding, the shortest; the parser checks it."""
    first = head.fin << 7 | head.rsv << 4 | head.opcode
    masked, length = 0x80 if head.mask else 0, head.length
    if length < 126:
        size = pack("!B", masked | length)
    elif length < 65536:
        size = pack("!BH", masked | 126, length)
    else:
        size = pack("!BQ", masked | 127, length)
    return bytes((first,)) + size + (head.mask or b"")


def head_of(received: bytes, request_line: bytes) -> bytes | None:
    """The head in the first bytes of a connection, without the empty line; None if they begin with another request."""
    head = received.lstrip(b"\r\n").partition(b"\r\n\r\n")[0]
    return head if head.partition(b"\r\n")[0] == request_line else None
