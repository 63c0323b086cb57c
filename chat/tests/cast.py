"""The users of the tests: Alice owns the harbour room, Bob is a member of it, Charlie is not.

Dora is the site's admin. A folder's conftest imports these fixtures. They insert the rows that the verbs would insert
(test_cast.py compares them), without asking first what a new database cannot have: thousands of tests begin with them.
"""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from chat.domain.record import record
from chat.models import Membership, Profile, Room, RoomHead, Site

PASSWORD = "a long walk along the pier"


def person(name: str, *, password: str | None = None, **fields):
    """A user who signs in by `client.force_login`; give `password` to those who type it."""
    user = get_user_model()(handle=name, email=f"{name}@example.org", password=make_password(password), **fields)
    get_user_model()._default_manager.bulk_create([user])
    user.chat_profile = Profile(user=user)  # Sockets get users with their profiles, too.
    return user


def new_room(*, owner=None, member=None, **fields) -> Room:
    """A room with its head and at most two members."""
    room = Room(**fields)
    Room.objects.bulk_create([room])
    RoomHead.objects.bulk_create([RoomHead(room=room)])
    roles = {Membership.Role.OWNER: owner, Membership.Role.MEMBER: member}
    Membership.objects.bulk_create(Membership(room=room, user=user, role=role) for role, user in roles.items() if user)
    record(owner, "room.create", room, after={"kind": room.kind})
    return room


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
    room = new_room(slug="lobby", name="Lobby", is_default=True)
    record(None, "room.default", room, before={"is_default": False}, after={"is_default": True})
    return room


@pytest.fixture
def harbour(set_up_site, alice, bob) -> Room:
    """A private room: Alice owns it, Bob is a member."""
    return new_room(slug="harbour", name="Harbour", kind="private", who_invites="moderators", owner=alice, member=bob)


@pytest.fixture
def garden(set_up_site, alice, bob) -> Room:
    """A public room, open to guests: Alice owns it, Bob is a member."""
    return new_room(slug="garden", name="Garden", guests="write", owner=alice, member=bob)
