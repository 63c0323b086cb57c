"""Clients for the tests of the wire: real sockets to a running site, on SQLite alone and on two workers."""

import contextlib
import itertools

import pytest

from chat.tests.client import Client
from chat.tests.services import Site

_numbers = itertools.count(1)


@pytest.fixture(params=["site", "site_postgres_redis"])
def place(request) -> Site:
    """A running site, in turn: one worker on SQLite with the layer in memory; two on PostgreSQL with Redis."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def room(place) -> str:
    """The slug of a new public room: Alice owns it, Bob is a member."""
    return place.add_room(f"room-{next(_numbers)}")


@pytest.fixture
async def connect(place):
    """Function that connects someone by name, or a guest; `rooms` are opened. Each next one on the next worker."""
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
