"""Queries that are compiled once give what the query set gives."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from chat.models import Message, Room
from chat.models.prepared import prepared
from chat.tests.talk import say

pytestmark = pytest.mark.django_db


@prepared
def rooms_by(*, user: int, slug: str):
    return Room.objects.visible_to_user(user).filter(slug=slug)


@prepared
def said_after(*, room: int, seq: int):
    return Message.objects.filter(room_id=room, seq__gt=seq).select_related("author", "room").order_by("seq")[:3]


@prepared
def texts(*, author: int):
    return Message.objects.filter(author_id=author).order_by("seq").values_list("text", "seq")


def test_it_gives_instances_as_the_query_set_does(harbour, garden, alice, charlie):
    (found,) = rooms_by(user=alice.pk, slug="harbour")
    expected = Room.objects.get(slug="harbour")
    assert found == expected
    assert {field.attname: getattr(found, field.attname) for field in Room._meta.concrete_fields} == {
        field.attname: getattr(expected, field.attname) for field in Room._meta.concrete_fields
    }
    assert found._state.db == "default"
    assert not found._state.adding
    assert rooms_by(user=charlie.pk, slug="harbour") == []
    assert rooms_by.first(user=charlie.pk, slug="harbour") is None
    assert rooms_by.first(user=charlie.pk, slug="garden") == garden


def test_it_brings_related_rows_and_slices(harbour, alice, bob):
    for number in range(5):
        say(harbour, bob if number % 2 else alice, str(number))
    with CaptureQueriesContext(connection) as captured:
        found = said_after(room=harbour.pk, seq=1)
        assert [(m.text, m.author.username, m.room.slug) for m in found] == [
            ("1", "bob", "harbour"),
            ("2", "alice", "harbour"),
            ("3", "bob", "harbour"),
        ]
    assert len(captured) == 1


def test_a_related_row_that_is_not_there_is_none(garden, gina):
    say(garden, gina)
    (found,) = said_after(room=garden.pk, seq=0)
    assert (found.author, found.author_id) == (None, None)


def test_it_gives_tuples_of_a_values_list(harbour, alice, bob):
    say(harbour, alice, "Ahoy")
    say(harbour, bob, "Aye")
    assert texts(author=alice.pk) == [("Ahoy", 1)]


@pytest.mark.parametrize("slug", ["", "'", "%s", "harbour' OR '1'='1", "\x02slug\x03", "2147400000"])
def test_values_are_values_and_nothing_else(harbour, alice, slug):
    assert rooms_by(user=alice.pk, slug=slug) == []


def test_the_query_is_built_once_for_all_threads(harbour, alice):
    built, found = [], []

    @prepared
    def by_slug(*, slug: str):
        built.append(slug)
        return Room.objects.filter(slug=slug)

    def ask():
        found.append(by_slug(slug="nowhere"))
        connections.close_all()

    for slug in ("harbour", "garden", "harbour"):
        assert len(by_slug(slug=slug)) == (slug == "harbour")
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[]] * 4
    assert len(built) == 1


def test_a_parameter_that_does_not_reach_the_query_is_a_mistake(db):
    @prepared
    def lost(*, slug: str, room: int):
        return Room.objects.filter(slug=slug)

    with pytest.raises(ValueError, match="room"):
        lost(slug="harbour", room=1)
