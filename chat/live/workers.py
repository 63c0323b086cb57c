"""The workers of the site: which are alive, and which ended without saying so."""

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chat.domain.connections import LostWorker

from .presence import SILENT_S

SUSPECT_S = 5.0
"""Every worker says something at least once a second while someone watches. After this time it is shown as gone."""
LOST_KEPT_S = 24 * 60 * 60
LOST_LIMIT = 20
ENDED_SHOWN_S = 60.0


def own_name() -> str:
    """The machine and the process: they tell an operator where to look."""
    return f"{socket.gethostname()[:100]}:{os.getpid()}"


@dataclass(slots=True)
class Worker:
    """One worker. `heard_at` is in the loop's seconds; `ended_at` is set for one that said that it shuts down."""

    token: str
    name: str
    heard_at: float
    heard: float = field(default_factory=time.time)
    ended_at: float | None = None
    lost: bool = False


class Workers:
    """What this process knows of the others, and of itself. They are known by their gossip (`presence`)."""

    def __init__(self, token: str):
        self.token = token
        self.name = own_name()
        self.started = time.time()
        self._all: dict[str, Worker] = {}

    def note(self, token: str, gossip: dict, now: float) -> None:
        """Another worker has sent something."""
        if token == self.token or not token:
            return
        worker = self._all.get(token)
        if worker is None:
            worker = self._all[token] = Worker(token, token[:8], now)
            self._replace_one()
        worker.heard_at, worker.heard, worker.lost = now, time.time(), False
        if "worker" in gossip:
            worker.name = gossip["worker"]
        if gossip.get("gone"):
            worker.ended_at = now

    def check(self, now: float) -> None:
        """Note which are silent for too long, and forget those that nobody needs to know of any more."""
        for token, worker in list(self._all.items()):
            if worker.ended_at is not None:
                if now - worker.ended_at > ENDED_SHOWN_S:
                    del self._all[token]
            elif now - worker.heard_at > SILENT_S:
                worker.lost = True
                if now - worker.heard_at > LOST_KEPT_S:
                    del self._all[token]
        lost = [worker.token for worker in self._all.values() if worker.lost]
        for token in lost[:-LOST_LIMIT]:
            del self._all[token]

    def others_alive(self) -> set[str]:
        """The tokens of those that should answer."""
        return {worker.token for worker in self._all.values() if worker.ended_at is None and not worker.lost}

    def lost(self) -> list[LostWorker]:
        """Those that ended without saying so, and that no new worker has replaced."""
        return [
            LostWorker(worker.name, datetime.fromtimestamp(worker.heard, UTC))
            for worker in self._all.values()
            if worker.lost
        ]

    def others(self) -> Iterator[Worker]:
        """All that are known, also those that ended a short while ago."""
        yield from self._all.values()

    def _replace_one(self) -> None:
        # A supervisor starts a new worker for one that died.
        for token, worker in self._all.items():
            if worker.lost:
                del self._all[token]
                return
