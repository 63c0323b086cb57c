"""What the live page of the admin shows: asked of all workers once a second, while somebody watches on this one."""

import asyncio
import json
import logging
import time
from collections import Counter
from collections.abc import Callable

from chat.domain import live_board
from chat.jobs import metrics as job_metrics

from . import database, metrics
from .workers import SUSPECT_S, Worker

logger = logging.getLogger(__name__)

EVERY_S = 1.0
DATABASE_EVERY = 2
"""Every second time the database is asked."""
ROOMS_SHOWN = 10
ERRORS_SHOWN = 10


class Board:
    """Makes one text a second and gives it to all who watch."""

    def __init__(self, hub):
        self._hub = hub
        self._watchers: set[Callable[[str], None]] = set()
        self._task: asyncio.Task | None = None
        self._stored: dict = {}
        self._names: dict[str, str] = {}
        self._wanted: list[str] = []
        self._last_answers: dict[str, dict] = {}

    @property
    def watchers(self) -> int:
        """How many watch on this worker."""
        return len(self._watchers)

    def watch(self, send: Callable[[str], None]) -> None:
        """Call `send` with each new text, until `leave`."""
        self._watchers.add(send)
        if self._task is None or self._task.done():
            self._task = self._hub.spawn(self._run())

    def leave(self, send: Callable[[str], None]) -> None:
        """Stop that. Without watchers nothing is asked."""
        self._watchers.discard(send)

    async def _run(self) -> None:
        number = 0
        while self._watchers:
            began = self._hub.loop.time()
            try:
                if number % DATABASE_EVERY == 0:
                    await self._read_database()
                text = json.dumps(await self._collect())
                for send in list(self._watchers):
                    send(text)
            except Exception:
                logger.exception("The figures of the live page could not be collected.")
            number += 1
            await asyncio.sleep(max(0.1, EVERY_S - (self._hub.loop.time() - began)))
        self._last_answers.clear()

    async def _collect(self) -> dict:
        hub = self._hub
        answers = await hub.inquiries.ask("figures")
        self._last_answers |= answers
        others = list(hub.workers.others())
        own = Worker(hub.token, hub.workers.name, hub.loop.time())
        shown = [own, *others]
        self._last_answers = {one.token: self._last_answers.get(one.token, {}) for one in shown}
        here = {token: answer["figures"] for token, answer in answers.items() if "figures" in answer}
        errors = [
            {**error, "worker": one.name}
            for one in shown
            for error in self._last_answers[one.token].get("figures", {}).get("errors", [])
        ]
        return {
            "type": "figures",
            "at": time.time(),
            "bounds": metrics.BUCKETS_S,
            "workers": [self._worker(one) for one in shown],
            "rooms": self._rooms(here),
            "layer": hub.inquiries.round_trip_s,
            "errors": sorted(errors, key=lambda error: error["at"], reverse=True)[:ERRORS_SHOWN],
            **self._stored,
        }

    def _worker(self, worker: Worker) -> dict:
        figures = self._last_answers[worker.token].get("figures", {})
        silent_s = self._hub.loop.time() - worker.heard_at
        state = "alive"
        if worker.ended_at is not None:
            state = "ended"
        elif worker.lost or silent_s > SUSPECT_S:
            state = "gone"
        return {
            "id": worker.token,
            "name": worker.name,
            "state": state,
            "silent_s": round(silent_s, 1),
            "started": figures.get("started"),
            "numbers": figures.get("numbers", {}),
            "delays": figures.get("delays", []),
        }

    def _rooms(self, here: dict[str, dict]) -> list[dict]:
        watchers: Counter[str] = Counter()
        for figures in here.values():
            for slug, count in figures["rooms"]:
                watchers[slug] += count
        names = self._names
        self._wanted = [slug for slug, _count in watchers.most_common(2 * ROOMS_SHOWN)]
        return [
            {"slug": slug, "name": names[slug], "watchers": count, "people": self._hub.presence.online(slug)}
            for slug, count in watchers.most_common(2 * ROOMS_SHOWN)
            if slug in names
        ][:ROOMS_SHOWN]

    async def _read_database(self) -> None:
        try:
            self._names, seconds, jobs = await database.read(_read, self._wanted)
            self._stored = {"database": seconds, "jobs": jobs}
        except database.UNAVAILABLE:
            self._stored = {"database": None, "jobs": None}


def _read(slugs: list[str]) -> tuple[dict[str, str], float, dict]:
    began = time.perf_counter()
    names = live_board.names_of(slugs)
    return names, time.perf_counter() - began, job_metrics.counts()
