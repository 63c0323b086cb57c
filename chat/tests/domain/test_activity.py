"""The counts of messages that a job makes."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import activity, messages, rooms
from chat.models import DailyMessages, Message, Room, RoomActivity, RoomHead, UserActivity
from chat.tests.cast import alice, bob, harbour, set_up_site

__all__ = ["alice", "bob", "harbour", "set_up_site"]


def post(author, room="harbour", days_ago=0) -> Message:
    message = messages.post(room=room, author=author, body="Fog", client_id=uuid.uuid4())
    if days_ago:
        at = timezone.now() - timedelta(days=days_ago)
        Message.objects.filter(pk=message.pk).update(created_at=at)
    return message


def test_each_message_is_counted_once_however_often_the_job_runs(harbour, alice, bob):
    post(alice)
    post(bob)
    assert activity.count_new()
    last = post(bob)
    for _ in range(3):
        assert activity.count_new()
    row = RoomActivity.objects.get()
    assert (row.messages, row.last_at) == (3, last.created_at)
    counts = dict(UserActivity.objects.values_list("user__handle", "messages"))
    assert counts == {"alice": 1, "bob": 2}
    assert activity.by_day([harbour.pk]) == {harbour.pk: [0] * 13 + [3]}
    assert activity.of_site() == [0] * 13 + [3]


def test_edits_reactions_and_deletions_are_no_messages(harbour, alice, bob):
    message = post(alice)
    messages.react(message=message.pk, by=bob, emoji="👍", on=True)
    messages.edit(message=message.pk, by=alice, body="Mist")
    activity.count_new()
    messages.delete(message=message.pk, by=alice)
    activity.count_new()
    assert RoomActivity.objects.get().messages == 1
    assert RoomActivity.objects.get().counted_to == RoomHead.objects.get(room=harbour).version


def test_a_long_room_is_counted_in_several_transactions(harbour, alice, monkeypatch):
    monkeypatch.setattr(activity, "VERSIONS_A_BATCH", 2)
    for days_ago in (3, 2, 1, 0, 0):
        post(alice, days_ago=days_ago)
    assert not activity.count_new(budget_s=-1)
    assert RoomActivity.objects.get().messages == 2
    assert activity.count_new()
    assert RoomActivity.objects.get().messages == 5
    assert activity.by_day([harbour.pk], days=4) == {harbour.pk: [1, 1, 1, 2]}


def test_days_that_no_list_shows_are_forgotten(harbour, alice):
    post(alice, days_ago=100)
    old = timezone.localdate() - timedelta(days=40)
    DailyMessages.objects.create(room=harbour, day=old, messages=4)
    activity.count_new()
    assert not DailyMessages.objects.exists()
    assert RoomActivity.objects.get().messages == 1


@pytest.mark.parametrize("number", [1, 12])
def test_a_run_without_news_asks_two_queries(harbour, alice, number, django_assert_num_queries):
    for index in range(number):
        rooms.create(slug=f"room-{index}", name=f"Room {index}", by=alice)
        post(alice, room=f"room-{index}")
    activity.count_new()
    assert Room.objects.count() == number + 1
    with django_assert_num_queries(2):
        activity.count_new()


def test_the_time_of_the_last_connection_is_stored(alice, bob):
    now = timezone.now()
    UserActivity.objects.create(user=alice, messages=4)
    activity.note_seen({alice.pk: now, bob.pk: now - timedelta(days=1)})
    assert UserActivity.objects.get(user=alice).messages == 4
    assert dict(UserActivity.objects.values_list("user_id", "seen_at")) == {
        alice.pk: now,
        bob.pk: now - timedelta(days=1),
    }
