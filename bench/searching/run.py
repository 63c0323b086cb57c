"""Runs the whole: two sites with the same messages, filled and measured; prints the tables in Markdown."""

import json
import tempfile
from datetime import date
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from .. import machine, services
from ..measure import Sample, median_of
from ..parley import Site
from . import posts

MESSAGES = 1_000_000
QUICK_MESSAGES = 50_000
TARGET_MS = {"PostgreSQL": 50, "SQLite": 100}


def run(count: int) -> None:
    """Measure sites of `count` messages, and print the tables."""
    print(f"{date.today()}, {machine.describe()}; {count:,} messages.\n", flush=True)
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder, services.postgresql() as postgresql:
        base = Path(folder)
        urls = {"PostgreSQL": postgresql.url, "SQLite": f"sqlite:///{base}/bench.sqlite3"}
        sites = {}
        for name, url in urls.items():
            (base / name).mkdir()
            people = base / name / "people.json"
            sites[name] = Site(url, "", 0, base / name, fill=("-m", "bench.searching.filling", "people", people))
            sites[name].data = json.loads(people.read_text())
        out = base / "filled.json"
        sites["PostgreSQL"].command(
            "-m", "bench.searching.filling", "messages", count, postgresql.url, base / "bench.sqlite3", out
        )
        seconds = json.loads(out.read_text())
        print("Seconds: " + ", ".join(f"{name} {value:.0f}" for name, value in seconds.items()) + ".\n", flush=True)
        for name, site in sites.items():
            out = base / f"{name}.json"
            site.command("-m", "bench.searching.measuring", out)
            _print(name, json.loads(out.read_text()))
            site.command("-m", "bench.searching.filling", "finish")
            _print_posts(posts.measure(site))


def _print(name: str, figures: dict[str, Any]) -> None:
    other = "ILIKE, median" if name == "PostgreSQL" else "FTS5 porter, median"
    print(
        f"### {name}\n\n| query | hits of a page | median | 95 % are below | CPU, 95 % | {other} |\n"
        "|---|---|---|---|---|---|"
    )
    every: list[float] = []
    cpu: list[float] = []
    for kind, taken in figures["queries"].items():
        every += taken["ms"]
        cpu += taken["cpu_ms"]
        compared = figures["others"].get(kind)
        shown = f"{median(compared['ms']):.1f} ms" if compared else ""
        print(
            f"| {kind} | {median(taken['found']):.0f} | {median(taken['ms']):.1f} ms | {_most(taken['ms']):.1f} ms "
            f"| {_most(taken['cpu_ms']):.1f} ms | {shown} |"
        )
    size, posts = figures["size"], figures["posts"]
    before, after = median(posts["before"]), median(posts["after"])
    target = TARGET_MS[name]
    verdict = "met" if _most(every) <= target else "not met"
    print(
        f"\nAll: median {median(every):.1f} ms, 95 % below {_most(every):.1f} ms; target {target} ms: {verdict}. "
        f"Of CPU, which other work on the machine hardly changes: median {median(cpu):.1f} ms, 95 % below "
        f"{_most(cpu):.1f} ms."
    )
    print(
        f"Messages {size['messages'] / 1e6:.0f} MB, documents and index {size['documents'] / 1e6:.0f} MB, "
        f"of these the index {size['index'] / 1e6:.0f} MB."
    )
    print(
        f"CPU of a post: {before:.0f} µs without a document, {after:.0f} µs with it: {after / before:.2f}.\n",
        flush=True,
    )


def _print_posts(samples: dict[str, list[Sample]]) -> None:
    rate = {name: median_of(runs, "messages_s") for name, runs in samples.items()}
    cpu = {
        name: median(1e6 * run.server_cpu_s / run.counts["messages"] for run in runs) for name, runs in samples.items()
    }
    problems = sorted({problem for runs in samples.values() for run in runs for problem in run.problems()})
    print(
        f"A whole worker, {posts.IN_FLIGHT} messages in flight: {rate['without']:.0f} posts/s without documents, "
        f"{rate['with']:.0f} with them: {rate['with'] / rate['without']:.2f}; CPU of a post {cpu['without']:.0f} and "
        f"{cpu['with']:.0f} µs: {cpu['with'] / cpu['without']:.2f}. {' '.join(problems)}\n",
        flush=True,
    )


def _most(times: list[float]) -> float:
    return quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
