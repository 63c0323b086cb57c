"""The columns of messages: the serializer sends each one, and verbs write only those that they change."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.domain import message_log, messages, serializers
from chat.domain.serializers import PRIVATE_COLUMNS, PUBLIC_COLUMNS
from chat.models import Message
from chat.protocol import things
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


class Spy:
    """A message that records which attributes are read."""

    def __init__(self, message):
        self._message = message
        self.read = set()

    def __getattr__(self, name):
        self.read.add(name)
        return getattr(self._message, name)


def columns() -> set[str]:
    return {field.attname for field in Message._meta.concrete_fields}


@pytest.mark.parametrize("sender", ["alice", "gina"])
def test_every_column_of_a_message_is_sent_or_listed_as_private(garden, alice, gina, sender):
    message = post_message(garden, {"alice": alice, "gina": gina}[sender])
    row = Spy(message_log._messages().get(id=message.pk))
    serializers.serialize_message(row, ())
    # A guest's columns are not read for a user.
    unread = columns() - row.read - PRIVATE_COLUMNS - ({"guest_name", "guest_id"} if sender == "alice" else set())
    assert not unread, (
        f"serialize_message does not send {unread}: add them to Message in chat/protocol/things/messages.py, map them"
        " in chat/domain/serializers.py, or list them in PRIVATE_COLUMNS there"
    )
    assert not columns() & PRIVATE_COLUMNS & row.read


def test_every_private_column_exists():
    assert columns() >= PRIVATE_COLUMNS
    assert set(PUBLIC_COLUMNS) == columns() - PRIVATE_COLUMNS


def test_every_field_of_the_schema_is_set_by_the_serializer(harbour, alice):
    # A field with a default would be sent with it, whatever the database holds.
    message = messages.serialized(post_message(harbour, alice))
    missing = things.Message.model_fields.keys() - message.model_fields_set
    assert not missing, (
        f"serialize_message does not set {missing}: add a column to chat/models/message.py, or map them in "
        "chat/domain/serializers.py"
    )


def written_by(work, **arguments) -> set[str]:
    """The columns of `chat_message` that `work` writes."""
    with CaptureQueriesContext(connection) as captured:
        work(**arguments)
    (update,) = (query["sql"] for query in captured if query["sql"].startswith('UPDATE "chat_message" SET '))
    return set(re.findall(r'"(\w+)" = ', update.partition(" WHERE ")[0]))


def test_a_verb_writes_only_the_columns_that_it_changed(harbour, alice, bob):
    message = post_message(harbour, alice).pk
    assert written_by(messages.react, message=message, by=bob, emoji="👋", on=True) == {"version"}
    assert written_by(messages.react, message=message, by=bob, emoji="👋", on=False) == {"version"}
    assert written_by(messages.edit, message=message, by=alice, body="Aye") == {
        *("version", "text", "html", "renderer", "mentions", "edited_at"),
    }
    assert written_by(messages.delete, message=message, by=alice) == {
        "version",
        "text",
        "html",
        "mentions",
        "attachments",
        "deleted_at",
    }


def test_a_changed_message_has_the_values_that_are_stored(harbour, alice, bob):
    posted = post_message(harbour, alice)
    for changed in (
        lambda: messages.react(message=posted.pk, by=bob, emoji="👋", on=True),
        lambda: messages.edit(message=posted.pk, by=alice, body="Ahoy @bob"),
        lambda: messages.delete(message=posted.pk, by=alice),
    ):
        changed, stored = changed(), Message.objects.get(pk=posted.pk)
        assert {name: getattr(changed, name) for name in columns()} == {
            name: getattr(stored, name) for name in columns()
        }
