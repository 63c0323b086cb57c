"""A chaos run: start processes and clients, cut connections, inject faults, compare at the end."""

import asyncio
import hashlib
import itertools
import random
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from chat.tests.conversations import spoken
from chat.tests.previews.foreign_site import ForeignSite
from chat.tests.room_copy import RoomCopy
from chat.tests.services import Postgres, Process, Redis, Site, free_port
from chat.tests.services.environment import ROOT
from chat.tests.services.programs import MANAGE

from .chaos_client import ChaosClient, SharedState
from .comparison import Comparison
from .cutting_proxy import CuttingProxy
from .expectations import Expectations
from .fault_injector import FaultInjector
from .removed_member import RemovedMember
from .report import Report
from .stored_log import StoredLog

ROOMS = [f"chaos-{n}" for n in range(1, 6)]
ROOMS_EACH = 2
PRIVATE_ROOM = "secret"
"""The slug of a private room: a share of the clients posts there, and members are removed from it."""
PRIVATE_ROOM_SHARE = 0.2
REMOVED_MEMBERS = 6
GROUP_SIZES = (2, 4)
"""People who follow each other have a direct room in twos and in fours."""
SECOND_DEVICES = 0.1
MODERATORS = 0.05
QUIET_S = 1.5
HEAL_TIMEOUT_S = 120
PROGRESS_EVERY_S = 10
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
class Plan:
    """The size of a run: at least `seconds`, at least `cuts`, and every kind of fault at least once."""

    seconds: float
    cuts: int
    clients: int = 100
    workers: int = 2
    seed: int = 1


def run(plan: Plan, folder: Path, show: Callable[[str], None] = str) -> Report:
    """Start everything in `folder`, run, compare, and stop everything. `show` gets a line of progress at times."""
    with ExitStack() as stack:
        postgres = Postgres(durable=True)
        stack.callback(postgres.remove)
        postgres.start()
        redis = stack.enter_context(Redis(folder / "redis"))
        urls = {"DATABASE_URL": postgres.new_url(), "REDIS_URL": redis.new_url()}
        foreign = ForeignSite()
        stack.callback(foreign.stop)
        previews = {"DJANGO_SETTINGS_MODULE": "chat.tests.previews.site_settings", "TEST_FOREIGN_PORT": foreign.port}
        site = Site(folder / "site", workers=plan.workers, **urls, **previews, DRAIN_S=5, MIN_FREE_DISK_BYTES=0)
        stack.callback(site.stop)
        parts = site.python(CAST, slugs=ROOMS, secret=PRIVATE_ROOM, parts=_parts(plan.clients) + _listening_parts())
        _group(parts[: plan.clients])
        site.start()
        injector = FaultInjector(site, redis, postgres, ROOMS, Expectations(), random.Random(f"{plan.seed} injector"))
        injector.jobs = stack.enter_context(_job_process(site))
        injector.private_room, injector.removed_members = PRIVATE_ROOM, [part["user"] for part in parts[plan.clients :]]
        link = foreign.serve_page("/tides", og_title="Tides")
        return asyncio.run(_run(plan, site, parts, injector, link, show))


def _job_process(site: Site) -> Process:
    """A process that runs jobs, as the service `tasks` of a site in containers. The workers run jobs, too."""
    port = free_port()
    env = site.env | {"PORT": str(port), "JOB_THREADS": "4"}
    return Process("jobs", [sys.executable, MANAGE, "tasks"], port, log=site.folder / "jobs.log", env=env, cwd=ROOT)


def _parts(clients: int) -> list[dict]:
    people = clients - round(clients * SECOND_DEVICES)
    parts = []
    for n in range(clients):
        watched = [ROOMS[(n + m * 2) % len(ROOMS)] for m in range(ROOMS_EACH)]
        who = {"name": f"person {n % people}", "second": n >= people, "moderates": n < clients * MODERATORS}
        if n < people * PRIVATE_ROOM_SHARE:
            watched.append(PRIVATE_ROOM)
        parts.append(who | {"rooms": watched, "closed": "closed"})
    # A second device is the same person, so it has the same rooms and rights as the first.
    for n in range(people, clients):
        parts[n] |= {"rooms": parts[n - people]["rooms"], "moderates": parts[n - people]["moderates"]}
    return parts


def _group(parts: list[dict]) -> None:
    """Give each client the groups of people with whom it talks directly."""
    users = list(dict.fromkeys(part["user"] for part in parts))
    for part in parts:
        at = users.index(part["user"])
        starts = [(size, at - at % size) for size in GROUP_SIZES]
        part["groups"] = [users[start : start + size] for size, start in starts]


def _listening_parts() -> list[dict]:
    return [{"name": f"member {n}", "rooms": [PRIVATE_ROOM], "moderates": False} for n in range(REMOVED_MEMBERS)]


