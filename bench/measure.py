"""One run of the generator against one server: what it cost the server, and whether the run counts."""

from dataclasses import dataclass
from statistics import median

from .generator import MOST_OWN_CPU, Generator
from .machine import LOAD_CORE, busy_share, core_ticks
from .processes import Process


@dataclass
class Sample:
    """A run: what the generator counted, and the CPU seconds of the server in the meantime."""

    counts: dict
    server_cpu_s: float
    load_core_busy: float

    @property
    def us_per_delivery(self) -> float:
        """CPU microseconds of the server for each message that reached each socket."""
        return self.server_cpu_s * 1e6 / max(self.counts["deliveries"], 1)

    @property
    def deliveries_s(self) -> float:
        """Deliveries per second of wall time."""
        return self.counts["deliveries"] / self.counts["seconds"]

    @property
    def messages_s(self) -> float:
        """Messages per second that reached everyone."""
        return self.counts["messages"] / self.counts["seconds"]

    @property
    def server_share(self) -> float:
        """How much of its core the server used."""
        return self.server_cpu_s / self.counts["seconds"]

    def complaints(self) -> list[str]:
        """Why this run does not count; empty when it does."""
        counts = self.counts
        found = [f"{counts[name]} {name}" for name in ("late", "doubled", "strays", "errors", "closed") if counts[name]]
        if not counts["deliveries"]:
            found.append("nothing arrived")
        if counts["cpu_share"] >= MOST_OWN_CPU:
            found.append(f"the load generator itself used {counts['cpu_share']:.0%} of its core")
        if counts["first_error"]:
            found.append(counts["first_error"])
        return found


def run(server: Process, load: Generator, **talk) -> Sample:
    """Talk, and bill the server for it."""
    cpu, ticks = server.cpu_s(), core_ticks(LOAD_CORE)
    counts = load.talk(**talk)
    return Sample(counts, server.cpu_s() - cpu, busy_share(LOAD_CORE, ticks))


def middle(samples: list[Sample], figure: str) -> float:
    """The median of a figure over runs."""
    return median(getattr(sample, figure) for sample in samples)
