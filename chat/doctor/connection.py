"""Raw HTTP and WebSocket connections, so that a check can look at each header and each frame."""

import asyncio
import contextlib
import json
import ssl
import time
from dataclasses import dataclass, field

from websockets.client import ClientProtocol
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State
from websockets.uri import parse_uri

from .target import TIMEOUT_S, Target

HEAD_BYTES = 64 * 1024
FRAME_BYTES = 8 * 1024 * 1024
"""A larger frame of the other side ends the connection."""
MAX_HELD_BYTES, MAX_HELD_FRAMES = 2 * FRAME_BYTES, 10_000
"""Limits of what is kept of one connection. No check needs more, and a hostile host may send without end."""


class NoResponse(ConnectionError):
    """The other side sent something that is no HTTP response, or nothing."""


class OldHttp(NoResponse):
    """The response to an upgrade is in HTTP/1.0, which has no upgrades."""


@dataclass
class HttpResponse:
    """The head of a response. Names of headers are in lower case; values of repeated ones are joined by commas."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)


async def get(target: Target, context: ssl.SSLContext | None, *, host: str = "") -> HttpResponse:
    """Ask for the path of the socket without an upgrade. Raises OSError, TimeoutError, NoResponse."""
    reader, writer = await target.connect(context)
    try:
        head = f"GET {target.path} HTTP/1.1\r\nHost: {host or target.host_header}\r\nConnection: close\r\n\r\n"
        writer.write(head.encode())
        return _parse(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), TIMEOUT_S))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise NoResponse from error
    finally:
        await end(writer)


async def end(writer: asyncio.StreamWriter) -> None:
    """Close a connection immediately, in any state."""
    writer.transport.abort()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def _parse(head: bytes) -> HttpResponse:
    status_line, *lines = head.decode("latin-1").split("\r\n")
    words = status_line.split(maxsplit=2)
    if len(words) < 2 or not words[0].startswith("HTTP/1.") or not (words[1].isdecimal() and words[1].isascii()):
        raise NoResponse
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            key = name.strip().lower()
            headers[key] = f"{headers[key]}, {value.strip()}" if key in headers else value.strip()
    return HttpResponse(int(words[1]), headers)


class WebSocket:
    """A connection on which an upgrade was requested. `response` is the response to that request.

    `frames` are those received after it, each with the time (monotonic) of its arrival; pings are answered.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, protocol: ClientProtocol):
        self._reader, self._writer, self._protocol = reader, writer, protocol
        self.response: Response | None = None
        self.frames: list[tuple[float, Frame]] = []
        self._taken = self._held_bytes = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, target: Target, context: ssl.SSLContext | None, *, origin: str = "", deflate: bool = False):
        """Ask for an upgrade as a page of `origin` (default: of the site) does.

        Raises OSError, TimeoutError, and NoResponse when the answer is no HTTP.
        """
        uri = parse_uri(f"{'wss' if target.secure else 'ws'}://{target.host_header}{target.path}")
        extensions = [ClientPerMessageDeflateFactory()] if deflate else None
        protocol = ClientProtocol(
            uri,
            origin=origin or target.origin,
            subprotocols=["chat"],
            extensions=extensions,
            max_size=FRAME_BYTES,
        )
        reader, writer = await target.connect(context)
        socket = cls(reader, writer, protocol)
        try:
            protocol.send_request(protocol.connect())
            async with asyncio.timeout(TIMEOUT_S):
                while socket.response is None:
                    await socket._receive()
            yield socket
        finally:
            await end(writer)

    @property
    def is_open(self) -> bool:
        """Whether the handshake is complete and neither side has closed."""
        return self._protocol.state is State.OPEN

    @property
    def error(self) -> str:
        """What is wrong with the answer to the upgrade; empty for a valid one."""
        return str(self._protocol.handshake_exc or "")

    @property
    def close_code(self) -> int | None:
        """The code of a closed connection (RFC 6455, section 7.1.5: 1006 without a close frame)."""
        return self._protocol.close_code

    def send(self, command: dict) -> None:
        """Send a command as one text frame."""
        self._protocol.send_text(json.dumps(command).encode())
        self._write()

    async def answers_to(self, *refs: int) -> list[float]:
        """Wait for the answers with these `ref`s, in this order; return when (monotonic) each arrived.

        Raises TimeoutError, and ConnectionError when the connection ends first.
        """
        arrived = []
        async with asyncio.timeout(TIMEOUT_S):
            for ref in refs:
                at, frame = await self.next_frame()
                while f'"ref":{ref},' not in frame and f'"ref":{ref}}}' not in frame:
                    at, frame = await self.next_frame()
                arrived.append(at)
        return arrived

    async def next_frame(self) -> tuple[float, str]:
        """The next text frame, and when (monotonic) it arrived. Raises TimeoutError, and ConnectionError when the
        connection ends first."""
        async with asyncio.timeout(TIMEOUT_S):
            return await self._next_frame()

    async def _next_frame(self) -> tuple[float, str]:
        while True:
            while self._taken < len(self.frames):
                at, frame = self.frames[self._taken]
                self._taken += 1
                if frame.opcode is Opcode.TEXT:
                    return at, bytes(frame.data).decode("utf-8", "replace")
            if not self.is_open:
                raise ConnectionResetError("the other side has closed it")
            await self._receive()

    async def listen(self, seconds: float) -> float:
        """Receive and answer pings, and send nothing else; return after how many seconds that ended."""
        began = time.monotonic()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self.is_open:
                    await self._receive()
        return time.monotonic() - began

    async def close(self) -> int | None:
        """Close with 1000; return the code that came back. Raises TimeoutError."""
        self._protocol.send_close(1000)
        self._write()
        async with asyncio.timeout(TIMEOUT_S):
            while self._protocol.state is not State.CLOSED and self._protocol.close_rcvd is None:
                await self._receive()
        return self._protocol.close_rcvd.code if self._protocol.close_rcvd else self.close_code

    async def _receive(self) -> None:
        self._write()
        data = await self._reader.read(HEAD_BYTES)
        if data:
            self._protocol.receive_data(data)
        else:
            self._protocol.receive_eof()
        now = time.monotonic()
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._held_bytes += len(event.data)
                if self._held_bytes > MAX_HELD_BYTES or len(self.frames) == MAX_HELD_FRAMES:
                    raise ConnectionAbortedError("the other side sends too much")
                self.frames.append((now, event))
            elif isinstance(event, Response):
                self.response = event
        self._write()
        if self.response is None and (not data or self._protocol.handshake_exc):
            raise OldHttp if data.startswith(b"HTTP/1.0 ") else NoResponse

    def _write(self) -> None:
        for data in self._protocol.data_to_send():
            if data:
                self._writer.write(data)
