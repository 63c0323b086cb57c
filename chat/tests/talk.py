"""Helpers for tests of rules: post messages, and capture what is published.

A fixture besides those of cast.py: Gina is a guest.
"""

import json
import uuid
from contextlib import contextmanager

import pytest
from django.utils import timezone

from chat.dispatch import dispatcher
from chat.dispatch.envelope import RULES_CHANGED, Envelope
from chat.domain import guests, messages
from chat.models import Message, Room, RoomHead
from chat.protocol.things import PostedPoll


def post_message(room: Room, author, body: str = "Ahoy", client_id=None, **fields) -> Message:
    """Post a message, with a new `client_id` unless one is given."""
    return messages.post(room=room.slug, author=author, body=body, client_id=client_id or uuid.uuid4(), **fields)


def post_poll(room: Room, author, *options: str, **fields) -> int:
    """Post a poll, with these options, or three; returns its id."""
    poll = PostedPoll(options=options or ("Pizza", "Soup", "Salad"), **fields)
    return post_message(room, author, "Lunch?", poll=poll).pk


def head(room: Room) -> int:
    """The room's version."""
    return RoomHead.objects.get(room=room).version


def fill(room: Room, author, number: int) -> None:
    """Insert `number` messages by one statement."""
    at = head(room)
    Message.objects.bulk_create(
        Message(
            room=room,
            author=author,
            sender_key=f"u:{author.pk}",
            client_id=uuid.uuid4(),
            seq=at + n,
            version=at + n,
            text=str(at + n),
            created_at=timezone.now(),
        )
        for n in range(1, number + 1)
    )
    RoomHead.objects.filter(room=room).update(version=at + number)


def fill_large(room: Room, author, number: int) -> None:
    """Insert `number` messages of the maximum size."""
    fill(room, author, number)
    Message.objects.filter(room=room).update(text="界" * 8000, html=f"<p>{'界' * 60_000}</p>")


@pytest.fixture
def gina():
    """A guest."""
    return guests.Guest(key="9" * 32, name="Quiet Heron 27")


@pytest.fixture
def capture_published(django_capture_on_commit_callbacks):
    """Context manager: `with capture_published() as envelopes:` collects what the block publishes after its commit."""

    @contextmanager
    def capture():
        envelopes: list[Envelope] = []
        dispatcher.connect(dispatcher.HUB, envelopes.append)
        try:
            with django_capture_on_commit_callbacks(execute=True):
                yield envelopes
        finally:
            dispatcher.disconnect(dispatcher.HUB)

    return capture


HINTS = {"members", "public_rooms", "readers"}
"""Events that say only that something can be asked for again."""


def frames(envelopes: list[Envelope]) -> list[dict]:
    """The events that clients receive, as JSON data, without HINTS."""
    sent = (envelope for envelope in envelopes if envelope.text or envelope.kind == RULES_CHANGED)
    return [_frame(envelope) for envelope in sent if envelope.kind not in HINTS]


def _frame(envelope: Envelope) -> dict:
    if envelope.text:
        return json.loads(envelope.text)
    # After a change of the rules a hub sends the versions up to it to the watchers who may still see the room.
    upto = envelope.version
    return {"type": "changes", "room": envelope.room, "after": upto - 1, "upto": upto, "messages": [], "state": None}
