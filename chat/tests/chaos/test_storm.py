"""A short storm, as part of the suite: every kind of trouble at least once, and zeros in all five columns."""

import pytest

from .storm import Weather, run


@pytest.mark.timeout(600)
def test_nothing_is_lost_doubled_or_out_of_order_in_a_storm(tmp_path):
    report = run(Weather(seconds=20, cuts=120, seed=2026), tmp_path)
    assert report.ok, f"{report}\n\n{report.faults()}"
    assert report.ledger.acknowledged > 0
    assert report.troubles.removals
    print(report)
