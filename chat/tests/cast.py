"""The users of the tests: Alice owns the harbour room, Bob is a member of it, Charlie is not.

Dora is the site's admin. A folder's conftest imports these fixtures.
"""

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from chat.domain import default_rooms, people, rooms
from chat.models import Room, Site

PASSWORD = "a long walk along the pier"


def person(name: str, **fields):
    """A user who signs in by `client.force_login`; give `password` to those who type it."""
    user = get_user_model()._default_manager.create_user(name, f"{name}@example.org", **fields)
    people.profile_of(user)  # Sockets get users with their profiles, too.
    return user


@pytest.fixture
def set_up_site(db) -> Site:
    """The site, set up."""
    Site.current()
    Site.objects.update(name="Harbour Lights", set_up_at=timezone.now())
    return Site.current()


@pytest.fixture
def alice(db):
    """Owner of `harbour`."""
    return person("alice")


@pytest.fixture
def bob(db):
    """A member of `harbour`."""
    return person("bob")


@pytest.fixture
def charlie(db):
    """A user who is a member of no room."""
    return person("charlie")


@pytest.fixture
def dora(db):
    """The site's admin."""
    return person("dora", is_staff=True, is_superuser=True)


@pytest.fixture
def lobby(set_up_site) -> Room:
    """The room in which everyone starts."""
    room = rooms.create(slug="lobby", name="Lobby")
    default_rooms.choose(room=room, on=True)
    return room


@pytest.fixture
def harbour(set_up_site, alice, bob) -> Room:
    """A private room: Alice owns it, Bob is a member."""
    room = rooms.create(slug="harbour", name="Harbour", kind="private", by=alice)
    rooms.join(room=room, user=bob)
    return room
