"""The client of an HTTP connection as a reader: the application waits for it, and it must not stop reading."""

import asyncio

from twisted.web.http import HTTPChannel

from .kernel import unsent_bytes
from .pace import ReadingPace


class SlowReader(HTTPChannel):
    """The outgoing side of an HTTP connection."""

    _congestion: asyncio.Future | None = None
    _congested = False
    _written = 0

    def __init__(self):
        super().__init__()
        self._pace = ReadingPace()

    def write(self, data):
        self._written += len(data)
        super().write(data)

    def writeSequence(self, iovec):
        iovec = list(iovec)
        self._written += sum(map(len, iovec))
        super().writeSequence(iovec)

    def reads_too_slowly(self, now: float, limit_s: float) -> bool:
        """Whether bytes wait for the client and it has taken hardly any for `limit_s` seconds."""
        waiting = unsent_bytes(self.transport)
        return self._pace.is_too_slow(now, self._written - waiting, waiting, limit_s)

    def pauseProducing(self):
        self._congested = True
        super().pauseProducing()

    def resumeProducing(self):
        self.relieve()
        super().resumeProducing()

    def congestion(self) -> asyncio.Future | None:
        """A future that is done when the client has read most of what was sent, or None when it has."""
        if not self._congested:
            return None
        if self._congestion is None:
            self._congestion = asyncio.get_running_loop().create_future()
        return asyncio.shield(self._congestion)

    def relieve(self) -> None:
        """Let the application go on."""
        self._congested = False
        if self._congestion:
            self._congestion.set_result(None)
            self._congestion = None
