"""The figures of a chaos run, as a table."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .comparison import Comparison
from .expectations import Expectations
from .fault_injector import FaultInjector

if TYPE_CHECKING:
    from .chaos_run import Plan

EXPECTED_REFUSALS = {"too_long", "not_found", "forbidden"}
SHOWN_FAULTS = 20


@dataclass
class Report:
    """The figures of one run. `ok`: no difference in any of five kinds, no failed fault, no unknown error code."""

    plan: "Plan"
    seconds: float
    cuts: Counter
    injector: FaultInjector
    expectations: Expectations
    stored: int
    versions: int
    connections: int
    switches: int
    previews: int
    direct_rooms: int
    holes: int
    limited: int
    settled_s: float
    comparison: Comparison

    @property
    def ok(self) -> bool:
        """Whether the run found no error."""
        return (
            self.comparison.is_equal
            and not self.injector.failed
            and not (self.expectations.refusals.keys() - EXPECTED_REFUSALS)
        )

    def __str__(self) -> str:
        refusals = ", ".join(f"{code} {times}" for code, times in sorted(self.expectations.refusals.items()))
        made, longest = self.injector.made, self.injector.longest_s
        lasted = ", ".join(f"{kind.value} {made[kind]:,}: {seconds:.1f} s" for kind, seconds in sorted(longest.items()))
        lines = {
            "run": f"{self.seconds:.0f} s, seed {self.plan.seed}",
            "clients, workers": f"{self.plan.clients}, {self.plan.workers}",
            "cuts made": f"{self.cuts.total():,} ({_listed(self.cuts)})",
            "faults": f"{self.injector.made.total():,} (longest: {lasted})",
            "connections made": f"{self.connections:,}",
            "rooms left and shown again": f"{self.switches:,}",
            "direct rooms": f"{self.direct_rooms:,}",
            "messages": f"{self.stored:,} ({self.versions:,} changes in all)",
            "acknowledged": f"{self.expectations.acknowledged:,}",
            "previews of links": f"{self.previews:,}",
            "files": f"{len(self.expectations.files):,} (interruptions: {self.expectations.interruptions:,})",
            "refused": refusals or "0",
            "lost": len(self.comparison.lost),
            "duplicated": len(self.comparison.duplicated),
            "unexpected": len(self.comparison.unexpected),
            "out of order": len(self.comparison.out_of_order),
            "leaked": f"{len(self.comparison.leaked)} (in {len(self.injector.removals)} removals)",
            "longest time behind": _worst(self.expectations.longest_heal),
            "longest wait for an answer": _worst(self.expectations.longest_wait),
            "all copies equal after": f"{self.settled_s:.1f} s",
            "gaps closed by clients": f"{self.holes:,}",
            "copies restarted": f"{self.limited:,}",
        }
        table = "\n".join(f"| {name} | {value} |" for name, value in lines.items())
        return f"| | |\n|---|---|\n{table}"

    def faults(self) -> str:
        """The errors that were found, in sentences; at most SHOWN_FAULTS of each kind."""
        named = {name: found for name, found in vars(self.comparison).items() if found} | {
            "failed faults": self.injector.failed
        }
        return "\n".join(f"{name}: {fault}" for name, found in named.items() for fault in found[:SHOWN_FAULTS])


def _listed(counter: Counter) -> str:
    return ", ".join(f"{kind.value} {times:,}" for kind, times in sorted(counter.items()))


def _worst(found: tuple[float, str]) -> str:
    seconds, fault = found
    return f"{seconds:.1f} s (after: {fault or 'a cut'})"
