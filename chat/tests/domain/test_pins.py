"""Pinned messages of a room."""

import pytest

from chat.domain import messages, pins, rooms
from chat.domain.errors import Archived, Forbidden, NotFound
from chat.models import Message
from chat.tests.talk import frames, head, post_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(harbour, alice):
    """Alice's message in the harbour, at version 1."""
    return post_message(harbour, alice, "High tide at nine").pk


def test_bob_pins_alices_message_for_everyone(harbour, bob, hers, capture_published):
    with capture_published() as envelopes:
        pins.pin(message=hers, by=bob, on=True)
    (event,) = frames(envelopes)
    assert (event["version"], event["message"]["pinned"]["by"]["name"]) == (2, "bob")
    (listed,) = pins.of_room(bob, "harbour")
    assert (listed.id, listed.text, listed.pinned.by.id) == (hers, "High tide at nine", bob.pk)


def test_a_message_is_pinned_once_and_unpinned(harbour, alice, bob, hers):
    pins.pin(message=hers, by=bob, on=True)
    pins.pin(message=hers, by=alice, on=True)
    assert (head(harbour), Message.objects.get(pk=hers).pinned["by"]["id"]) == (2, bob.pk)
    pins.pin(message=hers, by=alice, on=False)
    pins.pin(message=hers, by=alice, on=False)
    assert (head(harbour), pins.of_room(bob, "harbour")) == (3, [])


def test_the_message_that_was_pinned_last_is_the_first(harbour, alice, bob, hers):
    later = post_message(harbour, bob, "Low tide at three").pk
    pins.pin(message=later, by=bob, on=True)
    pins.pin(message=hers, by=bob, on=True)
    assert [message.id for message in pins.of_room(alice, "harbour")] == [hers, later]


def test_a_deleted_message_is_not_pinned_any_more(harbour, alice, hers):
    pins.pin(message=hers, by=alice, on=True)
    messages.delete(message=hers, by=alice)
    assert pins.of_room(alice, "harbour") == []
    with pytest.raises(Forbidden):
        pins.pin(message=hers, by=alice, on=True)


def test_a_room_has_at_most_fifty_pins(harbour, alice, bob, hers):
    Message.objects.filter(pk=hers).update(
        pinned={"by": {"id": alice.pk, "name": "alice"}, "at": "2026-01-01T00:00:00Z"}
    )
    for _ in range(pins.MAX_PINS - 1):
        pins.pin(message=post_message(harbour, bob).pk, by=bob, on=True)
    with pytest.raises(Forbidden):
        pins.pin(message=post_message(harbour, bob).pk, by=bob, on=True)
    pins.pin(message=hers, by=bob, on=False)
    pins.pin(message=post_message(harbour, bob).pk, by=bob, on=True)
    assert len(pins.of_room(alice, "harbour")) == pins.MAX_PINS


def test_readers_guests_and_people_who_have_not_joined_pin_nothing(garden, alice, bob, charlie, gina):
    message = post_message(garden, alice).pk
    rooms.set_role(room=garden, user=bob, role="reader")
    for person in (bob, charlie, gina):
        with pytest.raises(Forbidden):
            pins.pin(message=message, by=person, on=True)
    assert pins.of_room(gina, "garden") == []


def test_charlie_sees_no_pins_of_a_private_room(charlie, hers):
    with pytest.raises(NotFound):
        pins.of_room(charlie, "harbour")
    with pytest.raises(NotFound):
        pins.pin(message=hers, by=charlie, on=True)


def test_nothing_is_pinned_in_an_archived_room(harbour, alice, hers):
    rooms.archive(room=harbour)
    with pytest.raises(Archived):
        pins.pin(message=hers, by=alice, on=True)


def test_the_number_of_queries_does_not_grow_with_the_pins(harbour, alice, bob, django_assert_num_queries):
    for number in range(5):
        message = post_message(harbour, bob).pk
        pins.pin(message=message, by=bob, on=True)
        messages.react(message=message, by=alice, emoji="👋", on=True)
        if number in (0, 4):
            with django_assert_num_queries(3):
                pins.of_room(alice, "harbour")
