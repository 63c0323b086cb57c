"""Slow mode: people wait between two messages."""

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
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


def ago(message, seconds):
    """Set the age of a message."""
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(seconds=seconds))


def test_bob_waits_in_slow_mode(garden, bob, gina):
    rooms.change(room=garden, slow_mode_s=30)
    for author in (bob, gina):
        message = post_message(garden, author)
        ago(message, 10)
        with pytest.raises(SlowDown) as caught:
            post_message(garden, author)
        assert 15 < caught.value.retry_after <= 20
        ago(message, 31)
        post_message(garden, author)


def test_alice_does_not_wait_in_slow_mode_as_its_owner(garden, alice):
    rooms.change(room=garden, slow_mode_s=30)
    post_message(garden, alice)
    post_message(garden, alice)


def test_slow_mode_counts_only_messages_of_the_room(garden, harbour, bob):
    rooms.change(room=garden, slow_mode_s=30)
    post_message(harbour, bob)
    post_message(garden, bob)


@pytest.fixture
def own_counts(monkeypatch, request):
    """A cache for this test, and its clock: a list of one number."""
    now = [1_800_000_000.0]
    monkeypatch.setattr(throttle, "cache", LocMemCache(request.node.nodeid, {}))
    monkeypatch.setattr(throttle, "clock", lambda: now[0])
    return now


@pytest.mark.parametrize(
    ("first", "second"),
    [("192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::2"), ("2001:db8::1", "2001:db8:0:9::2")],
)
def test_a_new_guest_at_the_same_address_waits_too(garden, own_counts, first, second):
    rooms.change(room=garden, slow_mode_s=30)
    post_message(garden, guests.with_address(guests.new_guest(), first))
    own_counts[0] += 10
    with pytest.raises(SlowDown) as caught:
        post_message(garden, guests.with_address(guests.new_guest(), second))
    assert caught.value.retry_after == 20
    own_counts[0] += 20
    post_message(garden, guests.with_address(guests.new_guest(), second))


def test_a_guest_at_another_address_and_a_member_at_the_same_do_not_wait(garden, own_counts, bob):
    rooms.change(room=garden, slow_mode_s=30)
    post_message(garden, guests.with_address(guests.new_guest(), "192.0.2.1"))
    post_message(garden, guests.with_address(guests.new_guest(), "192.0.2.2"))
    post_message(garden, bob)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("who", ["one member", "guests of one address"])
def test_of_simultaneous_messages_one_is_stored(garden, own_counts, bob, who):
    rooms.change(room=garden, slow_mode_s=30)
    start, posted, refused = Barrier(4), [], []

    def speak():
        author = bob if who == "one member" else guests.with_address(guests.new_guest(), "192.0.2.1")
        start.wait()
        try:
            posted.append(post_message(garden, author))
        except SlowDown:
            refused.append(author)
        finally:
            connection.close()

    threads = [Thread(target=speak) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(posted), len(refused)) == (1, 3)


def test_slow_mode_acknowledges_a_repeated_message(garden, bob):
    rooms.change(room=garden, slow_mode_s=30)
    client_id = uuid.uuid4()
    assert post_message(garden, bob, client_id=client_id) == post_message(garden, bob, client_id=client_id)


def test_a_refused_post_does_not_start_a_guests_wait(garden, own_counts):
    rooms.change(room=garden, slow_mode_s=30)
    guest = guests.with_address(guests.new_guest(), "192.0.2.9")
    with pytest.raises(NotFound):
        post_message(garden, guest, reply_to=10**9)
    post_message(garden, guest)
