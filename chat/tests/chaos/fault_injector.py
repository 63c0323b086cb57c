"""Injects faults into the processes of a running site: one after the other, in a seeded random order."""

import asyncio
import contextlib
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

from chat.tests.services import Postgres, Process, Redis, Site
from chat.tests.services.site_shell import CodeFailed

from .expectations import Expectations
from .removed_member import Removal

PAUSE_BETWEEN_S = (1.0, 4.0)
FROZEN_S = (3.0, 6.0)
STOPPED_S = (0.0, 3.0)
REMOVED_S = (1.0, 3.0)
SHARE_WITHOUT_REDIS = 0.75
"""The share of removals that happen while Redis is stopped."""
FETCH = """
    from django.contrib.auth import get_user_model
    from chat.domain import rooms
    from chat.models import Room
    room, person = Room.objects.get(slug=slug), get_user_model().objects.get(pk=user)
"""
REMOVE = """
    rooms.{verb}(room=room, user=person)
    result = Room.objects.get(slug=slug).head.rules
"""
ADD = """
    rooms.join(room=room, user=person, role="member")
"""


class Fault(StrEnum):
    """The kinds of faults."""

    KILL_WORKER = "worker killed (SIGKILL)"
    KILL_ALL_WORKERS = "all workers killed"
    RESTART_WORKER = "worker restarted (SIGTERM)"
    FREEZE_WORKER = "worker frozen (SIGSTOP)"
    RESTART_REDIS = "Redis restarted, empty"
    FLUSH_REDIS = "Redis flushed"
    RESTART_POSTGRES = "PostgreSQL restarted"
    CRASH_POSTGRES = "PostgreSQL crashed"
    KILL_JOBS = "process of jobs killed (SIGKILL)"
    CHANGE_ROOM = "room changed"
    REMOVE_MEMBER = "member removed"


def random_faults(rng: random.Random) -> Iterator[Fault]:
    """All kinds of faults in random order, repeatedly."""
    while True:
        kinds = list(Fault)
        rng.shuffle(kinds)
        yield from kinds


class FaultInjector:
    """Injects faults. `made`: the count of each kind. `longest_s`: its longest duration in seconds."""

    def __init__(
        self,
        site: Site,
        redis: Redis,
        postgres: Postgres,
        rooms: list[str],
        expectations: Expectations,
        rng: random.Random,
    ):
        self.site = site
        self.expectations = expectations
        self.redis = redis
        self.postgres = postgres
        self.rooms = rooms
        self.rng = rng
        self.made: Counter[Fault] = Counter()
        self.longest_s: dict[Fault, float] = {}
        self.failed: list[str] = []
        self.jobs: Process | None = None
        self.private_room = ""
        self.removed_members: list[int] = []
        self.removals: list[Removal] = []
        self._actions = {
            Fault.KILL_WORKER: self.kill_worker,
            Fault.KILL_ALL_WORKERS: self.kill_all_workers,
            Fault.RESTART_WORKER: self.restart_worker,
            Fault.FREEZE_WORKER: self.freeze_worker,
            Fault.RESTART_REDIS: self.restart_redis,
            Fault.FLUSH_REDIS: self.flush_redis,
            Fault.RESTART_POSTGRES: self.restart_postgres,
            Fault.CRASH_POSTGRES: self.crash_postgres,
            Fault.KILL_JOBS: self.kill_jobs,
            Fault.CHANGE_ROOM: self.change_room,
            Fault.REMOVE_MEMBER: self.remove_member,
        }

    async def run(self, over: asyncio.Event) -> None:
        """Inject faults until `over` is set, each kind at least once."""
        for fault in random_faults(self.rng):
            if over.is_set() and len(self.made) == len(Fault):
                return
            began = time.monotonic()
            self.expectations.fault = fault.value
            await self._actions[fault]()
            self.made[fault] += 1
            self.longest_s[fault] = max(self.longest_s.get(fault, 0), time.monotonic() - began)
            await self._sleep(PAUSE_BETWEEN_S)

    async def kill_worker(self) -> None:
        worker = self.rng.choice(self.site.workers)
        await asyncio.to_thread(worker.kill)
        await self._sleep(STOPPED_S)
        await asyncio.to_thread(worker.start)

    async def kill_all_workers(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(worker.kill) for worker in self.site.workers))
        await asyncio.gather(*(asyncio.to_thread(worker.start) for worker in self.site.workers))

    async def restart_worker(self) -> None:
        worker = self.rng.choice(self.site.workers)
        worker.signal(signal.SIGTERM)
        code = await asyncio.to_thread(worker.wait)
        if code:
            self.failed.append(f"{worker.name} ended with {code} after SIGTERM")
        await asyncio.to_thread(worker.start)

    async def freeze_worker(self) -> None:
        worker = self.rng.choice(self.site.workers)
        worker.pause()
        await self._sleep(FROZEN_S)
        worker.resume()

    async def restart_redis(self) -> None:
        await asyncio.to_thread(self.redis.kill)
        await self._sleep(STOPPED_S)
        await asyncio.to_thread(self.redis.start)

    async def flush_redis(self) -> None:
        await asyncio.to_thread(self.redis.flush)

    async def restart_postgres(self) -> None:
        await asyncio.to_thread(self.postgres.stop)
        await self._sleep(STOPPED_S)
        await asyncio.to_thread(self.postgres.start)

    async def crash_postgres(self) -> None:
        self.postgres.signal(signal.SIGQUIT)
        await asyncio.to_thread(self.postgres.wait)
        await asyncio.to_thread(self.postgres.start)

    async def kill_jobs(self) -> None:
        await asyncio.to_thread(self.jobs.kill)
        await self._sleep(STOPPED_S)
        await asyncio.to_thread(self.jobs.start)

    async def change_room(self) -> None:
        code = """
            from chat.domain import rooms
            from chat.models import Room
            rooms.change(room=Room.objects.get(slug=slug), topic=topic)
        """
        slug, topic = self.rng.choice(self.rooms), f"topic {self.rng.random()}"
        # The database may still be starting.
        with contextlib.suppress(CodeFailed):
            await asyncio.to_thread(self.site.python, code, slug=slug, topic=topic)

    async def remove_member(self) -> None:
        """Remove a member from the private room, mostly while Redis is stopped, and add them again."""
        user, without_redis = self.rng.choice(self.removed_members), self.rng.random() < SHARE_WITHOUT_REDIS
        if without_redis:
            await asyncio.to_thread(self.redis.kill)
        verb, names = self.rng.choice(["leave", "remove"]), {"slug": self.private_room, "user": user}
        version = await asyncio.to_thread(self.site.python, FETCH + REMOVE.format(verb=verb), **names)
        self.removals.append(removal := Removal(user, version))
        await self._sleep(REMOVED_S)
        if without_redis:
            await asyncio.to_thread(self.redis.start)
            await self._sleep(STOPPED_S)
        removal.ended_at = time.monotonic()
        await asyncio.to_thread(self.site.python, FETCH + ADD, **names)

    async def _sleep(self, between: tuple[float, float]) -> None:
        await asyncio.sleep(self.rng.uniform(*between))
