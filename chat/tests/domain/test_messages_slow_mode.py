"""Slow mode: in some rooms a person waits between two messages."""

import uuid
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection
from django.utils import timezone

from chat.domain import guests, rooms, throttle
from chat.domain.errors import NotFound, SlowDown
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


@pytest.fixture
def own_counts(monkeypatch, request):
    """A cache of this test's own, and the clock it is read by, in a list of one number."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(throttle, "cache", LocMemCache(request.node.nodeid, {}))
    monkeypatch.setattr(throttle, "clock", lambda: now[0])
    return now


@pytest.mark.parametrize(
    ("first", "second"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::2"), ("2001:db8::1", "2001:db8:0:9::2")],
)
def test_a_new_guest_at_the_same_address_waits_as_well(garden, own_counts, first, second):
    rooms.change(room=garden, slow_mode_s=30)
    say(garden, guests.at(guests.new_guest(), first))
    own_counts[0] += 10
    with pytest.raises(SlowDown) as caught:
        say(garden, guests.at(guests.new_guest(), second))
    assert caught.value.retry_after == 20
    own_counts[0] += 20
    say(garden, guests.at(guests.new_guest(), second))


def test_a_guest_at_another_address_and_a_member_at_the_same_do_not_wait(garden, own_counts, bob):
    rooms.change(room=garden, slow_mode_s=30)
    say(garden, guests.at(guests.new_guest(), "192.0.2.1"))
    say(garden, guests.at(guests.new_guest(), "192.0.2.2"))
    say(garden, bob)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["one member", "guests of one address"])
def test_of_messages_at_the_same_moment_one_is_said(garden, own_counts, bob, who):
    rooms.change(room=garden, slow_mode_s=30)
    start, said, refused = Barrier(4), [], []

    def speak():
        author = bob if who == "one member" else guests.at(guests.new_guest(), "192.0.2.1")
        start.wait()
        try:
            said.append(say(garden, author))
        except SlowDown:
            refused.append(author)
        finally:
            connection.close()

    threads = [Thread(target=speak) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(said), len(refused)) == (1, 3)


def test_slow_mode_lets_the_same_message_through_again(garden, bob):
    rooms.change(room=garden, slow_mode_s=30)
    client_id = uuid.uuid4()
    assert say(garden, bob, client_id=client_id) == say(garden, bob, client_id=client_id)


def test_a_refused_post_does_not_use_up_a_guests_turn(garden, own_counts):
    rooms.change(room=garden, slow_mode_s=30)
    guest = guests.at(guests.new_guest(), "192.0.2.9")
    with pytest.raises(NotFound):
        say(garden, guest, reply_to=10**9)
    say(garden, guest)
