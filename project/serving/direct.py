"""The socket as it is offered to the application: complete frames go straight to the kernel.

Twisted's own `write` queues, then adds the descriptor to the poller and takes it out again: four times the work of one
system call.
"""

from .outgoing import Outgoing


class DirectSocket(Outgoing):
    """One WebSocket. An application finds it in `scope["extensions"]["parley.socket"]`.

    `drains` is for the application to set: it takes `server.drain` events, says good-bye and closes by itself.
    `peer` is the client's address, '' for a Unix socket. Beside what stands here: `write_soon`, `pending`, `abort`.
    """

    __slots__ = ("drains", "peer")

    def __init__(self, protocol, *arguments):
        super().__init__(protocol, *arguments)
        self.drains = False
        self.peer = protocol.address or ""

    def write(self, frames: bytes) -> None:
        """Send one or more complete frames of a server (RFC 6455 §5.2). Does nothing once the socket is closing."""
        if self._send_now is None:
            if self._open:
                self.put(frames)
            return
        try:
            sent = self._send_now(frames)
        except OSError as error:
            self._not_taken(frames, error)
        else:
            if sent != len(frames):
                self._begin_backlog(frames[sent:])

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Begin the closing handshake, after what was written. Does nothing once the socket is closing."""
        self._protocol.close(code, reason)

    def pause(self) -> None:
        """Stop reading from the socket, until `resume`."""
        self._protocol.hold(self._protocol.HELD_BY_APPLICATION)

    def resume(self) -> None:
        """Read on after `pause`."""
        self._protocol.release(self._protocol.HELD_BY_APPLICATION)
