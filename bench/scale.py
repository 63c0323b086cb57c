"""Sizes of a run: full (under ten minutes) or quick (under two)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Numbers of a run. Seconds are per measurement; a round measures each contender once."""

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
    upload_mib: int
    watchers: int = 1000

    @property
    def people(self) -> int:
        """The number of people that the site needs."""
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
    upload_mib=200,
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
    upload_mib=20,
)
SOAK_S = 300
