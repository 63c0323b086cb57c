"""One run of the generator against one server: the CPU time of the server, and whether the run is valid."""

from dataclasses import dataclass
from statistics import median

from .generator import LOAD_CPU_LIMIT, Generator
from .machine import LOAD_CORE, busy_share, core_ticks
from .processes import Process


@dataclass
class Sample:
    """A run: the counts of the generator, and the CPU seconds of the server during the run."""

    counts: dict
    server_cpu_s: float
    load_core_busy: float

    @property
    def us_per_delivery(self) -> float:
        """CPU microseconds of the server per delivery of one message to one socket."""
        return self.server_cpu_s * 1e6 / max(self.counts["deliveries"], 1)

    @property
    def deliveries_s(self) -> float:
        """Deliveries per second of wall time."""
        return self.counts["deliveries"] / self.counts["seconds"]

    @property
    def messages_s(self) -> float:
        """Messages per second that reached all receivers."""
        return self.counts["messages"] / self.counts["seconds"]

    @property
    def server_share(self) -> float:
        """The share of its core that the server used."""
        return self.server_cpu_s / self.counts["seconds"]

    def problems(self) -> list[str]:
        """Reasons why this run is invalid; empty for a valid run."""
        counts = self.counts
        names = "missing", "duplicates", "unknown", "errors", "closed"
        found = [f"{counts[name]} {name}" for name in names if counts[name]]
        if not counts["deliveries"]:
            found.append("nothing arrived")
        if counts["cpu_share"] >= LOAD_CPU_LIMIT:
            found.append(f"the load generator itself used {counts['cpu_share']:.0%} of its core")
        if counts["first_error"]:
            found.append(counts["first_error"])
        return found


def run(server: Process, load: Generator, **options) -> Sample:
    """Send messages with these options, and measure the CPU time of the server during that."""
    cpu, ticks = server.cpu_s(), core_ticks(LOAD_CORE)
    counts = load.send_messages(**options)
    return Sample(counts, server.cpu_s() - cpu, busy_share(LOAD_CORE, ticks))


def median_of(samples: list[Sample], figure: str) -> float:
    """The median of a figure over several runs."""
    return median(getattr(sample, figure) for sample in samples)