async def _run(plan: Plan, site: Site, parts: list[dict], injector: FaultInjector, link: str, show) -> Report:
    lines = itertools.cycle(line.text for line in spoken())
    shared = SharedState(lines, injector.expectations, asyncio.Event(), link)
    began = time.monotonic()
    rng = random.Random(f"{plan.seed} cuts")
    async with CuttingProxy([worker.port for worker in site.workers], rng) as proxy, AsyncExitStack() as stack:
        url = f"ws://127.0.0.1:{proxy.port}/chat"
        chaos_clients = [ChaosClient(n, url, part, shared, plan.seed) for n, part in enumerate(parts[: plan.clients])]
        removed_members = [RemovedMember(url, part) for part in parts[plan.clients :]]
        await asyncio.gather(*(stack.enter_async_context(client) for client in [*chaos_clients, *removed_members]))
        acting = [asyncio.create_task(client.act()) for client in chaos_clients]
        telling = asyncio.create_task(_report_progress(show, began, proxy, shared.expectations))
        await _inject_faults(plan, proxy, injector, rng)
        telling.cancel()
        shared.over.set()
        await asyncio.gather(*acting)
        calm_at = time.monotonic()
        stored = await _wait_until_equal(site.env["DATABASE_URL"], chaos_clients, removed_members)
        comparison = Comparison()
        comparison.compare_log(stored, shared.expectations)
        comparison.compare_previews(stored, link)
        comparison.compare_votes(stored, shared.expectations)
        comparison.compare_files(stored, shared.expectations, partial(_digest_of, site.folder / "files"))
        comparison.compare_threads(stored)
        comparison.compare_direct_rooms(stored, shared.expectations)
        for client in chaos_clients:
            hidden = await client.hidden_rooms()
            comparison.compare_hidden(f"client {client.number}", client.part["user"], client.direct, hidden, stored)
            for copy in client.copies.values():
                comparison.compare_copy(f"client {client.number}", copy, stored)
        for member in removed_members:
            comparison.compare_copy(
                f"member {member.user}", member.copies.get(PRIVATE_ROOM, RoomCopy(PRIVATE_ROOM)), stored
            )
            comparison.leaked += member.leaks(injector.removals)
        return Report(
            plan=plan,
            seconds=calm_at - began,
            cuts=proxy.made,
            injector=injector,
            expectations=shared.expectations,
            stored=sum(len(messages) for messages in stored.messages.values()),
            versions=sum(room["version"] for room in stored.rooms.values()),
            connections=sum(client.connections for client in chaos_clients),
            switches=sum(client.switches for client in chaos_clients),
            previews=stored.previews,
            direct_rooms=len(stored.direct),
            holes=sum(copy.holes for client in chaos_clients for copy in client.copies.values()),
            limited=sum(copy.limited for client in chaos_clients for copy in client.copies.values()),
            settled_s=time.monotonic() - calm_at,
            comparison=comparison,
        )


def _digest_of(folder: Path, name: str) -> str | None:
    try:
        with (folder / name).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


async def _report_progress(
    show: Callable[[str], None], began: float, proxy: CuttingProxy, expectations: Expectations
) -> None:
    while True:
        await asyncio.sleep(PROGRESS_EVERY_S)
        seconds = time.monotonic() - began
        counts = f"{proxy.made.total():,} cuts, {expectations.acknowledged:,} acknowledged"
        show(f"{seconds:.0f} s: {counts}, {expectations.fault}")


async def _inject_faults(plan: Plan, proxy: CuttingProxy, injector: FaultInjector, rng: random.Random) -> None:
    """Cut connections and inject faults until the plan is fulfilled."""
    enough = asyncio.Event()
    injecting = asyncio.create_task(injector.run(enough))
    ends_at = time.monotonic() + plan.seconds
    rate = plan.cuts / plan.seconds
    while not injecting.done():
        if time.monotonic() > ends_at and proxy.made.total() >= plan.cuts:
            enough.set()
        await asyncio.sleep(rng.expovariate(rate) if rate else 0.2)
        proxy.cut() if rate else None
    await injecting


async def _wait_until_equal(
    url: str, chaos_clients: list[ChaosClient], removed_members: list[RemovedMember]
) -> StoredLog:
    """Wait until all jobs are done, nothing changes and all copies are at the head, at most HEAL_TIMEOUT_S; then read
    the log."""
    deadline = time.monotonic() + HEAL_TIMEOUT_S
    while True:
        before = await asyncio.to_thread(StoredLog.read, url)
        await asyncio.sleep(QUIET_S)
        stored = await asyncio.to_thread(StoredLog.read, url)
        copies = [copy for client in [*chaos_clients, *removed_members] for copy in client.copies.values()]
        healed = all(copy.version == stored.rooms[copy.slug]["version"] for copy in copies)
        healed = healed and all(PRIVATE_ROOM in member.copies for member in removed_members)
        if (healed and before.rooms == stored.rooms and not stored.unfinished_jobs) or time.monotonic() > deadline:
            break
    for client in [*chaos_clients, *removed_members]:
        for slug in client.copies:
            await client.load_all(slug)
    return stored
