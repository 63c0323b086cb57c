"""How large a run is: everything in under ten minutes, or a glance in under two."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Seconds are per run; a round is one run of each contender."""

    name: str
    rounds: int
    run_s: float
    delay_s: float
    peer_delay_s: float
    returning: int
    return_rounds: int
    sizes: tuple[int, ...]
    size_rounds: int
    size_run_s: float
    hold_s: float
    page_rounds: int
    page_s: float
    watchers: int = 1000

    @property
    def people(self) -> int:
        """How many people the site needs."""
        return max(*self.sizes, self.returning, self.watchers)


FULL = Scale(
    name="full",
    rounds=3,
    run_s=2.5,
    delay_s=60,
    peer_delay_s=15,
    returning=2000,
    return_rounds=3,
    sizes=(100, 1000, 5000, 10000),
    size_rounds=3,
    size_run_s=1.5,
    hold_s=60,
    page_rounds=3,
    page_s=4,
)
QUICK = Scale(
    name="quick",
    rounds=1,
    run_s=1,
    delay_s=8,
    peer_delay_s=4,
    returning=500,
    return_rounds=1,
    sizes=(100, 1000, 2000),
    size_rounds=1,
    size_run_s=1,
    hold_s=5,
    page_rounds=1,
    page_s=2,
)
SOAK_S = 300
