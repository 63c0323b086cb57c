"""Lines 5 and 6: what people cost who come back all at once, and what they cost while they are idle."""

from statistics import median

from ..generator import Generator
from ..parley import OPTIONS, Site
from ..peers import roster
from ..people import ROOMS
from ..report import PARLEY, Line, spread
from ..scale import Scale

MISSED = 10
SETTLE_S = 1.0
IDLE_S = 4.0
MOST_KIB = 32
MOST_RATIO = 2
WARM_UP = 20


def measure(site: Site, redis_url: str, scale: Scale) -> tuple[Line, Line]:
    """Memory and coming back. Each client is signed in, in 20 rooms, opens one, MISSED messages behind."""
    memory = Line(
        f"Memory per idle connection, signed in, in {ROOMS} rooms, above the empty server", f"≤ {MOST_KIB} KiB"
    )
    back = Line(
        f"{scale.returning:,} clients come back at once, signed in, each with `open … since`",
        f"CPU per client ≤ {MOST_RATIO} × stock Daphne's with an empty consumer; none refused",
    )
    ours, theirs, kib, their_kib, lost, until_ready = [], [], [], [], [], []
    for _round in range(scale.return_rounds):
        with roster.EMPTY.process(redis_url) as server:
            cpu, memory_kib, _ = _return(server, [roster.EMPTY.client] * scale.returning, {})
            theirs.append(cpu)
            their_kib.append(memory_kib)
        with site.worker() as server:
            clients = site.clients(scale.returning, rooms=ROOMS, missed=MISSED)
            cpu, memory_kib, counts = _return(server, clients, OPTIONS)
            ours.append(cpu)
            kib.append(memory_kib)
            lost.append(scale.returning - counts["ready"])
            until_ready.append(counts["to_ready_ms"]["max"] / 1000)
            back.complaints += [counts["first_error"]] if counts["first_error"] else []
    memory.figure(PARLEY, f"{spread(kib)} KiB", kib=kib)
    memory.figure(roster.EMPTY.title, f"{spread(their_kib)} KiB", kib=their_kib)
    memory.check(f"{median(kib):.1f} KiB", median(kib) <= MOST_KIB)
    back.figure(PARLEY, f"{spread(ours, 2)} ms each; the last ready after {median(until_ready):.1f} s", cpu_ms=ours)
    back.figure(roster.EMPTY.title, f"{spread(theirs, 2)} ms each", cpu_ms=theirs)
    ratio = median(ours) / median(theirs)
    back.check(f"{ratio:.2f} × stock Daphne", ratio <= MOST_RATIO)
    back.check(f"{sum(lost)} refused or lost", not sum(lost))
    return memory, back


def _return(server, clients: list, options: dict) -> tuple[float, float, dict]:
    """(CPU in ms a client, KiB a client, counts). The bill runs until all are ready, and SETTLE_S more."""
    with Generator() as load:
        # What the first few make a server import and open is the empty server's.
        load.plan(clients[:WARM_UP], server.port, **options)
        load.connect(WARM_UP)
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
