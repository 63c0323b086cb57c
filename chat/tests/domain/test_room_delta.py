"""The cache of deltas: the next person who opens a room gets the cached delta, unless the room has changed."""

import pytest
from django.db import transaction

from chat.domain import messages, room_delta, timeline
from chat.domain.room_delta import DELTA_CHARACTERS, MESSAGE_CHARACTERS, DeltaCache, RoomDelta
from chat.models import Site
from chat.protocol import encoding, replies, things
from chat.tests.domain.test_query_counts import count_queries
from chat.tests.talk import post_message


@pytest.fixture
def now(monkeypatch):
    """The clock of the cache: a list of one number."""
    now = [1_000.0]
    monkeypatch.setattr(timeline, "_delta_cache", DeltaCache(clock=lambda: now[0]))
    return now


@pytest.fixture
def talk(transactional_db, now, harbour, alice):
    """Three messages in the harbour, committed."""
    return [post_message(harbour, alice, body) for body in ("one", "two", "three")]


def bodies(person, since=None) -> list[str]:
    return [message.text for message in timeline.open_room(person, "harbour", since).delta.messages]


def test_the_second_open_takes_one_query(talk, alice, bob):
    assert bodies(alice) == ["one", "two", "three"]
    assert bodies(alice, since=1) == ["two", "three"]
    assert count_queries(timeline.open_room, bob, "harbour") == 1
    assert count_queries(timeline.open_room, bob, "harbour", since=1) == 1
    assert count_queries(timeline.open_room, bob, "harbour", since=2) > 1
    first, second = (timeline.open_room(person, "harbour").reply() for person in (alice, bob))
    assert first.messages is second.messages
    assert (first.state.unread, second.state.unread) == (0, 3)


def test_a_changed_room_is_read_again(talk, alice, bob):
    assert bodies(bob) == ["one", "two", "three"]
    messages.edit(message=talk[0].pk, by=alice, body="1")
    assert bodies(bob) == ["1", "two", "three"]
    messages.react(message=talk[1].pk, by=bob, emoji="👋", on=True)
    assert [len(m.reactions) for m in timeline.open_room(alice, "harbour").delta.messages] == [0, 1, 0]
    messages.delete(message=talk[2].pk, by=alice)
    assert bodies(bob) == ["1", "two", ""]


def test_a_new_name_is_shown_after_the_maximum_age(talk, now, alice, bob):
    bodies(bob)
    type(alice).objects.filter(pk=alice.pk).update(handle="alicia")
    now[0] += room_delta.MAX_AGE_S
    assert {m.author.name for m in timeline.open_room(bob, "harbour").delta.messages} == {"alicia"}


def test_a_new_epoch_does_not_use_cached_deltas(talk, bob):
    assert bodies(bob) == ["one", "two", "three"]
    type(talk[0]).objects.filter(pk=talk[0].pk).update(text="of another life")
    Site.objects.update(epoch="another")
    assert bodies(bob) == ["of another life", "two", "three"]


def test_uncommitted_changes_are_not_cached(talk, harbour, alice, bob):
    with transaction.atomic():
        post_message(harbour, alice, "never said")
        assert bodies(bob)[-1] == "never said"
        transaction.set_rollback(True)
    post_message(harbour, alice, "four")
    assert bodies(bob)[-1] == "four"


def test_a_cached_delta_is_encoded_like_any_reply(talk, alice):
    reply = timeline.open_room(alice, "harbour").reply(ref=7, online=1)
    plain = replies.OpenReply(**{name: getattr(reply, name) for name in replies.OpenReply.model_fields})
    plain.messages = list(reply.messages)
    assert replies.OpenReply.model_validate_json(reply.encode()) == plain
    assert replies.OpenReply.model_validate_json(plain.encode()) == plain


@pytest.mark.django_db(transaction=True)
def test_the_oldest_deltas_are_evicted(monkeypatch):
    monkeypatch.setattr(room_delta, "MAX_CHARACTERS", 2 * (DELTA_CHARACTERS + MESSAGE_CHARACTERS))
    kept = DeltaCache()
    message = things.Message.model_construct(text="", html="")
    for room in (1, 2, 2, 3):
        kept.keep("epoch", room, RoomDelta(0, 5, encoding.MessageList([message]), limited=False), 0)
    assert [bool(kept.find("epoch", room, 5, 0)) for room in (1, 2, 3)] == [False, True, True]


@pytest.mark.django_db(transaction=True)
def test_deltas_without_messages_are_bounded_too(monkeypatch):
    monkeypatch.setattr(room_delta, "MAX_CHARACTERS", 10 * DELTA_CHARACTERS)
    kept = DeltaCache()
    for since in range(1000):
        kept.keep("epoch", 1, RoomDelta(since, since, encoding.MessageList([]), limited=False), since)
    assert len(kept._deltas) == 10
    assert kept.find("epoch", 1, 999, 999)
    assert kept.find("epoch", 1, 989, 989) is None
