"""The storm: processes, clients, cuts and troubles, and the comparison when it is over."""

import asyncio
import itertools
import random
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from pathlib import Path

from chat.tests.conversations import spoken
from chat.tests.room_copy import RoomCopy
from chat.tests.services import Postgres, Redis, Site

from .actor import Actor, Scene
from .cutter import Cutter
from .ledger import Ledger
from .listener import Listener
from .report import Report
from .troubles import Troubles
from .truth import Truth
from .verdict import Verdict

ROOMS = [f"storm-{n}" for n in range(1, 6)]
ROOMS_EACH = 2
SECRET = "secret"
"""A private room: some actors talk there, and listeners are removed from it."""
TALKERS = 0.2
LISTENERS = 6
SECOND_DEVICES = 0.1
MODERATORS = 0.05
CALM_S = 1.5
HEAL_TIMEOUT_S = 120
TELL_EVERY_S = 10
CAST = """
    from django.core.management import call_command
    from chat.domain import rooms
    from chat.management.replaying import account, sign_in
    call_command("migrate", verbosity=0)
    places = {slug: rooms.create(slug=slug, name=slug, by=account("owner")) for slug in slugs}
    rooms.create(slug="closed", name="Closed", by=account("owner"), kind="private")
    places[secret] = rooms.create(slug=secret, name=secret, by=account("owner"), kind="private")
    for part in parts:
        user = account(part["name"])
        for slug in part["rooms"]:
            rooms.join(room=places[slug], user=user, role="moderator" if part["moderates"] else "member")
        part |= {"user": user.pk, "session": sign_in(user)}
    result = parts
"""


@dataclass
class Weather:
    """How long and how hard: at least `seconds`, at least `cuts`, and every kind of trouble at least once."""

    seconds: float
    cuts: int
    clients: int = 100
    workers: int = 2
    seed: int = 1


def run(weather: Weather, folder: Path, show: Callable[[str], None] = str) -> Report:
    """Start everything in `folder`, let it storm, compare, and end it all. `show` gets a line now and then."""
    with ExitStack() as stack:
        postgres = Postgres(durable=True)
        stack.callback(postgres.remove)
        postgres.start()
        redis = stack.enter_context(Redis(folder / "redis"))
        urls = {"DATABASE_URL": postgres.new_url(), "REDIS_URL": redis.new_url()}
        site = Site(folder / "site", workers=weather.workers, **urls, DRAIN_S=5)
        stack.callback(site.stop)
        parts = site.python(CAST, slugs=ROOMS, secret=SECRET, parts=_parts(weather.clients) + _listening_parts())
        site.start()
        troubles = Troubles(site, redis, postgres, ROOMS, Ledger(), random.Random(f"{weather.seed} troubles"))
        troubles.secret, troubles.listeners = SECRET, [part["user"] for part in parts[weather.clients :]]
        return asyncio.run(_storm(weather, site, parts, troubles, show))


def _parts(clients: int) -> list[dict]:
    people = clients - round(clients * SECOND_DEVICES)
    parts = []
    for n in range(clients):
        watched = [ROOMS[(n + m * 2) % len(ROOMS)] for m in range(ROOMS_EACH)]
        who = {"name": f"person {n % people}", "second": n >= people, "moderates": n < clients * MODERATORS}
        if n < people * TALKERS:
            watched.append(SECRET)
        parts.append(who | {"rooms": watched, "closed": "closed"})
    # A second device watches what the first one does: it is the same person, in the same rooms.
    for n in range(people, clients):
        parts[n] |= {"rooms": parts[n - people]["rooms"], "moderates": parts[n - people]["moderates"]}
    return parts


def _listening_parts() -> list[dict]:
    return [{"name": f"listener {n}", "rooms": [SECRET], "moderates": False} for n in range(LISTENERS)]


