"""What goes out of one socket, in order: straight to the kernel while nothing waits, else as its reader takes it."""

import asyncio
import math
from errno import EAGAIN, ENOBUFS
from socket import AF_INET, AF_INET6, IPPROTO_TCP, TCP_NOTSENT_LOWAT
from time import monotonic

from twisted.internet.tcp import Connection

from .backlog import CHUNK, Backlog
from .turn import Turn

LOW_WATER = 64 * 1024


class Outgoing:
    """The way out. What the kernel does not take waits here, frame by frame, and the transport pulls it."""

    __slots__ = (
        *("_protocol", "_transport", "_turn", "_limit", "_send", "_send_now"),
        *("_open", "_soon", "_backlog", "_handed", "_handed_at", "_said_all", "_end", "_waiter"),
    )

    def __init__(self, protocol, transport, turn: Turn, limit: int):
        self._protocol = protocol
        self._transport = transport
        self._turn = turn
        self._limit = limit
        # TLS has a transport of its own between us and the kernel; everything waits in line for it.
        plain = isinstance(transport, Connection) and not transport.TLS
        self._send = _plain_send(transport.getHandle()) if plain else _nothing_sent
        # `_send` while the socket is open and nothing waits: the one thing that `write` looks at.
        self._send_now = None
        self._open = self._said_all = False
        self._soon: list[bytes] | None = None
        self._backlog: Backlog | None = None
        self._handed = 0
        self._handed_at = 0.0
        self._end = None
        self._waiter: asyncio.Future | None = None

    # --- For the protocol

    @property
    def pending(self) -> int:
        """Bytes that were written and not yet taken by the kernel."""
        return self._backlog.size + self._handed if self._backlog is not None else 0

    def is_stuck(self, now: float, limit_s: float) -> bool:
        """Whether the reader has not taken the one chunk that the transport has for it in `limit_s` seconds."""
        return self._handed > 0 and now - self._handed_at > limit_s

    def open(self, handshake: bytes) -> None:
        """Answer the handshake, in one write with what the application says at once."""
        self._open = True
        self.write_soon(handshake)

    def write_soon(self, frames: bytes) -> None:
        """Like `write`, in one system call with all that is written within this turn of the loop."""
        if self._soon:
            self._soon.append(frames)
        elif self._open:
            self._soon = [frames]
            self._send_now = None
            self._turn.add(self)

    def shut(self) -> None:
        """Take nothing more from the application."""
        self._open = False
        self._send_now = None

    def abort(self) -> None:
        """End the connection now, and let go of what was not sent."""
        self.stopProducing()
        self._transport.abortConnection()

    def finish(self, end) -> None:
        """Call `end`, once, when all that was written is sent."""
        self.shut()
        self.flush()
        if self._backlog is not None:
            self._end = end
        else:
            end()

    def put(self, frames: bytes) -> None:
        """Send bytes after all that was written before."""
        if self._soon:
            self._soon.append(frames)
            self.flush()
            return
        if self._backlog is not None:
            self._wait(frames)
            return
        try:
            sent = self._send(frames)
        except OSError as error:
            self._not_taken(frames, error)
        else:
            if sent != len(frames):
                self._begin_backlog(frames[sent:])

    def flush(self) -> None:
        """Send what `write_soon` collected."""
        frames, self._soon = self._soon, None
        if frames and sum(map(len, frames)) <= CHUNK:
            frames = [frames[0] if len(frames) == 1 else b"".join(frames)]
        for frame in frames or ():
            self.put(frame)
        self._look()

    def relief(self) -> asyncio.Future | None:
        """A future that is done when the reader has caught up, or None when it has."""
        if self.pending <= LOW_WATER or not self._open:
            return None
        if self._waiter is None:
            self._waiter = asyncio.get_running_loop().create_future()
        return asyncio.shield(self._waiter)

    # --- For the transport: we are its producer while something waits (twisted IPullProducer)

    def resumeProducing(self) -> None:
        """The transport has sent all that it had: hand it more."""
        self._handed = 0
        if self._backlog:
            chunk = self._backlog.take()
            self._handed = len(chunk)
            self._handed_at = monotonic()
            self._transport.write(chunk)
        else:
            self._backlog = None
            self._transport.unregisterProducer()
            self._look()
            if self._end:
                self._end()
        if self._waiter and self.pending <= LOW_WATER:
            self._relieve()

    def stopProducing(self) -> None:
        """The connection is over: let go of everything."""
        self.shut()
        self._soon = self._end = None
        self._handed = 0
        if self._backlog:
            self._backlog.clear()
        self._relieve()

    def _look(self) -> None:
        """See whether frames may go straight to the kernel."""
        self._send_now = self._send if self._open and self._backlog is None and not self._soon else None

    def _not_taken(self, frames: bytes, error: OSError) -> None:
        if error.errno in (EAGAIN, ENOBUFS):
            self._begin_backlog(frames)
        else:
            self.abort()

    def _begin_backlog(self, rest: bytes) -> None:
        self._send_now = None
        self._backlog = Backlog(rest)
        self._transport.registerProducer(self, False)

    def _wait(self, frames: bytes) -> None:
        if self.pending + len(frames) <= self._limit:
            self._backlog.append(frames)
        elif not self._said_all:
            # What was handed to the transport ends with a whole frame: after it, the close frame can still be said.
            self._backlog.clear()
            self._limit = math.inf
            self._protocol.too_slow()
            self._said_all, self._limit = True, 0

    def _relieve(self) -> None:
        if self._waiter:
            if not self._waiter.done():
                self._waiter.set_result(None)
            self._waiter = None


def _plain_send(kernel_socket):
    """The `send` of a socket that takes no more than its reader asks for.

    Without the option the kernel takes up to 4 MiB for each; what waits here is bounded, and shared by all its readers.
    """
    if kernel_socket.family in (AF_INET, AF_INET6):
        kernel_socket.setsockopt(IPPROTO_TCP, TCP_NOTSENT_LOWAT, CHUNK)
    return kernel_socket.send


def _nothing_sent(_frames: bytes) -> int:
    return 0
