"""The cast has the same rows as people and rooms that the verbs make."""

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model

from chat.domain import default_rooms, people, rooms
from chat.models import Room
from chat.tests import cast
from chat.tests.cast import alice, bob, dora, garden, harbour, lobby, set_up_site

__all__ = ["alice", "bob", "dora", "garden", "harbour", "lobby", "set_up_site"]

TIMES = {"at", "created_at", "joined_at", "active_at", "date_joined", "made_at"}


def comparable(row: dict) -> dict:
    """The values of a row without times, and only the kind of a password."""
    row = {name: value for name, value in row.items() if name not in TIMES or not value}
    return row | {"password": row["password"][0]} if "password" in row else row


def all_rows() -> dict[str, list[dict]]:
    """What all tables have."""
    tables = {model._meta.label: model._default_manager.order_by("pk").values() for model in apps.get_models()}
    return {label: [comparable(row) for row in rows] for label, rows in tables.items()}


def in_memory(thing: Model) -> dict:
    """What the object has, which is not read again from the database."""
    return comparable({field.attname: getattr(thing, field.attname) for field in thing._meta.concrete_fields})


def person_by_verbs(name: str, **fields):
    """A user, as forms make them."""
    user = get_user_model()._default_manager.create_user(name, f"{name}@example.org", **fields)
    people.profile_of(user)
    return user


def room_by_verbs(**fields) -> Room:
    """A room that Alice makes and Bob joins."""
    owner, member = person_by_verbs("alice"), person_by_verbs("bob")
    room = rooms.create(by=owner, **fields)
    rooms.join(room=room, user=member)
    return room


def lobby_by_verbs() -> Room:
    """A room for newcomers that nobody made."""
    room = rooms.create(slug="lobby", name="Lobby")
    default_rooms.choose(room=room, on=True)
    return room


BY_VERBS = {
    "alice": lambda: person_by_verbs("alice"),
    "dora": lambda: person_by_verbs("dora", is_staff=True, is_superuser=True),
    "lobby": lobby_by_verbs,
    "harbour": lambda: room_by_verbs(slug="harbour", name="Harbour", kind="private"),
    "garden": lambda: room_by_verbs(slug="garden", name="Garden", guests="write"),
}


@pytest.mark.parametrize("name", BY_VERBS)
def test_the_rows_are_those_that_the_verbs_make(name, set_up_site, request):
    before = transaction.savepoint()
    thing = BY_VERBS[name]()
    expected, expected_object = all_rows(), in_memory(thing)
    assert expected_object in expected[thing._meta.label]
    transaction.savepoint_rollback(before)
    thing = request.getfixturevalue(name)
    assert all_rows() == expected
    assert in_memory(thing) == expected_object


def test_a_person_with_a_password_signs_in_by_it(set_up_site, client):
    cast.person("erin", password=cast.PASSWORD)
    assert client.login(username="erin", password=cast.PASSWORD)
    cast.person("frank")
    assert not client.login(username="frank", password="")
