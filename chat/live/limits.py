"""How fast a person and a connection may talk."""

import time
from weakref import WeakValueDictionary

from django.conf import settings

FLOOD_STRIKES = 100
"""Commands refused with `slow_down`, without one that was let through between, before the socket closes with 1008."""


class TokenBucket:
    """`burst` commands at once, then `rate` a second. A rate of 0 lifts the limit."""

    __slots__ = ("_at", "_burst", "_clock", "_rate", "_tokens", "__weakref__")

    def __init__(self, rate: float, burst: int, clock=time.monotonic):
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._tokens = float(burst)
        self._at = clock()

    def take(self) -> float:
        """Take a token and return 0.0; or, when there is none, the seconds until there is one."""
        if not self._rate:
            return 0.0
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0.0
        return (1 - self._tokens) / self._rate


PERSON_FACTOR = 2
"""A person may talk this much faster than one connection: from a telephone and a desk at once."""

_people: WeakValueDictionary[str, TokenBucket] = WeakValueDictionary()


def connection_bucket() -> TokenBucket:
    """A bucket for one socket, by the site's settings."""
    return TokenBucket(settings.CHAT_POST_RATE, settings.CHAT_POST_BURST)


def person_bucket(key: str) -> TokenBucket:
    """The bucket that all sockets of a person (by `sender_key`) in this process share; it lasts as long as they do."""
    bucket = _people.get(key)
    if bucket is None:
        bucket = TokenBucket(settings.CHAT_POST_RATE * PERSON_FACTOR, settings.CHAT_POST_BURST * PERSON_FACTOR)
        _people[key] = bucket
    return bucket
