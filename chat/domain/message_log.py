"""Reads a room's log: pages of messages, and the messages that changed after a version. Each query is compiled once.

Pages leave out the replies that only their thread shows: `thread_log` has those. Changes are of all messages.

There is no permission check here: callers have fetched the room through `access`.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Subquery
from django.db.models.functions import Coalesce

from chat.models import Message, Reaction
from chat.models.prepared import prepared
from chat.protocol import commands, things

from . import people, quotes
from .serializers import PUBLIC_COLUMNS, ReactionRow, serialize_message
from .types import Rows

PAGE = commands.HISTORY_PAGE
PAGE_LIMIT = commands.HISTORY_LARGEST_PAGE
DELTA_LIMIT = 500
"""Messages in one delta. A client that missed more gets the latest page instead, and drops its copy of the room."""
PAGE_BYTES = 512 * 1024
DELTA_BYTES = 1024 * 1024
"""Limits of a page and of a delta, in bytes of text, HTML and files in UTF-8. At least one message is returned."""
MESSAGE_BYTES = 500
"""What each message adds to its text and HTML."""
ATTACHMENT_BYTES = 300
"""What each file of a message adds, beside its name and its description."""
CHUNK = 101
"""Rows that one query for a delta reads: the limit of bytes is checked after each. Five chunks exceed DELTA_LIMIT."""
NEWEST = 2**63 - 1


class Page(NamedTuple):
    """Messages that follow each other in a room's log, oldest first, and whether there are older and newer ones; None:
    not known."""

    messages: list[things.Message]
    more_before: bool | None
    more_after: bool | None


def page_before(room_id: int, before: int = NEWEST, limit: int = PAGE) -> Page:
    """The `limit` messages before `seq` `before`, or fewer if they exceed PAGE_BYTES."""
    newest_first = (_before if limit <= PAGE else _long_before)(room=room_id, before=before)
    found = _within(PAGE_BYTES, newest_first[:limit])[::-1]
    return Page(_with_reactions(room_id, found), len(newest_first) > len(found), None)


def page_after(room_id: int, after: int, limit: int = PAGE) -> Page:
    """The `limit` messages after `seq` `after`, or fewer if they exceed PAGE_BYTES."""
    oldest_first = (_after if limit <= PAGE else _long_after)(room=room_id, after=after)
    found = _within(PAGE_BYTES, oldest_first[:limit])
    return Page(_with_reactions(room_id, found), None, len(oldest_first) > len(found))


def page_around(room_id: int, seq: int, limit: int = PAGE) -> Page:
    """The `limit` messages nearest to `seq`: half of them older. Fewer at the ends of the log, or if a half exceeds the
    half of PAGE_BYTES."""
    rows = (_around if limit <= PAGE else _long_around)(room=room_id, seq=seq)
    older = [row for row in reversed(rows) if row.seq < seq]
    newer = [row for row in rows if row.seq >= seq]
    before = _within(PAGE_BYTES // 2, older[: limit // 2])[::-1]
    after = _within(PAGE_BYTES // 2, newer[: limit - limit // 2])
    found = _with_reactions(room_id, before + after)
    return Page(found, len(older) > len(before), len(newer) > len(after))


def thread_page(root: int, before: int, limit: int) -> Page:
    """The `limit` replies in a thread before `seq` `before`, or fewer if they exceed PAGE_BYTES."""
    newest_first = _in_thread(root=root, before=before)
    found = _within(PAGE_BYTES, newest_first[:limit])[::-1]
    return Page(_with_own_reactions(found), len(newest_first) > len(found), None)


def messages_of(ids: list[int]) -> list[things.Message]:
    """The messages with these ids, in no order. Two queries."""
    return _with_own_reactions(list(_messages().filter(pk__in=ids)))


def place_of(room_id: int, message_id: int) -> tuple[int, int | None] | None:
    """The place where a room shows a message, a `seq`, and None; of a reply that only its thread shows, the place of
    the thread's root, and the id of the root. None if the room has no message with this id."""
    columns = ("seq", "in_room", "thread_id", "thread__seq")
    found = Message.objects.filter(room=room_id, pk=message_id).values_list(*columns).first()
    if found is None:
        return None
    seq, in_room, thread, root_seq = found
    return (seq, None) if in_room else (root_seq, thread)


def changed_after(room_id: int, version: int) -> tuple[list[things.Message], bool]:
    """Messages whose last change is newer than `version`, in the order of the changes, and whether these are all. At
    most DELTA_LIMIT messages of DELTA_BYTES. Call it in a snapshot: it may need several queries."""
    rows: list[Any] = []
    while True:
        chunk = _changed(room=room_id, after=rows[-1].version if rows else version)
        rows += chunk
        found = _within(DELTA_BYTES, rows[:DELTA_LIMIT])
        if len(chunk) < CHUNK or len(found) < len(rows):
            break
    reactions = _reactions_by_version(room=room_id, low=version + 1, high=found[-1].version) if found else []
    return _serialize(found, reactions), len(found) == len(rows)


