"""Serialization of rows: messages and rooms in the schemas of `chat.protocol.things`."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import Any, NamedTuple

from chat.models import Message, Room
from chat.protocol import things

from . import people, quotes
from .emoji import canonical
from .previews import reading as previews

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
    return things.Room(**dict(zip(_ROOM, _room_values(room), strict=True)))


def serialize_room_state(room: Room, **personal: Any) -> things.RoomState:
    """A room for one person. `personal`: the values in which the state differs from `NOT_JOINED`."""
    return _state(*_room_values(room), *(NOT_JOINED | personal).values())


NOT_JOINED: dict[str, Any] = {
    "version": 0,
    "active_at": None,
    "role": None,
    "named_to_post": False,
    "read": 0,
    "unread_marks": 0,
    "unread": 0,
    "mentions": 0,
    "people": None,
    "favourite": None,
    "muted": False,
    "hidden": False,
    "threads": None,
}
"""What a `RoomState` has beside the fields of the room. `people` is the JSON of `annotations.people_of_room`, `threads`
the text of `annotations.unread_threads`."""
_ROOM = tuple(things.Room.model_fields)
_STATE = (*_ROOM, *NOT_JOINED)


@lru_cache(maxsize=4096)
def _state(*values: Any) -> things.RoomState:
    # Cached, because a page and then its socket read the same states within a second.
    fields = dict(zip(_STATE, values, strict=True))
    threads = [int(root) for root in (fields["threads"] or "").split(",") if root]
    return things.RoomState(**fields | {"people": people.from_json(fields["people"]), "threads": threads})


def _room_values(room: Room) -> tuple[Any, ...]:
    return (
        room.slug,
        room.name,
        room.topic,
        room.kind,
        room.guests,
        room.archived_at is not None,
        room.slow_mode_s,
        room.who_posts,
        room.who_invites,
        room.who_pins,
        room.who_mentions_all,
        room.changed_version,
    )
