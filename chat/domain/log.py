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
NEWEST = 2**63 - 1


def page(room_id: int, before: int = NEWEST, limit: int = PAGE) -> tuple[list[shapes.MessageOut], bool]:
    """The `limit` messages before `seq` `before`, oldest first, and whether there are older ones."""
    newest_first = (_page if limit <= PAGE else _long_page)(room=room_id, before=before)
    found = newest_first[:limit][::-1]
    reactions = _reactions_by_seq(room=room_id, low=found[0].seq, high=found[-1].seq) if found else []
    return _out(found, reactions), len(newest_first) > limit


def changed_after(room_id: int, version: int) -> list[shapes.MessageOut]:
    """Messages whose last change is newer than `version`, in the order of the changes: at most FILL_LIMIT + 1."""
    found = _changed(room=room_id, after=version)
    upto = found[-1].version if found else version
    reactions = _reactions_by_version(room=room_id, low=version + 1, high=upto) if found else []
    return _out(found, reactions)


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
