"""What the clients know for certain about what they did: the one side of the comparison."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Said:
    """One post. `message` is its id once acknowledged, `refused` the code of a definite no."""

    room: str
    text: str
    user: int
    client: int
    order: int
    message: int | None = None
    refused: str | None = None


@dataclass
class Ledger:
    """Posts by client_id; of changes, the last acknowledged and those whose outcome stayed unknown.

    An attempt that a broken socket left behind may be carried out late, by a worker that was frozen: after it, the
    text it brought is possible beside the one acknowledged last.

    `longest_heal` and `longest_wait` are in seconds, each with the `trouble` that was the newest by then.
    """

    said: dict[str, Said] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    doubted_texts: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    deleted: set[int] = field(default_factory=set)
    doubted_deletions: set[int] = field(default_factory=set)
    reactions: dict[tuple[int, int, str], bool] = field(default_factory=dict)
    doubted_reactions: set[tuple[int, int, str]] = field(default_factory=set)
    refusals: Counter[str] = field(default_factory=Counter)
    acknowledged_at: dict[tuple[str, int], float] = field(default_factory=dict)
    longest_heal: tuple[float, str] = (0.0, "")
    longest_wait: tuple[float, str] = (0.0, "")
    trouble: str = ""

    @property
    def acknowledged(self) -> int:
        """How many posts were acknowledged."""
        return sum(said.message is not None for said in self.said.values())

    def acknowledge(self, room: str, version: int, asked_at: float) -> None:
        """A change was answered: from now on every copy that lacks it has something to heal."""
        now = time.monotonic()
        self.acknowledged_at.setdefault((room, version), now)
        self.longest_wait = max(self.longest_wait, (now - asked_at, self.trouble))

    def advanced(self, room: str, before: int, upto: int) -> None:
        """A copy of a room moved from version `before` to `upto`: note how long it lacked what was acknowledged."""
        now = time.monotonic()
        for version in range(before + 1, upto + 1):
            at = self.acknowledged_at.get((room, version))
            if at is not None:
                self.longest_heal = max(self.longest_heal, (now - at, self.trouble))
