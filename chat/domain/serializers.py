"""Serialization of rows: messages and rooms in the schemas of `chat.protocol.things`."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

from chat.models import Message, Room
from chat.protocol import things

from . import people, quotes, stored_times
from .emoji import canonical
from .previews import reading as previews
from .types import VisibleRoom

PRIVATE_COLUMNS = frozenset({"room_id", "sender_key", "renderer"})
"""Columns of `Message` that are not sent to clients. All other columns are read and sent."""
PUBLIC_COLUMNS = [field.attname for field in Message._meta.concrete_fields if field.attname not in PRIVATE_COLUMNS]
REACTION_PEOPLE = 50
"""People named with each emoji of a message, the first ones. `count` counts all."""


class ReactionRow(NamedTuple):
    """A reaction and the columns of its user's name (`people.name_columns`), as `message_log` reads them."""

    message_id: int
    emoji: str
    user_id: int
    user_handle: str
    user_display_name: str | None


def _author(message: Message) -> things.Person | None:
    if isinstance(message, Message):
        return people.as_person(message.author) if message.author_id else None
    return people.author_of_row(message)


def _guest(message: Message) -> things.Guest | None:
    if message.author_id:
        return None
    return people.as_guest(message.id, message.guest_id, message.guest_name)


_MESSAGE: dict[str, Callable[[Message], Any]] = {
    # Fields of things.Message that have the name of a column are its value.
    **{name: attrgetter(name) for name in things.Message.model_fields if name in PUBLIC_COLUMNS},
    "client_id": lambda message: str(message.client_id),
    "author": _author,
    "guest": _guest,
    "at": attrgetter("created_at"),
    "deleted": lambda message: message.deleted_at is not None,
    "reply_to": attrgetter("reply_to_id"),
    "quote": quotes.quote_of,
    "attachments": lambda message: message.attachments or [],
    "previews": previews.serialize,
    "thread": attrgetter("thread_id"),
}
"""The mapping from a message's columns to the fields of `things.Message`. Reactions are read separately."""


def serialize_message(message: Message, reactions: Iterable[ReactionRow]) -> things.Message:
    """A message with the reactions under it, the same for every viewer.

    `message` is an instance, or a row with the same attributes (see `message_log`).
    """
    shown = reactions if message.deleted_at is None else ()
    fields = {name: value(message) for name, value in _MESSAGE.items()}
    return things.Message(**fields, reactions=_serialize_reactions(shown))


def _serialize_reactions(rows: Iterable[ReactionRow]) -> list[things.Reaction]:
    by_emoji: dict[str, dict[int, ReactionRow]] = {}
    for row in rows:
        # Older rows may hold two forms of one emoji, also by the same person.
        by_emoji.setdefault(canonical(row.emoji), {}).setdefault(row.user_id, row)
    return [
        things.Reaction(
            emoji=emoji,
            count=len(found),
            people=[
                people.name_of(row.user_id, row.user_handle, row.user_display_name)
                for row in islice(found.values(), REACTION_PEOPLE)
            ],
        )
        for emoji, found in by_emoji.items()
    ]


def serialize_room(room: Room) -> things.Room:
    """A room, the same for every viewer."""
    return things.Room(**_room(_room_columns(room)))


def serialize_new_state(room: Room, **personal: Any) -> things.RoomState:
    """A room for a person who has just come into it. `personal`: what differs from `_NEW`."""
    return things.RoomState(**_room(_room_columns(room)), **_NEW | personal)


def serialize_room_state(room: VisibleRoom) -> things.RoomState:
    """A room (from `access` or `room_lists`, with counts) for one person."""
    return _state(_room_columns(room), _personal_columns(room))


_ROOM = {name: "archived_at" if name == "archived" else name for name in things.Room.model_fields}
_PERSONAL = {
    "version": "head_version",
    "active_at": "active_at",
    "role": "my_role",
    "named_to_post": "my_named_to_post",
    "read": "my_read",
    "unread_marks": "my_unread_marks",
    "unread": "unread",
    "mentions": "mentioned",
    "people": "people",
    "favourite": "my_favourite",
    "muted": "my_muted",
    "hidden": "hidden",
    "threads": "threads",
}
"""The fields of a `RoomState` and the columns that they are made of; `_ROOM` has those of all viewers."""
_NEW: dict[str, Any] = {
    "named_to_post": False,
    "unread_marks": 0,
    "unread": 0,
    "mentions": 0,
    "people": [],
    "favourite": None,
    "muted": False,
    "hidden": False,
    "threads": [],
}
_room_columns = attrgetter(*_ROOM.values())
_personal_columns = attrgetter(*_PERSONAL.values())


def _room(columns: tuple[Any, ...]) -> dict[str, Any]:
    fields = dict(zip(_ROOM, columns, strict=True))
    return fields | {"archived": fields["archived"] is not None}


@lru_cache(maxsize=4096)
def _state(room: tuple[Any, ...], personal: tuple[Any, ...]) -> things.RoomState:
    # Cached, because a page and then its socket read the same states within a second.
    fields = dict(zip(_PERSONAL, personal, strict=True))
    at, threads = fields["active_at"], fields["threads"] or ""
    fields |= {
        "active_at": stored_times.parse(at) if isinstance(at, str) else at,
        "named_to_post": bool(fields["named_to_post"]),
        "read": fields["read"] or 0,
        "unread_marks": fields["unread_marks"] or 0,
        "people": people.from_json(fields["people"]),
        "muted": bool(fields["muted"]),
        "hidden": bool(fields["hidden"]),
        "threads": [int(root) for root in threads.split(",") if root],
    }
    if not fields["role"]:
        # Only members have unread messages.
        fields |= {"unread": 0, "mentions": 0, "threads": []}
    return things.RoomState(**_room(room), **fields)
