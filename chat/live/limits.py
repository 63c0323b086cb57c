"""How fast a connection, a person and a network may send commands: token buckets."""

import time
from collections import OrderedDict
from itertools import islice
from weakref import WeakValueDictionary

from django.conf import settings

FLOOD_STRIKES = 100
"""The connection closes with 1008 when refused commands have cost this many tokens. Each accepted command reduces the
count by one."""
CHARACTERS_PER_TOKEN = 8 * 1024
"""A frame costs one more token for each so many characters, because it takes longer to parse."""


class TokenBucket:
    """Allows `burst` commands at once, then `rate` per second. With a rate of 0 there is no limit."""

    __slots__ = ("_at", "_burst", "_clock", "_rate", "_tokens", "__weakref__")

    def __init__(self, rate: float, burst: int, clock=time.monotonic):
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._tokens = float(burst)
        self._at = clock()

    def take(self, cost: int = 1) -> float:
        """Take `cost` tokens, at most a burst, and return 0.0. If there are too few, return the seconds to wait."""
        if not self._rate:
            return 0.0
        self._fill()
        cost = min(cost, self._burst)
        if self._tokens >= cost:
            self._tokens -= cost
            return 0.0
        return (cost - self._tokens) / self._rate

    def is_full(self) -> bool:
        """Whether it has all its tokens, like a new one."""
        if self._rate:
            self._fill()
        return self._tokens >= self._burst

    def _fill(self) -> None:
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now


PERSON_FACTOR = 2
"""The factor for the rate of all connections of a person together: people use a phone and a computer at once."""
NETWORK_FACTOR = 5
"""The factor for the rate of all guests of one network together: one person can open many sockets as new guests."""


class SharedBuckets:
    """The buckets of this process by person (`sender_key`) or network. All connections of one share one bucket.

    A bucket is kept after the last connection has ended until it is full: otherwise a new connection would begin with a
    new burst. At most `limit` are kept, those released last.
    """

    CHECKED_PER_RELEASE = 10
    """How many kept buckets each `release` checks; full ones are dropped."""

    def __init__(self, limit: int = 10_000, clock=time.monotonic):
        self._limit = limit
        self._clock = clock
        self._all: WeakValueDictionary[str, TokenBucket] = WeakValueDictionary()
        self._kept: OrderedDict[str, TokenBucket] = OrderedDict()

    def get(self, key: str, factor: int = PERSON_FACTOR) -> TokenBucket:
        """The bucket of a person or network, `factor` times as large as that of one connection."""
        bucket = self._all.get(key)
        if bucket is None:
            rate, burst = settings.CHAT_POST_RATE * factor, settings.CHAT_POST_BURST * factor
            bucket = self._all[key] = TokenBucket(rate, burst, self._clock)
        return bucket

    def release(self, key: str, bucket: TokenBucket) -> None:
        """A connection of this person or network has ended: keep the bucket, unless it is full."""
        for oldest in list(islice(self._kept, self.CHECKED_PER_RELEASE)):
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
    """A bucket for one connection, by the site's settings."""
    return TokenBucket(settings.CHAT_POST_RATE, settings.CHAT_POST_BURST)


def cost_of(frame: str) -> int:
    """The tokens that a command in this frame costs."""
    return 1 + len(frame) // CHARACTERS_PER_TOKEN
