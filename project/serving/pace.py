"""How fast a client may send, and how slowly it may read. No I/O."""


class FrameBudget:
    """`burst` frames at once, then `rate` a second."""

    __slots__ = ("_at", "_tokens")

    def __init__(self, burst: float, now: float):
        self._tokens = float(burst)
        self._at = now

    def take(self, rate: float, burst: float, now: float) -> bool:
        """Take one; false when there is none."""
        self._tokens = min(burst, self._tokens + (now - self._at) * rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


class ReadingPace:
    """Whether a client reads at all: while bytes wait for it, it has to take `LEAST_BYTES`, or all, in a given time."""

    __slots__ = ("_since", "_sent")

    LEAST_BYTES = 64 * 1024

    def __init__(self):
        self._since: float | None = None
        self._sent = 0

    def is_too_slow(self, now: float, sent: int, waiting: int, limit_s: float) -> bool:
        """Judge, given how much was sent so far and how much waits to be sent. To be called every second or so."""
        if not waiting:
            self._since = None
        elif self._since is None or sent - self._sent >= self.LEAST_BYTES:
            self._since, self._sent = now, sent
        return self._since is not None and now - self._since > limit_s
