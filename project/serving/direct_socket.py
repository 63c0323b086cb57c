"""The API that the application gets for a WebSocket: complete frames go to the kernel without ASGI messages.

Twisted's `write` appends to a buffer, adds the descriptor to the poller and removes it again after the write. That
costs four times as much as the system call itself.
"""

from .observation import Observer, Opening
from .write_queue import WriteQueue


class DirectSocket(WriteQueue):
    """One WebSocket. An application finds it in `scope["extensions"]["parley.socket"]`.

    The application sets `drains` if it handles `server.drain` messages: it then says why and closes by itself. `peer`
    is the client's address, "" for a Unix socket. The base class adds `write_soon`, `pending` and `abort`.
    """

    __slots__ = ("drains", "peer")

    def __init__(self, connection, *arguments):
        super().__init__(connection, *arguments)
        self.drains = False
        self.peer = connection.address or ""

    def write(self, frames: bytes) -> None:
        """Send one or more complete server frames (RFC 6455 §5.2). Does nothing once the socket is closing."""
        if self._send_now is None:
            if self._open:
                if self._observer is not None:
                    self.report(frames)
                self.put(frames)
            return
        try:
            sent = self._send_now(frames)
        except OSError as error:
            self._handle_send_error(frames, error)
        else:
            if sent != len(frames):
                self._start_backlog(frames[sent:])

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Begin the closing handshake, after what was written. Does nothing once the socket is closing."""
        self._connection.close(code, reason)

    def ping(self, payload: bytes = b"") -> None:
        """Send a ping frame (RFC 6455 §5.5.2) of at most 125 bytes, after what was written."""
        self._connection.sendPing(payload)

    # --- Observation

    def observe(self, observer: Observer, forwarded_for: list[bytes]) -> Opening:
        """From the acceptance on, show `observer` what happens on this socket. Call it before you accept the socket.

        `forwarded_for`: the values of the request's X-Forwarded-For headers. Returns what is known of the request.
        """
        self._connection.observer = observer
        return self._connection.opening(forwarded_for)

    def begin_observation(self, observer: Observer) -> None:
        """Show the observer the frames that are written from now on."""
        self._observer = observer

    def write_unobserved(self, frames: bytes) -> None:
        """Like `write`, without showing it to the observer: for the observer's own reports."""
        if self._open:
            self.put(frames)

    def pause(self) -> None:
        """Stop reading from the socket until `resume`."""
        self._connection.pause_reading(self._connection.PAUSED_BY_APPLICATION)

    def resume(self) -> None:
        """Continue reading after `pause`."""
        self._connection.resume_reading(self._connection.PAUSED_BY_APPLICATION)
