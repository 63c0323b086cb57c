"""The index of search on PostgreSQL.

GIN returns all documents that fit, in no order. So a page is looked for in the newest documents first, and in more of
them only when these have too few: each document has tokens that name the parts of the index that it is in.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Max

from chat.models import Message
from chat.models.search import LEVELS, PARTS

from . import facts
from .expressions import AllOf, AnyOf, Expression, Phrase

try:
    from psycopg.errors import QueryCanceled
except ImportError:  # SQLite alone
    QueryCanceled = type("QueryCanceled", (Exception,), {})  # type: ignore[assignment, misc]

_FOR_ROWS = {"jit": "off", "plan_cache_mode": "force_custom_plan"}
"""`jit`: a plan that uses what is off counts as very expensive, and would be compiled for half a second.
`plan_cache_mode`: a statement that is used often gets a plan for all words, which knows neither how rare a word is nor
how short the part: it reads all keys of the part. At 1,000,000 messages that took 55 ms of CPU for a rare word instead
of 20, and 66 instead of 26 for a phrase. Planning takes 0.4 ms."""
_FOR_INDEX = {**_FOR_ROWS, **dict.fromkeys(("enable_hashjoin", "enable_mergejoin", "enable_seqscan"), "off")}
"""Each hit is joined by its key. The planner cannot know how few hits a query has, and would read all messages."""
MAX_LOOKED_UP = 5_000
"""Documents of the second last part that are looked up one by one. If there were more, the rooms are named for the last
part. At 1,000,000 messages, a reader of 50 of 200 rooms waits 0.2 s instead of 2 (the limit) until a word is not found
that hidden rooms are full of (187,500 hits); 7 ms for a word that no message has."""


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
    newest = Message.objects.aggregate(newest=Max("pk"))["newest"]
    if newest is None:
        return []
    below = min(below, (newest + 1) * PARTS)
    found: list[int] = []
    looked_up = 0
    for number, (tokens, first) in enumerate(_windows((below - 1) // PARTS)):
        floor = max(above, first * PARTS)
        if floor < below:
            if number:
                _set({"statement_timeout": _left(until)})
            part = AllOf((expression, tokens)) if tokens else expression
            if len(rooms) <= facts.FEW_ROOMS or (tokens is None and looked_up > MAX_LOOKED_UP):
                part = facts.within(part, rooms)
            looked_up, keys = _read(part, message, floor, below, limit - len(found))
            found += keys
            below = floor
        if len(found) >= limit or below <= above:
            break
    return found


def in_rooms(rooms: tuple[str, tuple[Any, ...]]) -> tuple[str, tuple[Any, ...]]:
    """The condition that a message is in one of these rooms: a query for their ids, which runs once."""
    return f'"chat_message"."room_id" = ANY(ARRAY({rooms[0]}))', rooms[1]


def _windows(newest: int) -> Iterator[tuple[Expression | None, int]]:
    """Parts of the index, each with all newer ones: tokens of which a document has one, and the first message."""
    for level in LEVELS:
        number = newest >> level
        tokens = [Phrase((facts.level(level, at << level),)) for at in (number, number - 1) if at >= 0]
        yield AnyOf(tuple(tokens)), max(0, (number - 1) << level)
    yield None, 0


def _read(
    expression: Expression, message: tuple[str, tuple[Any, ...]], above: int, below: int, limit: int
) -> tuple[int, list[int]]:
    """How many documents fit, with those that may not be found; and the keys of the newest ones that may."""
    sql, params = message
    with connection.cursor() as cursor:
        cursor.execute(
            # The range is outside, or it would be read from the primary key, to intersect it with the index of tokens.
            "WITH document AS MATERIALIZED (SELECT id FROM chat_searchdocument WHERE tokens @@ CAST(%s AS tsquery)), "
            "found AS (SELECT document.id FROM document WHERE document.id >= %s AND document.id < %s "
            f'AND EXISTS ({sql} AND "chat_message"."id" = document.id / {PARTS}) ORDER BY document.id DESC LIMIT %s) '
            "SELECT (SELECT count(*) FROM document) UNION ALL (SELECT id FROM found ORDER BY id DESC)",
            [written(expression), above, below, *params, limit],
        )
        (count,), *rows = cursor.fetchall()
        return count, [key for (key,) in rows]


def written(expression: Expression) -> str:
    """An expression as a `tsquery`."""
    if isinstance(expression, Phrase):
        return " <-> ".join(f"'{token}'" for token in expression.tokens) + (":*" if expression.is_prefix else "")
    if isinstance(expression, AllOf | AnyOf):
        word = " & " if isinstance(expression, AllOf) else " | "
        return f"({word.join(f'({written(part)})' for part in expression.parts)})"
    return f"(({written(expression.wanted)}) & !({written(expression.unwanted)}))"


@contextmanager
def time_limit(seconds: float, reads_index: bool = True) -> Iterator[float]:
    """End what is read within after this time: it raises TimeoutError. Returns when that is, for `read_page`.
    `reads_index`: whether that is what reads within."""
    former = connection.in_atomic_block
    until = time.monotonic() + seconds
    try:
        with transaction.atomic():
            values = {"statement_timeout": _left(until), **(_FOR_INDEX if reads_index else _FOR_ROWS)}
            before = _set(values, with_former=former)
            yield until
            if former:
                # A test, or a caller's transaction, goes on.
                _set(before)
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TimeoutError from error
        raise


def _left(until: float) -> str:
    left_ms = round(1000 * (until - time.monotonic()))
    if left_ms <= 0:
        # For PostgreSQL, 0 would be no limit.
        raise TimeoutError
    return f"{left_ms}ms"


def _set(values: dict[str, str], with_former: bool = False) -> dict[str, str]:
    """Set parameters until the end of the transaction. Returns their former values, if they are asked for."""
    former: dict[str, str] = {}
    with connection.cursor() as cursor:
        if with_former:
            cursor.execute(f"SELECT {', '.join(['current_setting(%s)'] * len(values))}", list(values))
            former = dict(zip(values, cursor.fetchone(), strict=True))
        calls = ", ".join(["set_config(%s, %s, true)"] * len(values))
        cursor.execute(f"SELECT {calls}", [part for pair in values.items() for part in pair])
    return former
