"""Slow mode: in some rooms a person waits between two messages."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import rooms
from chat.domain.errors import SlowDown
from chat.models import Message
from chat.tests.talk import say

pytestmark = pytest.mark.django_db


def ago(message, seconds):
    """Make a message this old."""
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(seconds=seconds))


def test_bob_waits_in_slow_mode(garden, bob, gina):
    rooms.change(room=garden, slow_mode_s=30)
    for author in (bob, gina):
        message = say(garden, author)
        ago(message, 10)
        with pytest.raises(SlowDown) as caught:
            say(garden, author)
        assert 15 < caught.value.retry_after <= 20
        ago(message, 31)
        say(garden, author)


def test_alice_does_not_wait_in_slow_mode_as_its_owner(garden, alice):
    rooms.change(room=garden, slow_mode_s=30)
    say(garden, alice)
    say(garden, alice)


def test_slow_mode_counts_what_was_said_in_its_own_room(garden, harbour, bob):
    rooms.change(room=garden, slow_mode_s=30)
    say(harbour, bob)
    say(garden, bob)


def test_slow_mode_lets_the_same_message_through_again(garden, bob):
    rooms.change(room=garden, slow_mode_s=30)
    client_id = uuid.uuid4()
    assert say(garden, bob, client_id=client_id) == say(garden, bob, client_id=client_id)