def pinned(room_id: int) -> list[things.Message]:
    """The pinned messages of a room, in the order of the log. Two queries."""
    rows = list(_messages().filter(room_id=room_id, pinned__isnull=False).order_by("seq"))
    reactions = _reactions().filter(message__in=[row.id for row in rows]) if rows else []
    return _serialize(rows, reactions)


def reactions_to(message_id: int) -> list[ReactionRow]:
    """The reactions to one message, in the order they were added."""
    return _reactions_to(message=message_id)


def _within(limit: int, rows: list[Any]) -> list[Any]:
    """The first ones of `rows` that have `limit` bytes together, and at least one."""
    size = 0
    for number, row in enumerate(rows):
        size += MESSAGE_BYTES + _bytes(row.text) + _bytes(row.html)
        size += sum(ATTACHMENT_BYTES + _bytes(file["name"]) + _bytes(file["alt"]) for file in row.attachments or ())
        if size > limit and number:
            return rows[:number]
    return rows


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _with_reactions(room_id: int, rows: list[Any]) -> list[things.Message]:
    reactions = _reactions_by_seq(room=room_id, low=rows[0].seq, high=rows[-1].seq) if rows else []
    return _serialize(rows, reactions)


def _with_own_reactions(rows: list[Any]) -> list[things.Message]:
    """For messages that do not follow each other in the log."""
    return _serialize(rows, _reactions().filter(message__in=[row.id for row in rows]) if rows else [])


def _serialize(messages: list[Any], reactions: Iterable[ReactionRow]) -> list[things.Message]:
    by_message = defaultdict(list)
    for reaction in reactions:
        by_message[reaction.message_id].append(reaction)
    return [serialize_message(message, by_message[message.id]) for message in messages]


def _messages() -> Rows:
    """Rows with the attributes of a message: making instances takes longer than reading the rows."""
    joined = people.columns("author", "author_") | quotes.columns()
    return Message.objects.annotate(**joined).values_list(*PUBLIC_COLUMNS, *joined, named=True)


def _shown() -> Rows:
    """The messages of pages: without replies that only their thread shows."""
    return _messages().filter(in_room=True)


@prepared
def _before(*, room: int, before: int) -> Rows:
    return _shown().filter(room_id=room, seq__lt=before).order_by("-seq")[: PAGE + 1]


@prepared
def _long_before(*, room: int, before: int) -> Rows:
    return _shown().filter(room_id=room, seq__lt=before).order_by("-seq")[: PAGE_LIMIT + 1]


@prepared
def _after(*, room: int, after: int) -> Rows:
    return _shown().filter(room_id=room, seq__gt=after).order_by("seq")[: PAGE + 1]


@prepared
def _long_after(*, room: int, after: int) -> Rows:
    return _shown().filter(room_id=room, seq__gt=after).order_by("seq")[: PAGE_LIMIT + 1]


@prepared
def _around(*, room: int, seq: int) -> Rows:
    return _nearest(room, seq, PAGE // 2)


@prepared
def _long_around(*, room: int, seq: int) -> Rows:
    return _nearest(room, seq, PAGE_LIMIT // 2)


def _nearest(room: int, seq: int, half: int) -> Rows:
    """`half` messages before `seq` and one more, then the later ones, in one query and by the index of (room, seq)."""
    older = (
        Message.objects.shown_in_room()
        .filter(room_id=room, seq__lt=seq)
        .order_by("-seq")
        .values("seq")[half : half + 1]
    )
    from_seq = Coalesce(Subquery(older), 0)
    # With an odd limit, the second half has one more.
    return _shown().filter(room_id=room, seq__gte=from_seq).order_by("seq")[: 2 * half + 3]


@prepared
def _in_thread(*, root: int, before: int) -> Rows:
    return _messages().filter(thread_id=root, seq__lt=before).order_by("-seq")[: PAGE_LIMIT + 1]


@prepared
def _changed(*, room: int, after: int) -> Rows:
    return _messages().filter(room_id=room, version__gt=after).order_by("version")[:CHUNK]


def _reactions() -> Rows:
    """Rows of ReactionRow's fields."""
    named = Reaction.objects.annotate(**people.name_columns("user", "user_")).order_by("pk")
    return named.values_list(*ReactionRow._fields, named=True)


@prepared
def _reactions_to(*, message: int) -> Rows:
    return _reactions().filter(message_id=message)


@prepared
def _reactions_by_seq(*, room: int, low: int, high: int) -> Rows:
    shown = _reactions().filter(message__room_id=room, message__in_room=True)
    return shown.filter(message__seq__gte=low, message__seq__lte=high)


@prepared
def _reactions_by_version(*, room: int, low: int, high: int) -> Rows:
    return _reactions().filter(message__room_id=room, message__version__gte=low, message__version__lte=high)
