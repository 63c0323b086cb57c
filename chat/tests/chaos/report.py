"""What a storm did and what came of it, as a table."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .ledger import Ledger
from .troubles import Troubles
from .verdict import Verdict

if TYPE_CHECKING:
    from .storm import Weather

EXPECTED_REFUSALS = {"too_long", "not_found", "forbidden"}
SHOWN_FAULTS = 20


@dataclass
class Report:
    """The figures of one storm. `ok`: zeros in all five columns, and no mishap."""

    weather: "Weather"
    seconds: float
    cuts: Counter
    troubles: Troubles
    ledger: Ledger
    stored: int
    versions: int
    connections: int
    holes: int
    limited: int
    settled_s: float
    verdict: Verdict

    @property
    def ok(self) -> bool:
        """Whether all is as it must be."""
        return bool(self.verdict) and not self.troubles.failed and not (self.ledger.refusals.keys() - EXPECTED_REFUSALS)

    def __str__(self) -> str:
        refusals = ", ".join(f"{code} {times}" for code, times in sorted(self.ledger.refusals.items()))
        made, longest = self.troubles.made, self.troubles.longest_s
        lasted = ", ".join(f"{kind.value} {made[kind]:,}: {seconds:.1f} s" for kind, seconds in sorted(longest.items()))
        lines = {
            "storm": f"{self.seconds:.0f} s, seed {self.weather.seed}",
            "clients, workers": f"{self.weather.clients}, {self.weather.workers}",
            "cuts made": f"{self.cuts.total():,} ({_listed(self.cuts)})",
            "troubles": f"{self.troubles.made.total():,} (at longest: {lasted})",
            "connections made": f"{self.connections:,}",
            "messages": f"{self.stored:,} ({self.versions:,} changes in all)",
            "acknowledged": f"{self.ledger.acknowledged:,}",
            "refused for certain": refusals or "0",
            "lost": len(self.verdict.lost),
            "doubled": len(self.verdict.doubled),
            "ghosts": len(self.verdict.ghosts),
            "out of order": len(self.verdict.disordered),
            "leaked": f"{len(self.verdict.leaked)} (in {len(self.troubles.removals)} removals)",
            "longest time to heal": _worst(self.ledger.longest_heal),
            "longest wait for an answer": _worst(self.ledger.longest_wait),
            "all equal after the end": f"{self.settled_s:.1f} s",
            "holes closed by clients": f"{self.holes:,}",
            "copies begun anew": f"{self.limited:,}",
        }
        table = "\n".join(f"| {name} | {value} |" for name, value in lines.items())
        return f"| | |\n|---|---|\n{table}"

    def faults(self) -> str:
        """What went wrong, in sentences; not all of it, if it is much."""
        named = {name: found for name, found in vars(self.verdict).items() if found} | {"mishaps": self.troubles.failed}
        return "\n".join(f"{name}: {fault}" for name, found in named.items() for fault in found[:SHOWN_FAULTS])


def _listed(counter: Counter) -> str:
    return ", ".join(f"{kind.value} {times:,}" for kind, times in sorted(counter.items()))


def _worst(found: tuple[float, str]) -> str:
    seconds, trouble = found
    return f"{seconds:.1f} s (after: {trouble or 'a cut'})"
