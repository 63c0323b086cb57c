"""The order of one room's changes in one process: versions in, what to hand out and which hole to fetch out.

A plain class without I/O. The channel layer may drop, double and delay; what comes out has every version once, in
order, or tells of the hole before it.
"""

from typing import Any

LATE_LIMIT = 1_000
"""Late events kept while a hole is fetched. Beyond it they are let go: the fetch brings them as well."""


class Continuity:
    """Stands at the last version it handed out.

    `None` until the first snapshot: it keeps what comes, and knows after `start` what of it is news.
    """

    def __init__(self, at: int | None = None):
        self.at = at
        self.began = at
        self._late: dict[int, Any] = {}

    def start(self, at: int) -> list[tuple[int, Any]]:
        """Stand at `at`, the version of a snapshot; return what was kept and follows it. Later calls do nothing."""
        if self.at is not None:
            return []
        self.at = self.began = at
        return self._release()

    def reached_by(self, version: int) -> bool:
        """Whether a snapshot of `version` reaches to where the handing out began; what lies between never comes."""
        return self.began is None or version >= self.began

    def offer(self, version: int, item: Any) -> list[tuple[int, Any]]:
        """Take one change; return the (version, item) pairs to hand out now, in order: it, and late ones behind it."""
        if self.at is not None and version <= self.at:
            return []
        if version - 1 == self.at:
            self.at = version
            return [(version, item), *self._release()] if self._late else [(version, item)]
        if len(self._late) < LATE_LIMIT:
            self._late[version] = item
        return []

    def fill(self, after: int, upto: int) -> list[tuple[int, Any]] | None:
        """Note that everything in (`after`, `upto`] was fetched. Return None when the fill is not to be handed out
        (it is no news, or begins behind a hole); else what follows it, after the fill itself."""
        if self.at is None or after > self.at or upto <= self.at:
            return None
        self.at = upto
        return self._release()

    def head_is(self, version: int) -> bool:
        """Whether a head of `version`, as the database has it, shows a hole."""
        return self.at is not None and version > self.at

    @property
    def hole(self) -> bool:
        """Whether something came that does not follow."""
        return bool(self._late) and self.at is not None

    def _release(self) -> list[tuple[int, Any]]:
        for version in [version for version in self._late if version <= self.at]:
            del self._late[version]
        out = []
        while (item := self._late.pop(self.at + 1, None)) is not None:
            self.at += 1
            out.append((self.at, item))
        return out
