"""How many sockets there may be: in total, and from one address. No I/O."""

from collections import Counter

from .limits import Limits
from .refusal import Refusal

RETRY_AFTER = (b"Retry-After", b"5")


class Admission:
    """Counts the sockets that were let in."""

    def __init__(self, limits: Limits):
        self._limits = limits
        self._addresses: Counter[str | None] = Counter()
        self.count = 0

    def enter(self, address: str | None) -> None:
        """Let one more in. Raises Refusal. `address` is None where there is none (a Unix socket)."""
        limit = self._limits.max_connections
        if limit and self.count >= limit:
            raise Refusal(503, "The server is full. Please try again later.", RETRY_AFTER)
        limit = self._limits.max_connections_per_address
        if limit and address is not None and self._addresses[address] >= limit:
            raise Refusal(503, "There are too many connections from your address.", RETRY_AFTER)
        self._addresses[address] += 1
        self.count += 1

    def leave(self, address: str | None) -> None:
        """One that was let in is gone."""
        self.count -= 1
        self._addresses[address] -= 1
        if not self._addresses[address]:
            del self._addresses[address]
