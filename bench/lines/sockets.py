"""Lines 7 and 8: cost per delivery by number of sockets, and holding the largest number of sockets."""

from statistics import median

from ..generator import Generator
from ..measure import run
from ..parley import OPTIONS, Site
from ..peers import roster
from ..report import PARLEY, Line, format_median
from ..scale import Scale

FLAT = 1.25
MEMORY_FLAT = 1.05
TALK_RATE = 2
"""Messages a second while the sockets are held: 20,000 deliveries a second at 10,000 sockets."""


def measure(site: Site, peers: list[roster.Peer], redis_url: str, scale: Scale) -> tuple[Line, Line]:
    """One worker. The number of sockets grows from size to size; the largest number is then held under load.

    `ws` is measured once for comparison: part of the growth is due to the CPU caches of the machine.
    """
    most = max(scale.sizes)
    cost = Line(
        f"Cost per delivery at {', '.join(f'{size:,}' for size in scale.sizes)} sockets (fan-out only)",
        "flat within 25 %",
    )
    held = Line(
        f"{most:,} sockets on one process, {TALK_RATE} messages/s to all of them, {scale.hold_s:.0f} s",
        "none dropped, memory flat",
    )
    medians = []
    with site.worker() as server, Generator() as load:
        load.plan(site.clients(most), server.port, **OPTIONS)
        with site.injector() as injector:
            for size in scale.sizes:
                counts = load.connect(size)
                load.hold(2)
                runs = [
                    run(server, load, injector=injector, seconds=scale.size_run_s)
                    for _round in range(scale.size_rounds)
                ]
                figures = [sample.us_per_delivery for sample in runs]
                medians.append(median(figures))
                line = f"{format_median(figures)} µs"
                cost.figure(f"{PARLEY}, {size:,} sockets ({counts['ready']:,} ready)", line, us_per_delivery=figures)
                for sample in runs:
                    cost.problems += sample.problems()
        _hold(held, server, load, site, most, scale)
    if roster.WS in peers:
        _note_peer(cost, roster.WS, redis_url, scale)
    ratio = max(medians) / min(medians)
    cost.check(f"most / least {ratio:.2f}", ratio <= FLAT)
    return cost, held


def _note_peer(line: Line, peer: roster.Peer, redis_url: str, scale: Scale) -> None:
    costs = []
    with peer.process(redis_url) as server, Generator() as load:
        load.plan([peer.client] * max(scale.sizes), server.port, **peer.options)
        for size in scale.sizes:
            load.connect(size)
            load.hold(1)
            costs.append(run(server, load, seconds=scale.size_run_s).us_per_delivery)
    text = ", ".join(f"{cost:.1f}" for cost in costs)
    line.figure(peer.title, f"{text} µs: most / least {max(costs) / min(costs):.2f}", us_per_delivery=costs)


def _hold(line: Line, server, load: Generator, site: Site, most: int, scale: Scale) -> None:
    # The injected messages are not in the database: connect again, from the head of the database.
    load.drop()
    load.plan(site.clients(most), server.port, **OPTIONS)
    opened = load.connect(most, at_once=256)
    load.hold(3)
    before = server.memory_kib()
    sample = run(server, load, rate=TALK_RATE, senders=100, seconds=scale.hold_s)
    after = server.memory_kib()
    dropped = most - sample.counts["ready"]
    last = sample.counts.get("to_last_ms", {"p50": float("inf"), "p99": float("inf")})
    line.figure(
        PARLEY,
        f"{sample.counts['messages']} messages, {sample.counts['deliveries']:,} deliveries, server"
        f" {sample.server_share:.0%}, last p50 {last['p50']:.0f} ms, p99 {last['p99']:.0f} ms;"
        f" memory {before / 1024:.0f} → {after / 1024:.0f} MiB",
        kib=[before, after],
        to_last_ms=last,
    )
    line.check(f"{opened['ready']:,} connected, {dropped} dropped", dropped == 0 and opened["ready"] == most)
    line.check(f"memory {after / before:.2f} of the memory at the start", after <= before * MEMORY_FLAT)
    line.problems += [c for c in sample.problems() if "closed" not in c]
