"""A cache of room deltas: after a restart, all clients request the same ones at the same moment.

The changes of a room after a version, up to its head, are the same for everyone until the head changes, or a person
does: messages hold the names and pictures of their authors.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from chat.protocol import encoding

MAX_AGE_S = 5.0
MAX_CHARACTERS = 8_000_000
"""Limit of the cache, in characters of text and HTML, with the two additions below."""
DELTA_CHARACTERS = 500
"""What each delta adds to its messages."""
MESSAGE_CHARACTERS = 500
"""What each message adds to its text and HTML."""
_Key = tuple[str, int, int | None, int | None]
"""State of the site (its epoch and `people_version`), room, `since`, and the `seq` that a page is around."""


@dataclass(frozen=True, slots=True)
class RoomDelta:
    """All changes after version `after` up to `upto`. Or, if `limited`, the latest page, or the one `around` a `seq`;
    `more_before` and `more_after`: there are older and newer messages."""

    after: int
    upto: int
    messages: encoding.MessageList
    limited: bool
    more_before: bool = False
    more_after: bool = False
    around: int | None = None

    def has(self, seq: int) -> bool:
        """Whether this is the latest page, and the messages from `seq` on are in it, with one before them."""
        return self.is_latest and (not self.more_before or self.messages[0].seq < seq)

    @property
    def is_latest(self) -> bool:
        """Whether this is the latest page."""
        return self.limited and self.around is None

    @property
    def characters(self) -> int:
        """Its approximate size in memory, in characters."""
        return DELTA_CHARACTERS + sum(
            len(message.text) + len(message.html) + MESSAGE_CHARACTERS for message in self.messages
        )


class DeltaCache:
    """The deltas of this process, the newest one for each state of the site, room, `since` and `seq`. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._deltas: OrderedDict[_Key, tuple[float, RoomDelta, int]] = OrderedDict()
        self._characters = 0

    def find(self, site: str, room_id: int, head: int, since: int | None, seq: int | None = None) -> RoomDelta | None:
        """The cached delta of a room whose version is `head`, or a page that has the messages at `seq`; None if it has
        to be read."""
        # In a transaction, the head may be one that is never committed.
        if connection.in_atomic_block:
            return None
        found = self._get((site, room_id, since, seq), head)
        if found is None and since is None and seq is not None:
            latest = self._get((site, room_id, None, None), head)
            found = latest if latest and latest.has(seq) else None
        return found

    def keep(self, site: str, room_id: int, delta: RoomDelta, since: int | None, seq: int | None = None) -> None:
        """Store a delta that was just read in a transaction of its own."""
        if connection.in_atomic_block:
            return
        if since is None and delta.is_latest:
            seq = None
        name, size = (site, room_id, since, seq), delta.characters
        with self._lock:
            self._drop(name)
            self._deltas[name] = self._clock(), delta, size
            self._characters += size
            while self._characters > MAX_CHARACTERS:
                self._drop(next(iter(self._deltas)))

    def _get(self, name: _Key, head: int) -> RoomDelta | None:
        read_at, delta, _size = self._deltas.get(name, (0.0, None, 0))
        return delta if delta and delta.upto == head and self._clock() - read_at < MAX_AGE_S else None

    def _drop(self, name: _Key) -> None:
        self._characters -= self._deltas.pop(name, (0.0, None, 0))[2]
