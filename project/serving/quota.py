"""Limits of what clients share, such as connections or bytes of memory: in total, and for each network. No I/O."""

from collections import Counter

from .forwarded import client_network
from .http_error import HttpError


class Quota:
    """At most `limit` in total and `per_network` for one network (see `forwarded.client_network`); 0 means no limit.

    A client gets the error `full` when the total is used up, and `share_used` when its network has its share.
    """

    def __init__(self, limit: int, per_network: int, *, full: HttpError, share_used: HttpError):
        self._limit = limit
        self._per_network = per_network
        self._full = full
        self._share_used = share_used
        self._networks: Counter[str] = Counter()
        self.used = 0

    def take(self, address: str | None, amount: int = 1) -> "Lease":
        """Reserve an amount for a client. Raises HttpError. `address` is None for a Unix socket."""
        lease = Lease(self, client_network(address) if address else None)
        lease.resize(amount)
        return lease

    def _change(self, network: str | None, amount: int) -> None:
        if amount > 0:
            if self._limit and self.used + amount > self._limit:
                # The same object is raised each time; without this its traceback would grow.
                raise self._full.with_traceback(None)
            if self._per_network and network and self._networks[network] + amount > self._per_network:
                raise self._share_used.with_traceback(None)
        self.used += amount
        if network:
            self._networks[network] += amount
            if not self._networks[network]:
                del self._networks[network]


class Lease:
    """The part of a quota that one client holds. Releasing it twice is safe."""

    __slots__ = ("_network", "_quota", "amount")

    def __init__(self, quota: Quota, network: str | None):
        self._quota = quota
        self._network = network
        self.amount = 0

    def resize(self, amount: int) -> None:
        """Hold this amount from now on. Raises HttpError, and then nothing has changed."""
        self._quota._change(self._network, amount - self.amount)
        self.amount = amount

    def release(self) -> None:
        """Give all of it back."""
        self.resize(0)
