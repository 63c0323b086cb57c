"""Prepared queries return what the query set returns."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from chat.models import Message, Room
from chat.models.prepared import prepared
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


@prepared
def rooms_by(*, user: int, slug: str):
    return Room.objects.visible_to_user(user).filter(slug=slug)


@prepared
def messages_after(*, room: int, seq: int):
    return Message.objects.filter(room_id=room, seq__gt=seq).select_related("author", "room").order_by("seq")[:3]


@prepared
def texts(*, author: int):
    return Message.objects.filter(author_id=author).order_by("seq").values_list("text", "seq")


def test_instances_equal_those_of_the_query_set(harbour, garden, alice, charlie):
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


def test_select_related_and_slices_work(harbour, alice, bob):
    for number in range(5):
        post_message(harbour, bob if number % 2 else alice, str(number))
    with CaptureQueriesContext(connection) as captured:
        found = messages_after(room=harbour.pk, seq=1)
        assert [(m.text, m.author.handle, m.room.slug) for m in found] == [
            ("1", "bob", "harbour"),
            ("2", "alice", "harbour"),
            ("3", "bob", "harbour"),
        ]
    assert len(captured) == 1


def test_a_missing_related_row_is_none(garden, gina):
    post_message(garden, gina)
    (found,) = messages_after(room=garden.pk, seq=0)
    assert (found.author, found.author_id) == (None, None)


def test_a_values_list_returns_tuples(harbour, alice, bob):
    post_message(harbour, alice, "Ahoy")
    post_message(harbour, bob, "Aye")
    assert texts(author=alice.pk) == [("Ahoy", 1)]


@pytest.mark.parametrize("slug", ["", "'", "%s", "harbour' OR '1'='1", "\x02slug\x03", "2147400000"])
def test_values_are_never_taken_for_sql(harbour, alice, slug):
    assert rooms_by(user=alice.pk, slug=slug) == []


def test_the_query_is_compiled_once_for_all_threads(harbour, alice):
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


def test_a_parameter_that_does_not_reach_the_query_raises_value_error(db):
    @prepared
    def lost(*, slug: str, room: int):
        return Room.objects.filter(slug=slug)

    with pytest.raises(ValueError, match="room"):
        lost(slug="harbour", room=1)


def test_columns_that_keep_their_name_have_no_alias_in_the_sql(harbour, alice):
    post_message(harbour, alice, "Ahoy")
    assert texts(author=alice.pk) == [("Ahoy", 1)]
    assert " AS " not in texts._plans[connection.vendor].sql
