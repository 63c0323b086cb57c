"""Inserts a new message with the next version of its room."""

from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models.expressions import DatabaseDefault
from django.db.models.fields import Field

from . import search
from .message import Message
from .room import RoomHead, RulesChanged

_DOCUMENT = "INSERT INTO chat_searchdocument (id, tokens) VALUES (%s, %s)"


def insert_with_next_version(message: Message, rules: int, document: str | None = None) -> None:
    """Insert a new message as the room's next change. Sets its `pk`, and both `seq` and `version` to the room's next
    version. No signals are sent. Columns with a database default are read when they are first used.

    `document`: its tokens in the index of search, in the form of this database. None: it is not in the index.

    Raises IntegrityError when the sender has used the `client_id`, and RulesChanged when the room's rules are no
    longer those of version `rules`, which the caller checked.
    """
    omitted = _columns_left_to_the_database(message)
    values = [field.get_db_prep_save(field.pre_save(message, True), connection) for field in _fields(omitted)]
    if connection.vendor == "postgresql":
        # One statement: the head is locked for a shorter time, and no transaction is needed around it. Two statements
        # in a transaction take 0.15 ms of CPU more, 8 % of what a message to 1,000 watchers takes.
        found = [] if document is None else [document]
        statement = _statement_with_head(omitted, bool(found), message.in_room)
        shown = [message.created_at] if message.in_room else []
        row = _execute(statement, [*shown, message.room_id, rules, *values, *found])
        if row is None:
            raise RulesChanged
        message.pk, message.version = row
    else:
        with transaction.atomic():
            shown_at = message.created_at if message.in_room else None
            message.version = RoomHead.take_under_rules(message.room_id, rules, shown_at)
            (message.pk,) = _execute(_statement(omitted), [*values, message.version, message.version])
            if document is not None:
                with connection.cursor() as cursor:
                    cursor.execute(_DOCUMENT, [message.pk * search.PARTS, document])
    message.seq = message.version
    message._state.adding = False
    for name in omitted:
        # Django loads an attribute that is missing from the instance.
        delattr(message, name)


@cache
def _fields(omitted: tuple[str, ...]) -> tuple[Field, ...]:
    """The fields of a new message that have values: all but those that the database computes."""
    given = {"seq", "version", *omitted}
    return tuple(
        field
        for field in Message._meta.local_concrete_fields
        if not field.primary_key and not field.generated and field.attname not in given
    )


def _columns_left_to_the_database(message: Message) -> tuple[str, ...]:
    names = (field.attname for field in _fields_with_database_default())
    return tuple(name for name in names if isinstance(getattr(message, name), DatabaseDefault))


@cache
def _fields_with_database_default() -> tuple[Field, ...]:
    return tuple(field for field in _fields(()) if field.has_db_default())


def _execute(statement: str, values: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()


@cache
def _statement(omitted: tuple[str, ...]) -> str:
    columns = ", ".join(field.column for field in _fields(omitted))
    values = ", ".join("%s" for _field in _fields(omitted))
    return f"INSERT INTO chat_message ({columns}, seq, version) VALUES ({values}, %s, %s) RETURNING id"


@cache
def _statement_with_head(omitted: tuple[str, ...], with_document: bool, is_shown: bool) -> str:
    columns = ", ".join(field.column for field in _fields(omitted))
    # PostgreSQL assumes that a value without a type is text.
    values = ", ".join(f"CAST(%s AS {field.db_type(connection)})" for field in _fields(omitted))
    head = f"UPDATE chat_roomhead {RoomHead.change_for(is_shown)} WHERE room_id = %s AND rules = %s RETURNING version"
    insert = (
        f"INSERT INTO chat_message ({columns}, seq, version) "
        f"SELECT {values}, head.version, head.version FROM head RETURNING id, version"
    )
    if not with_document:
        return f"WITH head AS ({head}) {insert}"
    return (
        f"WITH head AS ({head}), message AS ({insert}) "
        f"INSERT INTO chat_searchdocument (id, tokens) SELECT message_id * {search.PARTS}, {search.TOKENS_WITH_LEVELS} "
        "FROM (SELECT id AS message_id, CAST(%s AS tsvector) AS tokens FROM message) AS document "
        f"RETURNING id / {search.PARTS}, (SELECT version FROM message)"
    )
