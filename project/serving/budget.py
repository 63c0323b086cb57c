"""What the clients of a server share: connections, or bytes that are held for them. No I/O."""

from collections import Counter

from .forwarded import network
from .refusal import Refusal


class Budget:
    """At most `limit` in all and `per_network` for one network (see `forwarded.network`); 0 means no limit.

    `full` and `share_used` are what a client is told that asks for more than there is, or for more than its share.
    """

    def __init__(self, limit: int, per_network: int, *, full: Refusal, share_used: Refusal):
        self._limit = limit
        self._per_network = per_network
        self._full = full
        self._share_used = share_used
        self._networks: Counter[str] = Counter()
        self.used = 0

    def take(self, address: str | None, amount: int = 1) -> "Lease":
        """Take an amount for a client. Raises Refusal. `address` is None where there is none (a Unix socket)."""
        lease = Lease(self, network(address) if address else None)
        lease.set(amount)
        return lease

    def _change(self, name: str | None, amount: int) -> None:
        if amount > 0:
            if self._limit and self.used + amount > self._limit:
                # The same object each time: without this its traceback would grow.
                raise self._full.with_traceback(None)
            if self._per_network and name and self._networks[name] + amount > self._per_network:
                raise self._share_used.with_traceback(None)
        self.used += amount
        if name:
            self._networks[name] += amount
            if not self._networks[name]:
                del self._networks[name]


class Lease:
    """A part of a budget that one client holds. To release it twice is safe."""

    __slots__ = ("_budget", "_network", "amount")

    def __init__(self, budget: Budget, name: str | None):
        self._budget = budget
        self._network = name
        self.amount = 0

    def set(self, amount: int) -> None:
        """Hold this much from now on. Raises Refusal, and then nothing has changed."""
        self._budget._change(self._network, amount - self.amount)
        self.amount = amount

    def release(self) -> None:
        """Give all of it back."""
        self.set(0)
