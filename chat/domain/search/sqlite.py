"""The index of search on SQLite: FTS5 reads the newest documents first, and stops when a page is full."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection

from chat.models.search import FTS_TABLE, PARTS

from . import facts
from .expressions import AllOf, AnyOf, Expression, Phrase

MAX_LOOKED_UP = 2_000
"""Documents. Behind them the rooms are named. At 1,000,000 messages, a reader of 50 of 200 rooms waits 48 ms instead of
250 until a word is not found that hidden rooms are full of (187,500 hits); 4 ms for a word that no message has."""
_STEPS = 5_000
"""Instructions of SQLite between two looks at the clock: less than a millisecond."""


def read_page(
    expression: Expression,
    rooms: list[int],
    message: tuple[str, tuple[Any, ...]],
    above: int,
    below: int,
    limit: int,
    until: float,
) -> list[int]:
    """The keys of the newest documents that fit, from key `above` to before `below`. `rooms`: those that are searched,
    MAX_ROOMS + 1 of them if they are more. `message`: the SQL of a query for the ids of the messages that may be found,
    with a WHERE at its end."""
    floor, found = above, []
    if len(rooms) <= facts.FEW_ROOMS:
        expression = facts.within(expression, rooms)
    else:
        floor = _read_floor(expression, above, below)
        found = _read(expression, message, floor, below, limit)
        below, expression = floor, facts.within(expression, rooms)
    if len(found) < limit and above < below:
        found += _read(expression, message, above, below, limit - len(found))
    return found


def _read_floor(expression: Expression, above: int, below: int) -> int:
    """The key of the last document that is looked up one by one, from the newest one on; `above` if there are fewer."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT rowid FROM {FTS_TABLE} document WHERE document.tokens MATCH %s "
            "AND document.rowid >= %s AND document.rowid < %s ORDER BY document.rowid DESC LIMIT 1 OFFSET %s",
            [written(expression), above, below, MAX_LOOKED_UP - 1],
        )
        row = cursor.fetchone()
    return row[0] if row else above


def _read(
    expression: Expression, message: tuple[str, tuple[Any, ...]], above: int, below: int, limit: int
) -> list[int]:
    sql, params = message
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT document.rowid FROM {FTS_TABLE} document WHERE document.tokens MATCH %s "
            "AND document.rowid >= %s AND document.rowid < %s "
            f'AND EXISTS ({sql} AND "chat_message"."id" = document.rowid / {PARTS}) '
            "ORDER BY document.rowid DESC LIMIT %s",
            [written(expression), above, below, *params, limit],
        )
        return [key for (key,) in cursor.fetchall()]


def in_rooms(rooms: tuple[str, tuple[Any, ...]]) -> tuple[str, tuple[Any, ...]]:
    """The condition that a message is in one of these rooms: a query for their ids."""
    return f'"chat_message"."room_id" IN ({rooms[0]})', rooms[1]


def written(expression: Expression) -> str:
    """An expression in the language of FTS5."""
    if isinstance(expression, Phrase):
        return f'"{" ".join(expression.tokens)}"{" *" if expression.is_prefix else ""}'
    if isinstance(expression, AllOf | AnyOf):
        word = " AND " if isinstance(expression, AllOf) else " OR "
        return f"({word.join(map(written, expression.parts))})"
    return f"({written(expression.wanted)} NOT {written(expression.unwanted)})"


@contextmanager
def time_limit(seconds: float, reads_index: bool = True) -> Iterator[float]:
    """End what is read within after this time: it raises TimeoutError. Returns when that is, for `read_page`.
    `reads_index` changes nothing here."""
    connection.ensure_connection()
    until = time.monotonic() + seconds
    connection.connection.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        yield until
    except OperationalError as error:
        if getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise TimeoutError from error
        raise
    finally:
        connection.connection.set_progress_handler(None, 0)
