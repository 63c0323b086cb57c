"""`find`: the messages and files that a query finds, as the reader may see them."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Exists, OuterRef

from chat.domain.errors import Invalid, SearchTooSlow
from chat.domain.types import AnyPerson
from chat.models import Message, Room
from chat.models.search import PARTS

from . import expressions, facts, fragments, listed, postgresql, sqlite, turns
from .conditions import Conditions, bounds, conditions_of
from .expressions import Expression, Phrase, Without, all_of, any_of
from .query_types import Query

Order = Literal["newest", "best"]
TIME_LIMIT_S = 2.0
PAGE = 20
MAX_PAGE = 100
_LAST_KEY = 2**62


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that was found, with its author, its `room`, and the `fragments` that show why."""

    message: Message
    fragments: list[fragments.Fragment]

    @property
    def room(self) -> Room:
        """The room of the message."""
        return self.message.room


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits. `next`: the cursor of the next page, None if there is none."""

    hits: list[Hit]
    next: str | None


def find(
    query: Query,
    reader: AnyPerson | None,
    *,
    room: str | None = None,
    order: Order = "newest",
    after: str | None = None,
    message: int | None = None,
    limit: int = PAGE,
) -> Found:
    """A page of what `query` finds in the rooms that `reader` may see; None: an admin, in all rooms. `room`: a slug, to
    search only there. `after`: the cursor of a former page of the same query. `message`: the id of the only message to
    look at.

    `best` first: messages with the words in a row, then those with all words as they were typed, then those with other
    forms of them; each of these groups with the newest first. What somebody may not see takes no part in anything: it
    is the same as if it did not exist. Deleted messages are not found.

    At most 16 queries. Raises Invalid for a cursor that is none, SearchTooSlow after TIME_LIMIT_S, and SlowDown if a
    search of the same person is under way in this process.
    """
    group, key = _read_cursor(after)
    if query.is_empty:
        return Found([], None)
    with turns.take(reader):
        return _find(query, reader, room, order, group, key, message, max(1, min(limit, MAX_PAGE)))


def _find(
    query: Query,
    reader: AnyPerson | None,
    room: str | None,
    order: Order,
    group: int,
    key: int,
    message_id: int | None,
    limit: int,
) -> Found:
    conditions = conditions_of(query, reader, room)
    groups = _groups(query, conditions, order)
    low, high = bounds(conditions) if message_id is None else (message_id, message_id + 1)
    low, high = low * PARTS, _LAST_KEY if high is None else high * PARTS
    found: list[tuple[int, int]] = []
    parts: dict[int, set[int]] = {}
    engine: Any = postgresql if connection.vendor == "postgresql" else sqlite
    try:
        is_listed = not (query.groups or query.excluded) and listed.are_listed(conditions)
        with engine.time_limit(TIME_LIMIT_S, reads_index=not is_listed) as until:
            rooms = list(conditions.rooms.values_list("pk", flat=True)[: facts.MAX_ROOMS + 1])
            if not rooms:
                return Found([], None)
            if is_listed:
                ids = listed.read(conditions, low // PARTS, min(high, key) // PARTS, limit + 1)
                found, groups = [(0, pk) for pk in ids], []
            message = _sql_of(conditions, engine)
            for number, expression in enumerate(groups):
                if number < group:
                    continue
                below = min(high, key) if number == group else high
                known = {pk for _group, pk in found}
                for pk in _messages(engine, expression, rooms, message, low, below, limit + 1, until, parts):
                    if pk in known:
                        continue
                    found.append((number, pk))
                    if len(found) > limit:
                        break
                if len(found) > limit:
                    break
    except TimeoutError as error:
        raise SearchTooSlow from error
    except EmptyResultSet:
        return Found([], None)
    page = found[:limit]
    cursor = "{}.{}".format(*page[-1]) if len(found) > limit else None
    return Found(_load(query, reader, [pk for _group, pk in page], parts), cursor)


def _read_cursor(cursor: str | None) -> tuple[int, int]:
    """The group of expressions to go on with, and the key that all further documents of it are below."""
    if cursor is None:
        return 0, _LAST_KEY
    group, _, pk = cursor.partition(".")
    if not (group.isascii() and group.isdigit() and pk.isascii() and pk.isdigit() and len(cursor) <= 20):
        raise Invalid(field="after")
    return int(group), int(pk) * PARTS


def _groups(query: Query, conditions: Conditions, order: Order) -> list[Expression]:
    """The expressions whose hits come one after the other. No document is a hit of two."""
    exact, loose = [], []
    for terms in query.groups:
        exacts = [found for term in terms if (found := expressions.exact(term))]
        if exacts:
            exact.append(any_of(exacts))
            loose.append(any_of([found for term in terms if (found := expressions.loose(term))]))
    always = conditions.wanted or ([] if loose else [any_of([Phrase((facts.MESSAGE,)), Phrase((facts.FILE,))])])
    unwanted = [*conditions.unwanted, *(found for term in query.excluded if (found := expressions.exact(term)))]
    steps = [all_of([*loose, *always])]
    if order == "best" and loose:
        steps = [all_of([*exact, *always]), *steps] if exact != loose else steps
        row = None
        if all(len(terms) == 1 for terms in query.groups):
            row = expressions.in_a_row([terms[0] for terms in query.groups])
        if row is not None:
            steps = [all_of([row, *always]), *steps]
    return [
        Without(step, any_of([*unwanted, *steps[:number]])) if unwanted or number else step
        for number, step in enumerate(steps)
    ]


def _sql_of(conditions: Conditions, engine: Any) -> tuple[str, tuple[Any, ...]]:
    """The query for the messages that may be found: its rooms are those that the reader may see."""
    messages = Message.objects.not_deleted().filter(conditions.messages).order_by().values("pk")
    for table in conditions.tables:
        messages = messages.filter(Exists(table.filter(message=OuterRef("pk"))))
    sql, params = messages.query.sql_with_params()
    rooms, of_rooms = engine.in_rooms(conditions.rooms.values("pk").query.sql_with_params())
    return f"{sql} AND {rooms}", (*params, *of_rooms)


def _messages(
    engine: Any,
    expression: Expression,
    rooms: list[int],
    message: tuple[str, tuple[Any, ...]],
    above: int,
    below: int,
    limit: int,
    until: float,
    parts: dict[int, set[int]],
) -> Iterator[int]:
    """The ids of the messages whose documents fit, the newest first, each once. Adds their documents to `parts`."""
    while above < below:
        # A message and its files may all be hits.
        wanted = limit + PARTS
        keys = engine.read_page(expression, rooms, message, above, below, wanted, until)
        for key in keys:
            parts.setdefault(key // PARTS, set()).add(key % PARTS)
        yield from dict.fromkeys(key // PARTS for key in keys)
        if len(keys) < wanted:
            return
        below = keys[-1] // PARTS * PARTS
        if time.monotonic() > until:
            raise TimeoutError


def _load(query: Query, reader: AnyPerson | None, ids: list[int], parts: dict[int, set[int]]) -> list[Hit]:
    """The hits with these ids, in that order; `parts`: the documents that were found of each. Two queries."""
    if not ids:
        return []
    visible = Message.objects.all() if reader is None else Message.objects.visible_to(reader)
    rows = visible.not_deleted().filter(pk__in=ids).select_related("author__chat_profile", "room")
    by_id = {message.pk: message for message in rows}
    messages = [by_id[pk] for pk in ids if pk in by_id]
    return [Hit(message, shown) for message, shown in fragments.of_messages(query, messages, parts)]
