"""The cast, and a hub, for the tests of this folder."""

from contextlib import contextmanager

import pytest
from django.test import Client

from chat.domain import timeline
from chat.events import publish
from chat.live import database
from chat.live.hub import Hub
from chat.tests.cast import alice, bob, charlie, dora, harbour, lobby, set_up_site
from chat.tests.live.wires import connect
from chat.tests.talk import garden, gina, heard

__all__ = ["alice", "bob", "charlie", "dora", "garden", "gina", "harbour", "heard", "lobby", "set_up_site"]


@pytest.fixture(autouse=True)
def detached():
    """The hub of a loop that is gone hears nothing any more."""
    yield
    publish.attach(None)


@pytest.fixture
async def hub():
    """A hub that hears this process's events at once. It checks nothing by itself, and has no line to others."""
    hub = Hub()
    publish.attach(hub.deliver_from_thread)
    yield hub
    for task in list(hub._tasks):
        task.cancel()


@pytest.fixture
def arrive(hub):
    """Function that connects a person with the rooms of their list: `alice = await arrive(alice)`."""

    async def arrive(person, **options):
        rooms = await database.read(timeline.rooms_of, person)
        return connect(hub, person, rooms=rooms, **options)

    return arrive


@pytest.fixture
def lost():
    """Context manager: what is published within it is lost on its way."""

    @contextmanager
    def losing():
        outlet = publish._outlet
        publish.attach(lambda envelope: None)
        try:
            yield
        finally:
            publish.attach(outlet)

    return losing


@pytest.fixture
def cookie(settings):
    """Function that signs a user in: their cookie."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return f"a=b; {settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    return sign_in


@pytest.fixture
def bobs(cookie, bob):
    """Bob's cookie."""
    return cookie(bob)
