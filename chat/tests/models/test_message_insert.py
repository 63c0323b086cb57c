"""Inserting a message with the next version of its room: the same on both databases."""

import uuid

import pytest
from django.db import connection, models
from django.db.models.signals import post_save, pre_save
from django.utils import timezone

from chat.models import Message, RoomHead, message_insert
from chat.models.message_insert import insert_with_next_version
from chat.models.room import RulesChanged

pytestmark = pytest.mark.django_db


def new(room, author) -> Message:
    """A message that is not stored yet."""
    return Message(
        room=room,
        author=author,
        sender_key=f"u:{author.pk}",
        client_id=uuid.uuid4(),
        text="Ahoy",
        html="<p>Ahoy</p>",
        created_at=timezone.now(),
    )


def rules(room) -> int:
    return RoomHead.objects.get(room=room).rules


def test_a_message_gets_the_next_version_and_is_stored_as_it_is(harbour, alice):
    first, second = new(harbour, alice), new(harbour, alice)
    for message in (first, second):
        insert_with_next_version(message, rules(harbour))
    assert [(message.seq, message.version) for message in (first, second)] == [(1, 1), (2, 2)]
    assert RoomHead.objects.get(room=harbour).version == 2
    names = [field.attname for field in Message._meta.concrete_fields]
    stored = Message.objects.get(pk=second.pk)
    assert {name: getattr(second, name) for name in names} == {name: getattr(stored, name) for name in names}


def test_the_head_has_the_latest_message_that_the_room_shows(harbour, alice):
    root = new(harbour, alice)
    insert_with_next_version(root, rules(harbour))
    reply = new(harbour, alice)
    reply.thread, reply.in_room = root, False
    insert_with_next_version(reply, rules(harbour))
    head = RoomHead.objects.get(room=harbour)
    assert (head.version, head.last_seq, head.active_at) == (2, 1, root.created_at)


def test_nothing_is_inserted_after_the_rules_changed(harbour, alice):
    with pytest.raises(RulesChanged):
        insert_with_next_version(new(harbour, alice), rules(harbour) + 1)
    assert RoomHead.objects.get(room=harbour).version == 0
    assert not Message.objects.exists()


def test_no_signal_is_sent(harbour, alice):
    sent = []

    def note(signal, **kwargs):
        sent.append(signal)

    for signal in (pre_save, post_save):
        signal.connect(note, sender=Message)
    try:
        insert_with_next_version(new(harbour, alice), rules(harbour))
        assert sent == []
        Message.objects.get().save()
        assert sent == [pre_save, post_save]
    finally:
        for signal in (pre_save, post_save):
            signal.disconnect(note, sender=Message)


@pytest.fixture
def add_column():
    """Add a field to the model and its table, for one test: a call with its name, the field, and the column in SQL."""
    added = []

    def add(name: str, field: models.Field, definition: str):
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE chat_message ADD COLUMN {name} {definition}")
        Message.add_to_class(name, field)
        forget_fields()
        added.append(field)

    yield add
    for field in added:
        Message._meta.local_fields.remove(field)
        delattr(Message, field.name)
    Message._meta._expire_cache()
    forget_fields()


def forget_fields() -> None:
    """Let the next insert read the model's fields again."""
    for cached in ("_fields", "_fields_with_database_default", "_statement", "_statement_with_head"):
        getattr(message_insert, cached).cache_clear()


def test_a_column_that_the_database_generates_is_read_after_the_insert(harbour, alice, add_column):
    kind = "STORED" if connection.vendor == "postgresql" else "VIRTUAL"
    field = models.GeneratedField(
        expression=models.functions.Length("text"), output_field=models.IntegerField(), db_persist=kind == "STORED"
    )
    add_column("letters", field, f"integer GENERATED ALWAYS AS (length(text)) {kind}")
    message = new(harbour, alice)
    insert_with_next_version(message, rules(harbour))
    assert message.letters == Message.objects.get().letters == 4


def test_a_column_with_a_default_of_the_database_is_read_after_the_insert(harbour, alice, add_column):
    add_column("stars", models.IntegerField(db_default=3), "integer DEFAULT 3 NOT NULL")
    message = new(harbour, alice)
    insert_with_next_version(message, rules(harbour))
    assert message.stars == Message.objects.get().stars == 3
    starred = new(harbour, alice)
    starred.stars = 5
    insert_with_next_version(starred, rules(harbour))
    assert Message.objects.get(pk=starred.pk).stars == 5
