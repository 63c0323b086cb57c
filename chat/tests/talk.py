"""People who talk, and what was published of it, for the tests of rules.

Besides the cast: Gina is a guest, and the garden a public room where guests may write; Alice owns it, Bob is a member.
"""

import json
import uuid
from contextlib import contextmanager

import pytest

from chat.domain import guests, messages, rooms
from chat.events import publish
from chat.models import Message, Room, RoomHead


def say(room: Room, author, body: str = "Ahoy", client_id=None, **fields) -> Message:
    """Post, with a `client_id` of its own unless one is given."""
    return messages.post(room=room.slug, author=author, body=body, client_id=client_id or uuid.uuid4(), **fields)


def head(room: Room) -> int:
    """The room's version."""
    return RoomHead.objects.get(room=room).version


@pytest.fixture
def gina():
    """A guest."""
    return guests.Guest(key="9" * 32, name="Quiet Heron 27")


@pytest.fixture
def garden(set_up_site, alice, bob) -> Room:
    """A public room, open to guests."""
    room = rooms.create(slug="garden", name="Garden", guests="write", by=alice)
    rooms.join(room=room, user=bob)
    return room


@pytest.fixture
def heard(django_capture_on_commit_callbacks):
    """Context manager: `with heard() as envelopes:` gathers what is published once its block's work has committed."""

    @contextmanager
    def listen():
        envelopes: list[publish.Envelope] = []
        publish.attach(envelopes.append)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                yield envelopes
        finally:
            publish.attach(None)

    return listen


def frames(envelopes: list[publish.Envelope]) -> list[dict]:
    """The events as a client reads them."""
    return [json.loads(envelope.text) for envelope in envelopes]
