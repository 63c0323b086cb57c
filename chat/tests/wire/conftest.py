"""Clients for the tests of sockets: real connections to a running site."""

import contextlib
import itertools

import pytest

from chat.tests.client import Client
from chat.tests.services import Site


def pytest_generate_tests(metafunc):
    """Run tests that are marked `sites("site_postgres_redis", "site")` once on each of these sites.

    `make test` runs them on the first one. What may differ on SQLite and without Redis, it proves by test_verbs.py and
    by tests that have `site` alone.
    """
    marker = metafunc.definition.get_closest_marker("sites")
    if marker and "place" in metafunc.fixturenames:
        first, *others = marker.args
        extended = [pytest.param(name, marks=pytest.mark.extended) for name in others]
        metafunc.parametrize("place", [first, *extended], indirect=True)


@pytest.fixture
def place(request) -> Site:
    """The running site of a test: two workers on PostgreSQL with Redis, unless a mark `sites` names another one.

    `site` alone is enough, and costs a third, for answers that do not depend on the database or on a second worker. The
    essential conversation runs on both.
    """
    return request.getfixturevalue(getattr(request, "param", "site_postgres_redis"))


@pytest.fixture
def room(place) -> str:
    """The slug of a new public room: Alice owns it, Bob is a member."""
    return place.add_room()


@pytest.fixture
async def connect(place):
    """Function that connects a user by name, or a guest, and opens `rooms`. Each client connects to the next worker."""
    workers = itertools.cycle(place.workers)
    async with contextlib.AsyncExitStack() as stack:

        async def connect(name: str = "", *, rooms=(), **options) -> Client:
            session = place.sign_in(name) if name else ""
            return await stack.enter_async_context(Client(next(workers).ws_url, session, rooms, **options))

        yield connect


@pytest.fixture
async def alice(connect, room) -> Client:
    """Alice with `room` open."""
    return await connect("alice", rooms=[room])


@pytest.fixture
async def bob(alice, connect, room) -> Client:
    """Bob with `room` open, on another worker than Alice when there are two."""
    return await connect("bob", rooms=[room])
