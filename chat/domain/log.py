"""A room's log as facts: pages of it, and what changed in it. Each query is compiled once.

These ask no one's permission: whoever calls them has fetched the room through `access`.
"""

from collections import defaultdict

from django.contrib.auth import get_user_model
from django.db.models import F

from chat.events import shapes
from chat.models import Message, Reaction
from chat.models.prepared import prepared

from . import quotes
from .facts import message_out

PAGE = 50
PAGE_LIMIT = 100
FILL_LIMIT = 500
"""A fill of more changes than this is refused: the client gets the latest page, and drops its copy."""
PAGE_BYTES = 512 * 1024
FILL_BYTES = 1024 * 1024
"""Text and HTML of a page and of a fill, in UTF-8: with more, they end earlier. One message is always in them."""
MESSAGE_BYTES = 500
"""What a message counts for besides these."""
NEWEST = 2**63 - 1


def page(room_id: int, before: int = NEWEST, limit: int = PAGE) -> tuple[list[shapes.MessageOut], bool]:
    """The `limit` messages before `seq` `before`, or fewer of PAGE_BYTES, oldest first, and whether there are older
    ones."""
    newest_first = (_page if limit <= PAGE else _long_page)(room=room_id, before=before)
    found = _within(PAGE_BYTES, newest_first[:limit])[::-1]
    reactions = _reactions_by_seq(room=room_id, low=found[0].seq, high=found[-1].seq) if found else []
    return _out(found, reactions), len(newest_first) > len(found)


def changed_after(room_id: int, version: int) -> tuple[list[shapes.MessageOut], bool]:
    """Messages whose last change is newer than `version`, in the order of the changes, and whether these are all: at
    most FILL_LIMIT, of FILL_BYTES."""
    rows = _changed(room=room_id, after=version)
    found = _within(FILL_BYTES, rows[:FILL_LIMIT])
    upto = found[-1].version if found else version
    reactions = _reactions_by_version(room=room_id, low=version + 1, high=upto) if found else []
    return _out(found, reactions), len(found) == len(rows)


def _within(limit: int, rows: list) -> list:
    """The first ones of `rows` that have `limit` bytes together, and at least one."""
    size = 0
    for number, row in enumerate(rows):
        size += MESSAGE_BYTES + _bytes(row.text) + _bytes(row.html)
        if size > limit and number:
            return rows[:number]
    return rows


def _bytes(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())


def _out(messages: list, reactions: list[Reaction]) -> list[shapes.MessageOut]:
    under = defaultdict(list)
    for reaction in reactions:
        under[reaction.message_id].append(reaction)
    return [message_out(message, under.get(message.id, ())) for message in messages]


def _messages():
    """Rows that are named like a message's attributes: making instances of them takes longer than reading them."""
    quoted = quotes.columns()
    rows = Message.objects.annotate(author_name=F(f"author__{get_user_model().USERNAME_FIELD}"), **quoted)
    columns = (
        "id seq version client_id author_id guest_name guest_id text html mentions "
        "created_at edited_at deleted_at reply_to_id"
    )
    return rows.values_list(*columns.split(), "author_name", *quoted, named=True)


@prepared
def _page(*, room: int, before: int):
    return _messages().filter(room_id=room, seq__lt=before).order_by("-seq")[: PAGE + 1]


@prepared
def _long_page(*, room: int, before: int):
    return _messages().filter(room_id=room, seq__lt=before).order_by("-seq")[: PAGE_LIMIT + 1]


@prepared
def _changed(*, room: int, after: int):
    return _messages().filter(room_id=room, version__gt=after).order_by("version")[: FILL_LIMIT + 1]


def _reactions():
    return Reaction.objects.select_related("user").only(
        "message_id", "emoji", f"user__{get_user_model().USERNAME_FIELD}"
    )


@prepared
def _reactions_by_seq(*, room: int, low: int, high: int):
    return _reactions().filter(message__room_id=room, message__seq__gte=low, message__seq__lte=high)


@prepared
def _reactions_by_version(*, room: int, low: int, high: int):
    return _reactions().filter(message__room_id=room, message__version__gte=low, message__version__lte=high)
