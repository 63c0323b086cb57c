"""Back-pressure on HTTP: the application waits while a client reads slowly; a client that does not read is detected."""

import asyncio

from twisted.web.http import HTTPChannel

from .read_stall import ReadStallDetector
from .transport_state import unsent_bytes


class BackPressure(HTTPChannel):
    """The outgoing side of an HTTP connection. The transport calls `pauseProducing` when its buffer is full."""

    _is_paused = False
    _writable: asyncio.Future | None = None
    _written = 0

    def __init__(self):
        super().__init__()
        self._stall_detector = ReadStallDetector()

    def write(self, data):
        self._written += len(data)
        super().write(data)

    def writeSequence(self, iovec):
        iovec = list(iovec)
        self._written += sum(map(len, iovec))
        super().writeSequence(iovec)

    def is_read_too_slowly(self, now: float, limit_s: float) -> bool:
        """Whether bytes wait for the client and it has read almost none of them for `limit_s` seconds."""
        waiting = unsent_bytes(self.transport)
        return self._stall_detector.is_stalled(now, self._written - waiting, waiting, limit_s)

    def pauseProducing(self):
        self._is_paused = True
        super().pauseProducing()

    def resumeProducing(self):
        self.resume_application()
        super().resumeProducing()

    def writable(self) -> asyncio.Future | None:
        """A future that is done when the client has read most of what was sent; None if there is no need to wait."""
        if not self._is_paused:
            return None
        if self._writable is None:
            self._writable = asyncio.get_running_loop().create_future()
        return asyncio.shield(self._writable)

    def resume_application(self) -> None:
        """Let the application send more."""
        self._is_paused = False
        if self._writable:
            self._writable.set_result(None)
            self._writable = None
