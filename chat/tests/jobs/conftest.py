"""The users for these tests, and jobs to run."""

import pytest

from chat.jobs import periodic
from chat.tests.cast import alice, bob, dora, set_up_site

__all__ = ["alice", "bob", "dora", "set_up_site"]


@pytest.fixture(autouse=True)
def periodic_from_the_start(monkeypatch):
    """Another test may have enqueued the current periods, in another database."""
    monkeypatch.setattr(periodic, "_enqueued", {})
