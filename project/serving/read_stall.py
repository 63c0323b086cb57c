"""Detects a client that does not read. No I/O."""


class ReadStallDetector:
    """A client is stalled if it does not read MIN_BYTES, or all bytes that wait for it, within a given time."""

    __slots__ = ("_sent", "_since")

    MIN_BYTES = 64 * 1024

    def __init__(self):
        self._since: float | None = None
        self._sent = 0

    def is_stalled(self, now: float, sent: int, waiting: int, limit_s: float) -> bool:
        """Whether the client is too slow. Call it about once per second.

        `sent` is the number of bytes sent so far, `waiting` the number that still wait.
        """
        if not waiting:
            self._since = None
        elif self._since is None or sent - self._sent >= self.MIN_BYTES:
            self._since, self._sent = now, sent
        return self._since is not None and now - self._since > limit_s
