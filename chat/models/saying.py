"""Stores a new message and gives it its number."""

from functools import cache

from django.db import connection, transaction

from .message import Message
from .room import RoomHead, RulesChanged


def say(message: Message, rules: int) -> None:
    """Insert a new message as the room's next change. Sets its `pk`, and both `seq` and `version` to the room's next
    version.

    On PostgreSQL this is one statement, so that the head is locked only that long, and no transaction is needed
    around it. Raises IntegrityError when the sender has used the `client_id`, and
    RulesChanged when the room's rules are no longer those of version `rules`, by which the sender was let through.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_statement(), [message.room_id, rules, *_values(message)])
            row = cursor.fetchone()
            if row is None:
                raise RulesChanged
            message.pk, message.seq, message.version = row
        message._state.adding = False
    else:
        with transaction.atomic():
            message.seq = message.version = RoomHead.take_under_rules(message.room_id, rules)
            message.save(force_insert=True)


def _fields():
    return [field for field in Message._meta.local_concrete_fields if field.name not in {"id", "seq", "version"}]


def _values(message: Message) -> list:
    return [field.get_db_prep_save(field.pre_save(message, True), connection) for field in _fields()]


@cache
def _statement() -> str:
    columns = ", ".join(field.column for field in _fields())
    # A value without a type would be taken for text.
    values = ", ".join(f"CAST(%s AS {field.db_type(connection)})" for field in _fields())
    return (
        "WITH head AS (UPDATE chat_roomhead SET version = version + 1 WHERE room_id = %s AND rules = %s "
        "RETURNING version) "
        f"INSERT INTO chat_message ({columns}, seq, version) "
        f"SELECT {values}, head.version, head.version FROM head RETURNING id, seq, version"
    )
