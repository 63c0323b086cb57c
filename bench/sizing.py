"""The sizing table: CPU and memory for a number of people online and a number of messages per minute.

People are in 20 rooms and post in turn. One worker on SQLite with the in-memory layer is pinned to one core. Two
workers share both cores with PostgreSQL, Redis and the load generator, as on a small server; the CPU time of the load
generator is not counted.
"""

import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from . import machine, services
from .generator import Generator
from .parley import OPTIONS, Site
from .people import ROOMS
from .processes import Process

PEOPLE = (50, 200, 1000, 2000)
MESSAGES_A_MINUTE = (30, 300)
RUN_S = 20
SETTLE_S = 4


@dataclass
class Row:
    """One row of the table. CPU is the share of one core; memory is in MiB."""

    setup: str
    people: int
    messages_a_minute: int
    cpu: float
    services_cpu: float
    memory_mib: float
    services_mib: float
    p99_ms: float
    lost: int

    def as_markdown(self) -> str:
        """A row of the table in README.md."""
        services_part = f"{self.services_cpu:.1%} and {self.services_mib:,.0f} MiB" if self.services_mib else "none"
        return (
            f"| {self.setup} | {self.people:,} | {self.messages_a_minute} | {self.cpu:.1%} | {self.memory_mib:,.0f} MiB"
            f" | {services_part} | {self.p99_ms:.0f} ms | {self.lost} |"
        )


HEADER = (
    "| setup | people online | messages/min | CPU of the workers (of one core) | memory of the workers"
    " | database and Redis | delay to the last person, p99 | lost |\n|---|---|---|---|---|---|---|---|"
)


@contextmanager
def _on_sqlite(people: int):
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        site = Site(f"sqlite:///{folder}/bench.sqlite3", "", people, Path(folder))
        with site.worker() as worker:
            yield site, [worker], []


@contextmanager
def _on_postgresql(people: int):
    with ExitStack() as stack:
        redis = stack.enter_context(services.redis())
        postgresql = stack.enter_context(services.postgresql())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parley-bench-")))
        site = Site(postgresql.url, redis.url, people, folder)
        workers = [stack.enter_context(site.worker(f"parley-{number}", cores=machine.BOTH)) for number in (1, 2)]
        yield site, workers, [redis.process, postgresql.process]


SETUPS = {"one worker, SQLite": _on_sqlite, "two workers, PostgreSQL, Redis": _on_postgresql}


def _measure(setup: str, site: Site, workers: list[Process], behind: list[Process], people: int):
    """Yield one Row per rate, with `people` connected to the workers in turn."""
    clients = site.clients(people, rooms=ROOMS)
    for number, client in enumerate(clients):
        client.port = workers[number % len(workers)].port
    with Generator() as load:
        load.plan(clients, workers[0].port, **OPTIONS)
        load.connect(people)
        load.hold(SETTLE_S)
        for pace in MESSAGES_A_MINUTE:
            used = _cpu(workers), _cpu(behind)
            counts = load.send_messages(rate=pace / 60, senders=people, seconds=RUN_S)
            seconds = counts["seconds"]
            yield Row(
                setup,
                people,
                pace,
                (_cpu(workers) - used[0]) / seconds,
                (_cpu(behind) - used[1]) / seconds,
                sum(worker.memory_kib() for worker in workers) / 1024,
                sum(machine.family_pss_kib(process.pid) for process in behind) / 1024,
                counts.get("to_last_ms", {"p99": float("inf")})["p99"],
                counts["sent"] - counts["messages"] + people - counts["ready"],
            )


def _cpu(processes: list[Process]) -> float:
    return sum(machine.family_cpu_s(process.pid) for process in processes)


def run(quick: bool = False) -> None:
    """Measure and print the table, and write it to bench/build."""
    sizes = PEOPLE[:2] if quick else PEOPLE
    heading = f"{date.today()}, {machine.describe()}; {RUN_S} s a row, people in {ROOMS} rooms each."
    rows = []
    print(f"{heading}\n\n{HEADER}", flush=True)
    for setup, start in SETUPS.items():
        for people in sizes:
            with start(people) as (site, workers, behind):
                for row in _measure(setup, site, workers, behind, people):
                    rows.append(row)
                    print(row.as_markdown(), flush=True)
    table = "\n".join([HEADER, *(row.as_markdown() for row in rows)])
    (machine.BUILD / "sizing.md").write_text(f"{heading}\n\n{table}\n")
