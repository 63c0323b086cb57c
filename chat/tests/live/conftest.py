"""The cast, and a hub, for the tests of this folder."""

from contextlib import contextmanager

import pytest
from django.test import Client

from chat.dispatch import dispatcher
from chat.domain import timeline
from chat.live import database
from chat.live.hub import Hub
from chat.tests.cast import alice, bob, charlie, dora, garden, harbour, lobby, set_up_site
from chat.tests.live.fake_sockets import connect
from chat.tests.talk import capture_published, gina

__all__ = ["alice", "bob", "capture_published", "charlie", "dora", "garden", "gina", "harbour", "lobby", "set_up_site"]


@pytest.fixture(autouse=True)
def detached():
    """Disconnect the hub of a test from the dispatcher: its event loop has ended."""
    yield
    dispatcher.disconnect(dispatcher.HUB)


@pytest.fixture
async def hub():
    """A hub that gets the events of this process. It makes no checks by itself, and is not connected to other hubs."""
    hub = Hub()
    dispatcher.connect(dispatcher.HUB, hub.delivery.deliver_from_thread)
    yield hub
    for task in list(hub._tasks):
        task.cancel()


@pytest.fixture
def connect_as(hub):
    """Function that connects a person with the rooms of their list: `hers = await connect_as(alice)`."""

    async def connect_as(person, **options):
        welcome = await database.read(timeline.welcome, person)
        return connect(hub, person, rooms=welcome.rooms, people_version=welcome.people_version, **options)

    return connect_as


@pytest.fixture
def lost():
    """Context manager: events that are published within it are lost."""

    @contextmanager
    def losing():
        outlet = dispatcher.receiver(dispatcher.HUB)
        dispatcher.connect(dispatcher.HUB, lambda envelope: None)
        try:
            yield
        finally:
            dispatcher.connect(dispatcher.HUB, outlet)

    return losing


@pytest.fixture
def cookie(settings):
    """Function that signs a user in and returns the cookie."""

    def sign_in(user):
        client = Client()
        client.force_login(user)
        return f"a=b; {settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    return sign_in


@pytest.fixture
def bobs(cookie, bob):
    """Bob's cookie."""
    return cookie(bob)
