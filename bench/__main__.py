"""`python -m bench`: all lines; `--quick`: a short run; `--only NAME …`: some lines; `--soak`: hold sockets.

`python -m bench sizing` measures the sizing table instead, `python -m bench switch` how fast rooms are switched,
`python -m bench search` how fast a large site is searched.
"""

import argparse
import dataclasses
import json
import signal
import sys
import tempfile
import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from . import generator, machine, report, scale, services, sizing, switching
from .lines import arrivals, delay, fanout, pages, sockets, uploads
from .parley import Site
from .peers import roster
from .searching import run as searching

GROUPS = ("pages", "fanout", "delay", "arrivals", "sockets", "uploads")


def arguments():
    """The arguments of the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    tables = ("targets", "sizing", "switch", "search")
    parser.add_argument("table", nargs="?", choices=tables, default="targets", help="what to measure")
    parser.add_argument("--quick", action="store_true", help="fewer and smaller runs, under two minutes")
    parser.add_argument("--soak", action="store_true", help="hold the most sockets for five minutes, and nothing else")
    parser.add_argument("--messages", type=int, default=searching.MESSAGES, help="of the site that is searched")
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=None, help="measure only these lines")
    return parser.parse_args()


def measure(chosen: set[str], size: scale.Scale):
    """Measure the chosen groups of lines; yields each Line when it is complete."""
    peers = roster.broadcasters()
    with ExitStack() as stack:
        redis_url = stack.enter_context(services.redis()).url
        database_url = stack.enter_context(services.postgresql()).url
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="parley-bench-")))
        site = Site(database_url, redis_url, size.people, folder)
        if "pages" in chosen:
            # Pages come first, with 60 unread messages in each room: the other lines add thousands.
            yield pages.measure(site, size)
        if "fanout" in chosen:
            samples = fanout.measure(site, peers, redis_url, size)
            yield fanout.cost(samples, peers)
            yield fanout.throughput(samples, peers)
            yield fanout.complete(samples, peers)
        if "delay" in chosen:
            yield delay.measure(site, peers, redis_url, size)
        if "arrivals" in chosen:
            yield from arrivals.measure(site, redis_url, size)
        if "sockets" in chosen:
            yield from sockets.measure(site, peers, redis_url, size)
        if "uploads" in chosen:
            yield from uploads.measure(site, size)


def main() -> None:
    """Measure, print the lines, and write the result to bench/build."""
    asked = arguments()
    signal.signal(
        signal.SIGTERM, lambda *_: sys.exit("terminated")
    )  # context managers then stop processes and remove files
    size = scale.QUICK if asked.quick else scale.FULL
    chosen = set(asked.only or GROUPS)
    if asked.soak:
        size, chosen = dataclasses.replace(size, hold_s=scale.SOAK_S, size_rounds=1), {"sockets"}
    if asked.table == "search":
        searching.run(searching.QUICK_MESSAGES if asked.quick else asked.messages)
        return
    machine.pin_to_load_core()
    if asked.table == "switch":
        switching.run(asked.quick)
        return
    generator.build()
    if asked.table == "sizing":
        sizing.run(asked.quick)
        return
    began = time.monotonic()
    rounds = "medians of 3 rounds" if size.rounds >= 3 else f"{size.rounds} round: an indication, not a result"
    heading = f"{date.today()}, {machine.describe()}; {size.name} run, {rounds}."
    print(heading, "Server on one core; load, Redis and PostgreSQL on the other.\n", flush=True)
    lines = []
    for line in measure(chosen, size):
        lines.append(line)
        print(line.as_text(), "\n", flush=True)
    met = sum(line.verdict == "met" for line in lines)
    seconds = time.monotonic() - began
    print(f"{met} of {len(lines)} targets met, in {seconds:.0f} s.")
    result = {"heading": heading, "seconds": round(seconds), "lines": [line.as_data() for line in lines]}
    (machine.BUILD / "result.json").write_text(json.dumps(result, indent=1))
    (machine.BUILD / "result.md").write_text(f"{heading}\n\n{report.markdown(lines)}\n")


if __name__ == "__main__":
    main()
