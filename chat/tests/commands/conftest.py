"""The users, and complete sites with a database each, for the tests of this folder."""

from functools import partial

import pytest

from chat.tests.cast import alice, bob, charlie, dora, harbour, lobby, set_up_site
from chat.tests.rows import fill_site

__all__ = ["alice", "bob", "charlie", "dora", "harbour", "lobby", "set_up_site"]


@pytest.fixture(scope="session")
def filled_site_on(new_site):
    """Function that returns a site with rows of every kind and no worker; `postgres=True`: on PostgreSQL. Made once."""
    sites = {}

    def get(postgres=None):
        if postgres not in sites:
            sites[postgres] = new_site(postgres=postgres)
            fill_site(sites[postgres])
        return sites[postgres]

    yield get
    for site in sites.values():
        site.stop()


@pytest.fixture(scope="session")
def filled_site(filled_site_on):
    """A site on SQLite, with rows of every kind and no worker. Tests leave its rows as they are."""
    return filled_site_on()


@pytest.fixture
def own_site(new_site):
    """Function that makes a site without workers for this test alone; the options are those of `make_site`."""
    sites = []

    def make(**options):
        sites.append(new_site(**options))
        return sites[-1]

    yield make
    for site in sites:
        site.stop()


@pytest.fixture
def empty_site(own_site):
    """Function that makes a site without rows, only migrated; with `postgres=True` on PostgreSQL."""
    return partial(own_site, with_users=False)
