"""Limits a rate by a token bucket. No I/O."""


class TokenBucket:
    """Allows `burst` events at once, then `rate` per second."""

    __slots__ = ("_tokens", "_updated_at")

    def __init__(self, burst: float, now: float):
        self._tokens = float(burst)
        self._updated_at = now

    def take(self, rate: float, burst: float, now: float) -> bool:
        """Take one token; false if there is none."""
        self._refill(rate, burst, now)
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def is_full(self, rate: float, burst: float, now: float) -> bool:
        """Whether the bucket has all `burst` tokens, like a new one."""
        self._refill(rate, burst, now)
        return self._tokens >= burst

    def _refill(self, rate: float, burst: float, now: float) -> None:
        self._tokens = min(burst, self._tokens + (now - self._updated_at) * rate)
        self._updated_at = now
