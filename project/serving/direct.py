"""The socket as it is offered to the application: complete frames go straight to the kernel.

Twisted's own `write` queues, then adds the descriptor to the poller and takes it out again: four times the work of one
system call. So while nothing waits, frames are sent at once; what the kernel does not take waits here, frame by frame,
and the transport pulls it (it sees us as its producer). A frame that waits for many readers is the same object for
all of them.
"""

import asyncio
import math
from errno import EAGAIN, ENOBUFS
from socket import AF_INET, AF_INET6, IPPROTO_TCP, TCP_NOTSENT_LOWAT

from twisted.internet.tcp import Connection

from .backlog import CHUNK, Backlog
from .turn import Turn

LOW_WATER = 64 * 1024


class DirectSocket:
    """One open WebSocket. An application finds it in `scope["extensions"]["parley.socket"]`.

    `drains` is for the application to set: it takes `server.drain` events, says good-bye and closes by itself.
    `peer` is the client's address, '' for a Unix socket.
    """

    __slots__ = (
        *("drains", "peer", "_protocol", "_transport", "_turn", "_limit", "_send", "_open"),
        *("_soon", "_backlog", "_handed", "_end", "_waiter"),
    )

    def __init__(self, protocol, transport, turn: Turn, limit: int):
        self.drains = False
        self.peer = protocol.address or ""
        self._protocol = protocol
        self._transport = transport
        self._turn = turn
        self._limit = limit
        # TLS has a transport of its own between us and the kernel; everything waits in line for it.
        plain = isinstance(transport, Connection) and not transport.TLS
        self._send = _plain_send(transport.getHandle()) if plain else _nothing_sent
        self._open = False
        self._soon: list[bytes] | None = None
        self._backlog: Backlog | None = None
        self._handed = 0
        self._end = None
        self._waiter: asyncio.Future | None = None

    # --- For the application

    def write(self, frames: bytes) -> None:
        """Send one or more complete frames of a server (RFC 6455 §5.2). Does nothing once the socket is closing."""
        if self._open:
            self.put(frames)

    def write_soon(self, frames: bytes) -> None:
        """Like `write`, in one system call with all that is written within this turn of the loop."""
        if self._soon:
            self._soon.append(frames)
        elif self._open:
            self._soon = [frames]
            self._turn.add(self)

    @property
    def pending(self) -> int:
        """Bytes that were written and not yet taken by the kernel."""
        return self._backlog.size + self._handed if self._backlog is not None else 0

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Begin the closing handshake, after what was written. Does nothing once the socket is closing."""
        self._protocol.close(code, reason)

    def abort(self) -> None:
        """End the connection now, and let go of what was not sent."""
        self.stopProducing()
        self._transport.abortConnection()

    def pause(self) -> None:
        """Stop reading from the socket, until `resume`."""
        self._protocol.hold(self._protocol.HELD_BY_APPLICATION)

    def resume(self) -> None:
        """Read on after `pause`."""
        self._protocol.release(self._protocol.HELD_BY_APPLICATION)

    # --- For the protocol

    def open(self, handshake: bytes) -> None:
        """Answer the handshake, in one write with what the application says at once."""
        self._open = True
        self.write_soon(handshake)

    def shut(self) -> None:
        """Take nothing more from the application."""
        self._open = False

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
            if error.errno not in (EAGAIN, ENOBUFS):
                self.abort()
                return
            sent = 0
        if sent != len(frames):
            self._backlog = Backlog(frames[sent:])
            self._transport.registerProducer(self, False)

    def flush(self) -> None:
        """Send what `write_soon` collected."""
        frames, self._soon = self._soon, None
        if frames and sum(map(len, frames)) <= CHUNK:
            frames = [frames[0] if len(frames) == 1 else b"".join(frames)]
        for frame in frames or ():
            self.put(frame)

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
            self._transport.write(chunk)
        else:
            self._backlog = None
            self._transport.unregisterProducer()
            if self._end:
                self._end()
        if self._waiter and self.pending <= LOW_WATER:
            self._relieve()

    def stopProducing(self) -> None:
        """The connection is over: let go of everything."""
        self._open = False
        self._soon = self._end = None
        self._handed = 0
        if self._backlog:
            self._backlog.clear()
        self._relieve()

    def _wait(self, frames: bytes) -> None:
        if self.pending + len(frames) > self._limit:
            # What was handed to the transport ends with a whole frame: after it, the close frame can still be said.
            self._backlog.clear()
            self._limit = math.inf
            self._protocol.too_slow()
        else:
            self._backlog.append(frames)

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
