"""What the log must contain, according to the answers that the clients got: one side of the comparison."""

import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Post:
    """One post. `message`: its id, once acknowledged. `refused`: the code of the error, if refused. `scheduled`: to be
    posted later; `promised`: the server has said that it will."""

    room: str
    text: str
    user: int
    client: int
    order: int
    message: int | None = None
    refused: str | None = None
    scheduled: bool = False
    promised: bool = False


@dataclass(slots=True)
class SentFile:
    """A file of an acknowledged post: its hash, the id of its message, and whether a job makes a thumbnail of it and
    removes its metadata."""

    sha256: str
    is_picture: bool
    message: int = 0


@dataclass
class Expectations:
    """Posts by client_id, and acknowledged changes. `uncertain_…`: attempts without an answer. `direct_rooms`: which
    rooms (slugs) the server named to people who asked for the direct room of these users (sorted ids).

    A frozen worker may execute such an attempt later, after a newer change was acknowledged: both texts are possible
    then.

    `files`: those of acknowledged posts, by id. `broken_uploads`: uploads that lost what was acknowledged;
    `interruptions`: how often an upload was cut or found no worker.

    `longest_heal` and `longest_wait` are in seconds, each with the latest `fault` at that time.
    """

    posts: dict[str, Post] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    uncertain_texts: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    deleted: set[int] = field(default_factory=set)
    uncertain_deletions: set[int] = field(default_factory=set)
    reactions: dict[tuple[int, int, str], bool] = field(default_factory=dict)
    uncertain_reactions: set[tuple[int, int, str]] = field(default_factory=set)
    votes: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)
    uncertain_votes: set[tuple[int, int]] = field(default_factory=set)
    direct_rooms: dict[tuple[int, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    files: dict[int, SentFile] = field(default_factory=dict)
    broken_uploads: list[str] = field(default_factory=list)
    interruptions: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    acknowledged_at: dict[tuple[str, int], float] = field(default_factory=dict)
    longest_heal: tuple[float, str] = (0.0, "")
    longest_wait: tuple[float, str] = (0.0, "")
    fault: str = ""

    @property
    def acknowledged(self) -> int:
        """The number of acknowledged posts."""
        return sum(post.message is not None for post in self.posts.values())

    def acknowledge(self, room: str, version: int, asked_at: float) -> None:
        """A change was acknowledged: from now on, a copy without it is behind."""
        now = time.monotonic()
        self.acknowledged_at.setdefault((room, version), now)
        self.longest_wait = max(self.longest_wait, (now - asked_at, self.fault))

    def advanced(self, room: str, before: int, upto: int) -> None:
        """A copy of a room went from version `before` to `upto`: note for how long it was behind."""
        now = time.monotonic()
        for version in range(before + 1, upto + 1):
            at = self.acknowledged_at.get((room, version))
            if at is not None:
                self.longest_heal = max(self.longest_heal, (now - at, self.fault))
