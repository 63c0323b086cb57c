"""How fast a person and a connection may talk."""

import time
from collections import OrderedDict
from itertools import islice
from weakref import WeakValueDictionary

from django.conf import settings

FLOOD_STRIKES = 100
"""Tokens that commands refused with `slow_down` would have cost, less one for each command that was taken, before the
socket closes with 1008."""
CHARACTERS_A_TOKEN = 8 * 1024
"""A longer frame costs one token more for each so many characters, for it takes longer to read."""


class TokenBucket:
    """`burst` commands at once, then `rate` a second. A rate of 0 lifts the limit."""

    __slots__ = ("_at", "_burst", "_clock", "_rate", "_tokens", "__weakref__")

    def __init__(self, rate: float, burst: int, clock=time.monotonic):
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._tokens = float(burst)
        self._at = clock()

    def take(self, cost: int = 1) -> float:
        """Take `cost` tokens, a burst at most, and return 0.0; or the seconds until there are so many."""
        if not self._rate:
            return 0.0
        self._fill()
        cost = min(cost, self._burst)
        if self._tokens >= cost:
            self._tokens -= cost
            return 0.0
        return (cost - self._tokens) / self._rate

    def is_full(self) -> bool:
        """Whether it is as good as a new one."""
        if self._rate:
            self._fill()
        return self._tokens >= self._burst

    def _fill(self) -> None:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now


PERSON_FACTOR = 2
"""A person may talk this much faster than one connection: from a telephone and a desk at once."""
NETWORK_FACTOR = 5
"""All guests of one address together may talk this much faster than one connection: one person can be many guests."""


class SharedBuckets:
    """The bucket that all sockets of a person (by `sender_key`) or of a network in this process share.

    It outlives their last socket until it is full again, or a new connection would bring a new burst. At most `limit`
    are kept so, those that were left last.
    """

    LOOKED_AT = 10
    """Buckets that are looked at, and forgotten if they are full, each time one is kept."""

    def __init__(self, limit: int = 10_000, clock=time.monotonic):
        self._limit = limit
        self._clock = clock
        self._all: WeakValueDictionary[str, TokenBucket] = WeakValueDictionary()
        self._kept: OrderedDict[str, TokenBucket] = OrderedDict()

    def of(self, key: str, factor: int = PERSON_FACTOR) -> TokenBucket:
        """The bucket of a person or network: `factor` times as large as that of one connection."""
        bucket = self._all.get(key)
        if bucket is None:
            rate, burst = settings.CHAT_POST_RATE * factor, settings.CHAT_POST_BURST * factor
            bucket = self._all[key] = TokenBucket(rate, burst, self._clock)
        return bucket

    def keep(self, key: str, bucket: TokenBucket) -> None:
        """A socket of this person or network, whose bucket this is, has ended."""
        for oldest in list(islice(self._kept, self.LOOKED_AT)):
            if self._kept[oldest].is_full():
                del self._kept[oldest]
            else:
                self._kept.move_to_end(oldest)
        if not bucket.is_full():
            self._kept[key] = bucket
            self._kept.move_to_end(key)
            if len(self._kept) > self._limit:
                self._kept.popitem(last=False)


shared_buckets = SharedBuckets()


def connection_bucket() -> TokenBucket:
    """A bucket for one socket, by the site's settings."""
    return TokenBucket(settings.CHAT_POST_RATE, settings.CHAT_POST_BURST)


def cost_of(frame: str) -> int:
    """The tokens that a command in this frame costs."""
    return 1 + len(frame) // CHARACTERS_A_TOKEN
