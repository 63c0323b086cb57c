"""Puts the changes of one room in the order of their versions. A plain class without I/O.

The channel layer may lose, repeat and delay events. `Continuity` takes them in any order and returns each version once,
in order; a version that is missing is a gap, which somebody else has to close.
"""

from typing import Any

LATE_LIMIT = 1_000
"""Events that are kept while a gap is being closed. Further ones are dropped: the delta that closes it has them too."""


class Continuity:
    """The version that a room's watchers have received (`at`), and the later events that have to wait.

    `at` is None before the first snapshot: then all events wait, until `start` sets the version of the snapshot.
    """

    def __init__(self, at: int | None = None):
        self.at = at
        self.started_at = at
        self._late: dict[int, Any] = {}

    def start(self, at: int) -> list[tuple[int, Any]]:
        """Begin at the version of a snapshot. Return the (version, item) pairs after it. Later calls do nothing."""
        if self.at is not None:
            return []
        self.at = self.started_at = at
        return self._release()

    def can_continue_from(self, version: int) -> bool:
        """Whether all changes after a snapshot of `version` will be returned. Those before `started_at` are not."""
        return self.started_at is None or version >= self.started_at

    def receive(self, version: int, item: Any) -> list[tuple[int, Any]]:
        """Take one change. Return the (version, item) pairs to send now, in order: it and those that waited for it."""
        if self.at is not None and version <= self.at:
            return []
        if version - 1 == self.at:
            self.at = version
            return [(version, item), *self._release()] if self._late else [(version, item)]
        if len(self._late) < LATE_LIMIT:
            self._late[version] = item
        return []

    def apply_delta(self, after: int, upto: int) -> list[tuple[int, Any]] | None:
        """Take a delta: all changes after `after`, up to `upto`.

        Return None if it must not be sent (nothing in it is new, or there is a gap before it); otherwise the pairs to
        send after it.
        """
        if self.at is None or after > self.at or upto <= self.at:
            return None
        self.at = upto
        return self._release()

    def is_behind(self, version: int) -> bool:
        """Whether the room has a later version than the watchers: `version` is its head in the database."""
        return self.at is not None and version > self.at

    @property
    def has_gap(self) -> bool:
        """Whether an event waits for one that is missing."""
        return bool(self._late) and self.at is not None

    def _release(self) -> list[tuple[int, Any]]:
        for version in [version for version in self._late if version <= self.at]:
            del self._late[version]
        out = []
        while (item := self._late.pop(self.at + 1, None)) is not None:
            self.at += 1
            out.append((self.at, item))
        return out
