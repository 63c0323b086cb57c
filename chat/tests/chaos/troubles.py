"""What happens to the processes while people talk: one trouble after the other, in an order that a seed decides."""

import asyncio
import contextlib
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

from chat.tests.services import Postgres, Redis, Site
from chat.tests.services.inside import CodeFailed

from .ledger import Ledger
from .listener import Removal

REST_S = (1.0, 4.0)
FROZEN_S = (3.0, 6.0)
AWAY_S = (0.0, 3.0)
REMOVED_S = (1.0, 3.0)
REDIS_AWAY = 0.75
"""How many of the removals happen without Redis."""
WORLD = """
    from django.contrib.auth import get_user_model
    from chat.domain import rooms
    from chat.models import Room
    room, person = Room.objects.get(slug=slug), get_user_model().objects.get(pk=user)
"""
REMOVE = """
    rooms.{verb}(room=room, user=person)
    result = Room.objects.get(slug=slug).head.rules
"""
LET_IN = """
    rooms.join(room=room, user=person, role="member")
"""


class Trouble(StrEnum):
    """Everything that happens to a process."""

    KILL_WORKER = "worker killed (SIGKILL)"
    KILL_ALL_WORKERS = "all workers killed"
    RESTART_WORKER = "worker restarted (SIGTERM)"
    FREEZE_WORKER = "worker frozen (SIGSTOP)"
    RESTART_REDIS = "Redis restarted, empty"
    FLUSH_REDIS = "Redis flushed"
    RESTART_POSTGRES = "PostgreSQL restarted"
    CRASH_POSTGRES = "PostgreSQL crashed"
    CHANGE_ROOM = "room changed"
    REMOVE_MEMBER = "member removed"


def rounds(dice: random.Random) -> Iterator[Trouble]:
    """All troubles, shuffled, again and again."""
    while True:
        kinds = list(Trouble)
        dice.shuffle(kinds)
        yield from kinds


class Troubles:
    """Makes them; `made` counts, `longest_s` is how long each kind took at most."""

    def __init__(
        self, site: Site, redis: Redis, postgres: Postgres, rooms: list[str], ledger: Ledger, dice: random.Random
    ):
        self.site = site
        self.ledger = ledger
        self.redis = redis
        self.postgres = postgres
        self.rooms = rooms
        self.dice = dice
        self.made: Counter[Trouble] = Counter()
        self.longest_s: dict[Trouble, float] = {}
        self.failed: list[str] = []
        self.secret = ""
        self.listeners: list[int] = []
        self.removals: list[Removal] = []
        self._work = {
            Trouble.KILL_WORKER: self.kill_worker,
            Trouble.KILL_ALL_WORKERS: self.kill_all_workers,
            Trouble.RESTART_WORKER: self.restart_worker,
            Trouble.FREEZE_WORKER: self.freeze_worker,
            Trouble.RESTART_REDIS: self.restart_redis,
            Trouble.FLUSH_REDIS: self.flush_redis,
            Trouble.RESTART_POSTGRES: self.restart_postgres,
            Trouble.CRASH_POSTGRES: self.crash_postgres,
            Trouble.CHANGE_ROOM: self.change_room,
            Trouble.REMOVE_MEMBER: self.remove_member,
        }

    async def run(self, over: asyncio.Event) -> None:
        """Make trouble until `over` is set, and at least each once."""
        for trouble in rounds(self.dice):
            if over.is_set() and len(self.made) == len(Trouble):
                return
            began = time.monotonic()
            self.ledger.trouble = trouble.value
            await self._work[trouble]()
            self.made[trouble] += 1
            self.longest_s[trouble] = max(self.longest_s.get(trouble, 0), time.monotonic() - began)
            await self._sleep(REST_S)

    async def kill_worker(self) -> None:
        worker = self.dice.choice(self.site.workers)
        await asyncio.to_thread(worker.kill)
        await self._sleep(AWAY_S)
        await asyncio.to_thread(worker.start)

    async def kill_all_workers(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(worker.kill) for worker in self.site.workers))
        await asyncio.gather(*(asyncio.to_thread(worker.start) for worker in self.site.workers))

    async def restart_worker(self) -> None:
        worker = self.dice.choice(self.site.workers)
        worker.signal(signal.SIGTERM)
        code = await asyncio.to_thread(worker.wait)
        if code:
            self.failed.append(f"{worker.name} ended with {code} after SIGTERM")
        await asyncio.to_thread(worker.start)

    async def freeze_worker(self) -> None:
        worker = self.dice.choice(self.site.workers)
        worker.pause()
        await self._sleep(FROZEN_S)
        worker.resume()

    async def restart_redis(self) -> None:
        await asyncio.to_thread(self.redis.kill)
        await self._sleep(AWAY_S)
        await asyncio.to_thread(self.redis.start)

    async def flush_redis(self) -> None:
        await asyncio.to_thread(self.redis.flush)

    async def restart_postgres(self) -> None:
        await asyncio.to_thread(self.postgres.stop)
        await self._sleep(AWAY_S)
        await asyncio.to_thread(self.postgres.start)

    async def crash_postgres(self) -> None:
        self.postgres.signal(signal.SIGQUIT)
        await asyncio.to_thread(self.postgres.wait)
        await asyncio.to_thread(self.postgres.start)

    async def change_room(self) -> None:
        code = """
            from chat.domain import rooms
            from chat.models import Room
            rooms.change(room=Room.objects.get(slug=slug), topic=topic)
        """
        slug, topic = self.dice.choice(self.rooms), f"topic {self.dice.random()}"
        # The database may be slow to come back.
        with contextlib.suppress(CodeFailed):
            await asyncio.to_thread(self.site.python, code, slug=slug, topic=topic)

    async def remove_member(self) -> None:
        """Remove somebody from the private room, mostly while Redis is away, and let them in again."""
        user, is_away = self.dice.choice(self.listeners), self.dice.random() < REDIS_AWAY
        if is_away:
            await asyncio.to_thread(self.redis.kill)
        verb, names = self.dice.choice(["leave", "remove"]), {"slug": self.secret, "user": user}
        version = await asyncio.to_thread(self.site.python, WORLD + REMOVE.format(verb=verb), **names)
        self.removals.append(removal := Removal(user, version))
        await self._sleep(REMOVED_S)
        if is_away:
            await asyncio.to_thread(self.redis.start)
            await self._sleep(AWAY_S)
        removal.ended_at = time.monotonic()
        await asyncio.to_thread(self.site.python, WORLD + LET_IN, **names)

    async def _sleep(self, between: tuple[float, float]) -> None:
        await asyncio.sleep(self.dice.uniform(*between))
