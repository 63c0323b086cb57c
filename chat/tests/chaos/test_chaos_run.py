"""A short chaos run: every kind of fault at least once, and zeros in all five columns."""

import pytest

from .chaos_run import Plan, run


@pytest.mark.takes_long
@pytest.mark.extended
@pytest.mark.timeout(600)
def test_a_chaos_run_finds_no_error(tmp_path):
    report = run(Plan(seconds=20, cuts=120, clients=60, seed=2026), tmp_path)
    assert report.ok, f"{report}\n\n{report.faults()}"
    assert report.expectations.acknowledged > 0
    assert report.injector.removals
    assert report.switches > 0
    assert report.previews > 0
    assert report.expectations.files
    assert report.direct_rooms > 0
    print(report)
