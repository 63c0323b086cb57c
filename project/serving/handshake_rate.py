"""Limits the rate of handshakes for WebSockets from one network. No I/O."""

from .forwarded import client_network
from .http_error import HttpError
from .token_bucket import TokenBucket


class HandshakeRate:
    """`rate` handshakes per second for one network, after `burst` at once. A rate of 0 means no limit.

    For each handshake, the application reads a session. Without a limit, a client that connects and disconnects in a
    loop could use all CPU time of a core, although it has few connections at a time.
    """

    def __init__(self, rate: float, burst: int, error: HttpError):
        self._rate = rate
        self._burst = burst
        self._error = error
        self._buckets: dict[str, TokenBucket] = {}

    def take(self, address: str | None, now: float) -> None:
        """Count one handshake. Raises the error. `address` is None for a Unix socket, which has no limit."""
        if not self._rate or not address:
            return
        network = client_network(address)
        bucket = self._buckets.get(network)
        if bucket is None:
            bucket = self._buckets[network] = TokenBucket(self._burst, now)
        if not bucket.take(self._rate, self._burst, now):
            raise self._error.with_traceback(None)

    def forget_idle(self, now: float) -> None:
        """Drop networks that are back at their full burst. Call it about once per second."""
        idle = [name for name, bucket in self._buckets.items() if bucket.is_full(self._rate, self._burst, now)]
        for name in idle:
            del self._buckets[name]
