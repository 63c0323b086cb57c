"""The cast, and a browser that is signed in as Dora."""

import pytest

from chat.tests.cast import alice, bob, charlie, dora, garden, harbour, lobby, set_up_site
from chat.tests.uploading import files_folder

__all__ = ["alice", "bob", "charlie", "dora", "files_folder", "garden", "harbour", "lobby", "set_up_site"]


@pytest.fixture
def doras(client, dora, set_up_site):
    """A browser that is signed in as Dora, the admin."""
    client.force_login(dora)
    return client


LISTS = {"members", "public_rooms"}


@pytest.fixture
def published(monkeypatch) -> list:
    """The events that `domain.rooms` published: (type of the event, slug of the room), in order.

    Without those that only say that a list has changed: LISTS.
    """
    events = []

    def record(event, *, room=None, version=0, users=()):
        if event.type not in LISTS:
            events.append((event.type, room.slug if room else event.room))

    monkeypatch.setattr("chat.domain.rooms.publish", record)
    return events