async def _storm(weather: Weather, site: Site, parts: list[dict], troubles: Troubles, show) -> Report:
    scene = Scene(itertools.cycle(line.text for line in spoken()), troubles.ledger, asyncio.Event())
    began = time.monotonic()
    dice = random.Random(f"{weather.seed} cuts")
    async with Cutter([worker.port for worker in site.workers], dice) as cutter, AsyncExitStack() as stack:
        url = f"ws://127.0.0.1:{cutter.port}/chat"
        actors = [Actor(n, url, part, scene, weather.seed) for n, part in enumerate(parts[: weather.clients])]
        listeners = [Listener(url, part) for part in parts[weather.clients :]]
        await asyncio.gather(*(stack.enter_async_context(client) for client in [*actors, *listeners]))
        acting = [asyncio.create_task(actor.act()) for actor in actors]
        telling = asyncio.create_task(_tell(show, began, cutter, scene.ledger))
        await _rage(weather, cutter, troubles, dice)
        telling.cancel()
        scene.over.set()
        await asyncio.gather(*acting)
        calm_at = time.monotonic()
        truth = await _heal(site.env["DATABASE_URL"], actors, listeners)
        verdict = Verdict()
        verdict.judge_log(truth, scene.ledger)
        for actor in actors:
            for copy in actor.copies.values():
                verdict.judge_copy(f"client {actor.number}", copy, truth)
        for listener in listeners:
            verdict.judge_copy(f"listener {listener.user}", listener.copies.get(SECRET, RoomCopy(SECRET)), truth)
            verdict.leaked += listener.leaks(troubles.removals)
        return Report(
            weather=weather,
            seconds=calm_at - began,
            cuts=cutter.made,
            troubles=troubles,
            ledger=scene.ledger,
            stored=sum(len(messages) for messages in truth.messages.values()),
            versions=sum(room["version"] for room in truth.rooms.values()),
            connections=sum(actor.connections for actor in actors),
            holes=sum(copy.holes for actor in actors for copy in actor.copies.values()),
            limited=sum(copy.limited for actor in actors for copy in actor.copies.values()),
            settled_s=time.monotonic() - calm_at,
            verdict=verdict,
        )


async def _tell(show: Callable[[str], None], began: float, cutter: Cutter, ledger: Ledger) -> None:
    while True:
        await asyncio.sleep(TELL_EVERY_S)
        seconds = time.monotonic() - began
        show(f"{seconds:.0f} s: {cutter.made.total():,} cuts, {ledger.acknowledged:,} acknowledged, {ledger.trouble}")


async def _rage(weather: Weather, cutter: Cutter, troubles: Troubles, dice: random.Random) -> None:
    """Cut and trouble until there was enough of both."""
    enough = asyncio.Event()
    troubling = asyncio.create_task(troubles.run(enough))
    ends_at = time.monotonic() + weather.seconds
    rate = weather.cuts / weather.seconds
    while not troubling.done():
        if time.monotonic() > ends_at and cutter.made.total() >= weather.cuts:
            enough.set()
        await asyncio.sleep(dice.expovariate(rate) if rate else 0.2)
        cutter.cut() if rate else None
    await troubling


async def _heal(url: str, actors: list[Actor], listeners: list[Listener]) -> Truth:
    """Wait until nothing changes and every copy stands at its room's head, or for HEAL_TIMEOUT_S; then read the log."""
    give_up = time.monotonic() + HEAL_TIMEOUT_S
    while True:
        before = await asyncio.to_thread(Truth.read, url)
        await asyncio.sleep(CALM_S)
        truth = await asyncio.to_thread(Truth.read, url)
        copies = [copy for client in [*actors, *listeners] for copy in client.copies.values()]
        healed = all(copy.version == truth.rooms[copy.slug]["version"] for copy in copies)
        healed = healed and all(SECRET in listener.copies for listener in listeners)
        if (healed and before.rooms == truth.rooms) or time.monotonic() > give_up:
            break
    for client in [*actors, *listeners]:
        for slug in client.copies:
            await client.load_all(slug)
    return truth
