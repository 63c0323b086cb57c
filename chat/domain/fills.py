"""Fills that were read, kept for whoever asks for the same: after a restart a thousand people do, at the same moment.

What changed in a room after one version, up to its head, is the same for everyone, and stays so as long as the head
stands. People's names alone have no version: a fill is kept for KEPT_S at most.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from django.db import connection

from chat.events import shapes

KEPT_S = 5.0
KEPT_CHARACTERS = 8_000_000
"""The size of all that is kept: text, HTML, and the two below."""
FILL_CHARACTERS = 500
"""What a fill counts for besides its messages: one without any takes memory, too."""
MESSAGE_CHARACTERS = 500
"""What a message counts for besides its text and HTML."""
_LATEST = -1


@dataclass(frozen=True, slots=True)
class Fill:
    """All that changed after `after`, up to `upto`; or, `limited`, the latest page, with `more` before it."""

    after: int
    upto: int
    messages: shapes.Messages
    limited: bool
    more: bool

    @property
    def characters(self) -> int:
        """About how much memory it takes, in characters."""
        return FILL_CHARACTERS + sum(
            len(message.text) + len(message.html) + MESSAGE_CHARACTERS for message in self.messages
        )


class Fills:
    """The fills of this process, by site, room and `since`: the newest of each. Any thread may ask."""

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple, tuple[float, Fill, int]] = OrderedDict()
        self._characters = 0

    def find(self, epoch: str, room_id: int, since: int | None, head: int) -> Fill | None:
        """The fill of a room that stands at `head`, as it was read before; None when it has to be read."""
        # Within a transaction the head may be one that is never committed.
        if connection.in_atomic_block:
            return None
        read_at, fill, _size = self._kept.get(_name(epoch, room_id, since), (0.0, None, 0))
        return fill if fill and fill.upto == head and self._clock() - read_at < KEPT_S else None

    def keep(self, epoch: str, room_id: int, since: int | None, fill: Fill) -> None:
        """Keep a fill that was just read in a transaction of its own."""
        if connection.in_atomic_block:
            return
        name, size = _name(epoch, room_id, since), fill.characters
        with self._lock:
            self._drop(name)
            self._kept[name] = self._clock(), fill, size
            self._characters += size
            while self._characters > KEPT_CHARACTERS:
                self._drop(next(iter(self._kept)))

    def _drop(self, name: tuple) -> None:
        self._characters -= self._kept.pop(name, (0.0, None, 0))[2]


def _name(epoch: str, room_id: int, since: int | None) -> tuple:
    return epoch, room_id, _LATEST if since is None else since
