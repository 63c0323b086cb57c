"""Who is connected now, and to which workers. The hub of this process knows; elsewhere nothing is known.

Entry points without sockets ask here. The answers are of this moment, and of all workers that answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class LostWorker:
    """A worker that ended without saying so. `name`: its machine and process."""

    name: str
    last_heard_at: datetime


class Source(Protocol):
    """What a hub implements. Each method may be called from any thread, and answers within about a second."""

    def people_in(self, rooms: list[str]) -> dict[str, int]:
        """How many people have each of these rooms open."""

    def sockets_of(self, users: list[int]) -> dict[int, int]:
        """How many connections each of these users has."""

    def sockets(self) -> int:
        """The number of all connections."""

    def lost_workers(self) -> list[LostWorker]:
        """Those that nobody has replaced yet."""

    def layer_answers(self) -> bool:
        """Whether the channel layer worked the last time."""


_source: Source | None = None


def connect(source: Source | None) -> None:
    """Set who knows. Called by the hub of this process when it starts."""
    global _source
    _source = source


def people_in(rooms: Iterable[str]) -> dict[str, int]:
    """How many people have each of these rooms (by slug) open; rooms that nobody has open may be missing."""
    return _source.people_in(list(rooms)) if _source else {}


def sockets_of(users: Iterable[int]) -> dict[int, int]:
    """How many connections each of these users has; users without any may be missing."""
    return _source.sockets_of(list(users)) if _source else {}


def sockets() -> int | None:
    """The number of all connections; None where nothing is known."""
    return _source.sockets() if _source else None


def lost_workers() -> list[LostWorker]:
    """The workers that ended without saying so, and that nobody has replaced yet."""
    return _source.lost_workers() if _source else []


def layer_answers() -> bool:
    """Whether the channel layer (Redis) worked the last time; True where nothing is known."""
    return _source.layer_answers() if _source else True
