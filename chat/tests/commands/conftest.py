"""The cast, and whole sites, for the tests of this folder."""

import pytest

from chat.tests.cast import alice, bob, charlie, dora, harbour, lobby, set_up_site
from chat.tests.rows import live

__all__ = ["alice", "bob", "charlie", "dora", "harbour", "lobby", "set_up_site"]


@pytest.fixture(scope="module")
def lived_in(new_site):
    """A site on SQLite, with rows of every kind and no worker."""
    site = new_site()
    live(site)
    yield site
    site.stop()


@pytest.fixture
def empty_site(new_site):
    """Function that makes a site that was only migrated; with `postgres=True` on PostgreSQL."""
    sites = []

    def make(**options):
        sites.append(new_site(peopled=False, **options))
        return sites[-1]

    yield make
    for site in sites:
        site.stop()
