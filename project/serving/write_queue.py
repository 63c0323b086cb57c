"""The outgoing bytes of one WebSocket, in order: to the kernel at once while nothing waits, else through a backlog."""

import asyncio
import math
from errno import EAGAIN, ENOBUFS
from socket import AF_INET, AF_INET6, IPPROTO_TCP, TCP_NOTSENT_LOWAT
from time import monotonic

from twisted.internet.tcp import Connection

from .backlog import CHUNK, Backlog
from .flush_scheduler import FlushScheduler
from .observation import Observer, sent_frames

LOW_WATER = 64 * 1024
"""Bytes. When fewer are waiting, the application may send more."""


class WriteQueue:
    """Writes frames. What the kernel does not accept waits here, and Twisted's transport pulls it chunk by chunk."""

    __slots__ = (
        *("_connection", "_transport", "_scheduler", "_limit", "_send", "_send_now"),
        *("_open", "_soon", "_backlog", "_handed", "_handed_at", "_overflowed", "_when_sent", "_waiter", "_observer"),
    )

    def __init__(self, connection, transport, scheduler: FlushScheduler, limit: int):
        self._connection = connection
        self._transport = transport
        self._scheduler = scheduler
        self._limit = limit
        # With TLS there is no kernel socket to write to: all frames go through the backlog to Twisted's transport.
        plain = isinstance(transport, Connection) and not transport.TLS
        self._send = _kernel_send(transport.getHandle()) if plain else _send_nothing
        # `_send` while the socket is open and nothing waits, else None: the only thing that `write` checks.
        self._send_now = None
        self._open = self._overflowed = False
        self._soon: list[bytes] | None = None
        self._backlog: Backlog | None = None
        self._handed = 0  # Bytes of the backlog that the transport has now.
        self._handed_at = 0.0
        self._when_sent = None
        self._waiter: asyncio.Future | None = None
        self._observer: Observer | None = None

    # --- For the connection

    @property
    def pending(self) -> int:
        """Bytes that were written and that the kernel has not accepted yet."""
        return self._backlog.size + self._handed if self._backlog is not None else 0

    def is_stalled(self, now: float, limit_s: float) -> bool:
        """Whether the transport has had the same chunk for more than `limit_s` seconds: the client does not read."""
        return self._handed > 0 and now - self._handed_at > limit_s

    def open(self, handshake: bytes) -> None:
        """Answer the handshake, in one system call with the frames that the application sends at once."""
        self._open = True
        self.write_soon(handshake)

    def write_soon(self, frames: bytes) -> None:
        """Like `write`, in one system call with all that is written in this iteration of the event loop."""
        if self._observer is not None:
            self.report(frames)
        if self._soon:
            self._soon.append(frames)
        elif self._open:
            self._soon = [frames]
            self._send_now = None
            self._scheduler.add(self)

    def stop_accepting(self) -> None:
        """Ignore all further frames of the application."""
        self._open = False
        self._send_now = None

    def abort(self) -> None:
        """Reset the connection now, and drop what was not sent."""
        self.stopProducing()
        self._transport.abortConnection()

    def when_sent(self, callback) -> None:
        """Call `callback`, once, when all that was written is sent. Further frames of the application are ignored."""
        self.stop_accepting()
        self.flush()
        if self._backlog is not None:
            self._when_sent = callback
        else:
            callback()

    def put(self, frames: bytes) -> None:
        """Send bytes after all that was written before."""
        if self._soon:
            self._soon.append(frames)
            self.flush()
            return
        if self._backlog is not None:
            self._append_to_backlog(frames)
            return
        try:
            sent = self._send(frames)
        except OSError as error:
            self._handle_send_error(frames, error)
        else:
            if sent != len(frames):
                self._start_backlog(frames[sent:])

    def flush(self) -> None:
        """Send what `write_soon` has collected."""
        frames, self._soon = self._soon, None
        if frames and sum(map(len, frames)) <= CHUNK:
            frames = [frames[0] if len(frames) == 1 else b"".join(frames)]
        for frame in frames or ():
            self.put(frame)
        self._update_send_now()

    def writable(self) -> asyncio.Future | None:
        """A future that is done when the client has read most of the backlog; None if there is no need to wait."""
        if self.pending <= LOW_WATER or not self._open:
            return None
        if self._waiter is None:
            self._waiter = asyncio.get_running_loop().create_future()
        return asyncio.shield(self._waiter)

    # --- For the transport: this is its IPullProducer (twisted.internet.interfaces) while a backlog exists

    def resumeProducing(self) -> None:
        """The transport has sent all that it had: give it the next chunk."""
        self._handed = 0
        if self._backlog:
            chunk = self._backlog.take()
            self._handed = len(chunk)
            self._handed_at = monotonic()
            self._transport.write(chunk)
        else:
            self._backlog = None
            self._transport.unregisterProducer()
            self._update_send_now()
            if self._when_sent:
                self._when_sent()
        if self._waiter and self.pending <= LOW_WATER:
            self._wake_waiter()

    def stopProducing(self) -> None:
        """The connection has ended: drop everything."""
        self.stop_accepting()
        self._soon = self._when_sent = None
        self._handed = 0
        if self._backlog:
            self._backlog.clear()
        self._wake_waiter()

    def report(self, frames: bytes) -> None:
        """Show frames that are sent now to the observer, if there is one. Once the socket closes it gets nothing."""
        if self._observer is not None and self._open:
            for frame in sent_frames(frames):
                self._observer.frame(frame)

    def _update_send_now(self) -> None:
        # An observed socket has none, so that `write` has nothing more to check for all others.
        at_once = self._open and self._backlog is None and not self._soon and self._observer is None
        self._send_now = self._send if at_once else None

    def _handle_send_error(self, frames: bytes, error: OSError) -> None:
        if error.errno in (EAGAIN, ENOBUFS):
            self._start_backlog(frames)
        else:
            self.abort()

    def _start_backlog(self, rest: bytes) -> None:
        self._send_now = None
        self._backlog = Backlog(rest)
        self._transport.registerProducer(self, False)

    def _append_to_backlog(self, frames: bytes) -> None:
        if self.pending + len(frames) <= self._limit:
            self._backlog.append(frames)
        elif not self._overflowed:
            # The transport's chunk ends with a complete frame, so a close frame may follow it. Without a limit for
            # that one frame; afterwards nothing more is accepted.
            self._backlog.clear()
            self._limit = math.inf
            self._connection.close_slow_reader()
            self._overflowed, self._limit = True, 0

    def _wake_waiter(self) -> None:
        if self._waiter:
            if not self._waiter.done():
                self._waiter.set_result(None)
            self._waiter = None


def _kernel_send(kernel_socket):
    """The `send` of a socket whose kernel buffer is small.

    By default the kernel buffers up to 4 MiB for each socket. With this option frames wait in the backlog instead,
    where their number is limited and one frame is shared by all its readers.
    """
    if kernel_socket.family in (AF_INET, AF_INET6):
        kernel_socket.setsockopt(IPPROTO_TCP, TCP_NOTSENT_LOWAT, CHUNK)
    return kernel_socket.send


def _send_nothing(_frames: bytes) -> int:
    return 0
