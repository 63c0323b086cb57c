"""Lines 5 and 6: CPU time of many clients that reconnect at the same moment, and memory of idle connections."""

from statistics import median

from ..generator import Generator
from ..parley import OPTIONS, Site
from ..peers import roster
from ..people import ROOMS
from ..report import PARLEY, Line, format_median
from ..scale import Scale

MISSED_MESSAGES = 10
SETTLE_S = 1.0
IDLE_S = 4.0
MAX_KIB = 32
MAX_RATIO = 2
WARM_UP_CLIENTS = 20


def measure(site: Site, redis_url: str, scale: Scale) -> tuple[Line, Line]:
    """Each client is signed in and in 20 rooms, and opens one room from MISSED_MESSAGES versions ago."""
    memory = Line(
        f"Memory per idle connection, signed in, in {ROOMS} rooms, above the empty server", f"≤ {MAX_KIB} KiB"
    )
    back = Line(
        f"{scale.returning:,} clients reconnect at once, signed in, each with `open … since`",
        f"CPU per client ≤ {MAX_RATIO} × stock Daphne's with an empty consumer; none refused",
    )
    ours, theirs, kib, their_kib, lost, until_ready = [], [], [], [], [], []
    for _round in range(scale.return_rounds):
        with roster.EMPTY.process(redis_url) as server:
            cpu, memory_kib, _ = _return(server, [roster.EMPTY.client] * scale.returning, {})
            theirs.append(cpu)
            their_kib.append(memory_kib)
        with site.worker() as server:
            clients = site.clients(scale.returning, rooms=ROOMS, missed=MISSED_MESSAGES)
            cpu, memory_kib, counts = _return(server, clients, OPTIONS)
            ours.append(cpu)
            kib.append(memory_kib)
            lost.append(scale.returning - counts["ready"])
            until_ready.append(counts["to_ready_ms"]["max"] / 1000)
            back.problems += [counts["first_error"]] if counts["first_error"] else []
    memory.figure(PARLEY, f"{format_median(kib)} KiB", kib=kib)
    memory.figure(roster.EMPTY.title, f"{format_median(their_kib)} KiB", kib=their_kib)
    memory.check(f"{median(kib):.1f} KiB", median(kib) <= MAX_KIB)
    back.figure(
        PARLEY,
        f"{format_median(ours, 2)} ms each; the last one is ready after {median(until_ready):.1f} s",
        cpu_ms=ours,
    )
    back.figure(roster.EMPTY.title, f"{format_median(theirs, 2)} ms each", cpu_ms=theirs)
    ratio = median(ours) / median(theirs)
    back.check(f"{ratio:.2f} × stock Daphne", ratio <= MAX_RATIO)
    back.check(f"{sum(lost)} refused or lost", not sum(lost))
    return memory, back


def _return(server, clients: list, options: dict) -> tuple[float, float, dict]:
    """(CPU in ms per client, KiB per client, counts). CPU is measured until SETTLE_S after all are ready."""
    with Generator() as load:
        # Connect a few clients first: imports and pools of the server must not count as memory of a client.
        load.plan(clients[:WARM_UP_CLIENTS], server.port, **options)
        load.connect(WARM_UP_CLIENTS)
        load.drop()
        load.hold(SETTLE_S)
        load.plan(clients, server.port, **options)
        empty_kib, cpu = server.memory_kib(), server.cpu_s()
        counts = load.connect(len(clients), at_once=len(clients))
        load.hold(SETTLE_S)
        used = server.cpu_s() - cpu
        load.hold(IDLE_S)
        kib = server.memory_kib() - empty_kib
    return used * 1000 / len(clients), kib / len(clients), counts
