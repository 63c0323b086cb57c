"""Who opens a room after another gets the same fill without its being read again, and never one that is out of date."""

import pytest
from django.db import transaction

from chat.domain import fills, messages, timeline
from chat.domain.fills import Fill, Fills
from chat.events import shapes
from chat.models import Site
from chat.tests.domain.test_query_counts import asks
from chat.tests.talk import say


@pytest.fixture
def now(monkeypatch):
    """The time of the fills that the timeline keeps, in a list of one number."""
    now = [1_000.0]
    monkeypatch.setattr(timeline, "_fills", Fills(clock=lambda: now[0]))
    return now


@pytest.fixture
def talk(transactional_db, now, harbour, alice):
    """Three messages in the harbour, committed."""
    return [say(harbour, alice, body) for body in ("one", "two", "three")]


def bodies(person, since=None) -> list[str]:
    return [message.text for message in timeline.open_room(person, "harbour", since).fill.messages]


def test_the_second_to_open_costs_one_query(talk, alice, bob):
    assert bodies(alice) == ["one", "two", "three"]
    assert bodies(alice, since=1) == ["two", "three"]
    assert asks(timeline.open_room, bob, "harbour") == 1
    assert asks(timeline.open_room, bob, "harbour", since=1) == 1
    assert asks(timeline.open_room, bob, "harbour", since=2) > 1
    first, second = (timeline.open_room(person, "harbour").reply() for person in (alice, bob))
    assert first.messages is second.messages
    assert (first.state.unread, second.state.unread) == (0, 3)


def test_what_changed_since_is_read_again(talk, alice, bob):
    assert bodies(bob) == ["one", "two", "three"]
    messages.edit(message=talk[0].pk, by=alice, body="1")
    assert bodies(bob) == ["1", "two", "three"]
    messages.react(message=talk[1].pk, by=bob, emoji="👋", on=True)
    assert [len(m.reactions) for m in timeline.open_room(alice, "harbour").fill.messages] == [0, 1, 0]
    messages.delete(message=talk[2].pk, by=alice)
    assert bodies(bob) == ["1", "two", ""]


def test_a_new_name_shows_after_some_seconds(talk, now, alice, bob):
    bodies(bob)
    type(alice).objects.filter(pk=alice.pk).update(username="alicia")
    now[0] += fills.KEPT_S
    assert {m.author.name for m in timeline.open_room(bob, "harbour").fill.messages} == {"alicia"}


def test_a_restored_site_begins_anew(talk, bob):
    assert bodies(bob) == ["one", "two", "three"]
    type(talk[0]).objects.filter(pk=talk[0].pk).update(text="of another life")
    Site.objects.update(epoch="another")
    assert bodies(bob) == ["of another life", "two", "three"]


def test_what_is_not_committed_is_not_kept(talk, harbour, alice, bob):
    with transaction.atomic():
        say(harbour, alice, "never said")
        assert bodies(bob)[-1] == "never said"
        transaction.set_rollback(True)
    say(harbour, alice, "four")
    assert bodies(bob)[-1] == "four"


def test_a_fill_says_its_messages_as_any_reply_does(talk, alice):
    reply = timeline.open_room(alice, "harbour").reply(ref=7, online=1)
    plain = shapes.OpenReply(**{name: getattr(reply, name) for name in shapes.OpenReply.model_fields})
    plain.messages = list(reply.messages)
    assert shapes.OpenReply.model_validate_json(reply.encode()) == plain
    assert shapes.OpenReply.model_validate_json(plain.encode()) == plain


@pytest.mark.django_db(transaction=True)
def test_the_oldest_go_when_there_are_too_many(monkeypatch):
    monkeypatch.setattr(fills, "KEPT_CHARACTERS", 2 * (fills.FILL_CHARACTERS + fills.MESSAGE_CHARACTERS))
    kept = Fills()
    message = shapes.MessageOut.model_construct(text="", html="")
    for room in (1, 2, 2, 3):
        kept.keep("epoch", room, 0, Fill(0, 5, shapes.Messages([message]), limited=False, more=False))
    assert [bool(kept.find("epoch", room, 0, 5)) for room in (1, 2, 3)] == [False, True, True]


@pytest.mark.django_db(transaction=True)
def test_fills_without_messages_are_bounded_too(monkeypatch):
    monkeypatch.setattr(fills, "KEPT_CHARACTERS", 10 * fills.FILL_CHARACTERS)
    kept = Fills()
    for since in range(1000):
        kept.keep("epoch", 1, since, Fill(since, since, shapes.Messages([]), limited=False, more=False))
    assert len(kept._kept) == 10
    assert kept.find("epoch", 1, 999, 999)
    assert kept.find("epoch", 1, 989, 989) is None
