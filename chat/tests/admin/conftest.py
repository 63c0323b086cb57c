"""The cast, and Dora's browser."""

import pytest

from chat.tests.cast import alice, bob, charlie, dora, harbour, lobby, set_up_site

__all__ = ["alice", "bob", "charlie", "dora", "harbour", "lobby", "set_up_site"]


@pytest.fixture
def doras(client, dora, set_up_site):
    """Her browser, signed in."""
    client.force_login(dora)
    return client


@pytest.fixture
def published(monkeypatch) -> list:
    """What the domain told open pages: (the event's type, the room's slug), in order, once its transaction is over."""
    told = []

    def hear(event, *, room=None, version=0, users=()):
        told.append((event.type, room.slug if room else event.room))

    monkeypatch.setattr("chat.domain.rooms.publish", hear)
    return told
