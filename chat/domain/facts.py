"""Rows as facts: messages and rooms in the shapes of events."""

from functools import lru_cache

from chat.events import shapes
from chat.models import Message, Room

from . import people, quotes
from .emoji import canonical


def stored_out(message: Message) -> shapes.MessageOut:
    """A message that a verb returned, as everyone sees it: the verb has made that already, unless nothing changed."""
    return getattr(message, "shape", None) or message_out(message)


def message_out(message: Message, reactions=None) -> shapes.MessageOut:
    """A message, or a row named like one, as everyone sees it; `reactions`: those under it, if they are at hand."""
    by_emoji: dict[str, dict[int, shapes.Person]] = {}
    if message.deleted_at is None:
        for reaction in message.reactions.all() if reactions is None else reactions:
            # Older rows may hold one emoji in two forms, of the same person as well.
            who = by_emoji.setdefault(canonical(reaction.emoji), {})
            who.setdefault(reaction.user_id, people.as_author(reaction.user))
    return shapes.MessageOut(
        id=message.id,
        seq=message.seq,
        version=message.version,
        client_id=str(message.client_id),
        author=shapes.Person(id=message.author_id, name=message.author_name) if message.author_id else None,
        guest=None if message.author_id else people.as_guest(message.id, message.guest_id, message.guest_name),
        text=message.text,
        html=message.html,
        at=message.created_at,
        edited_at=message.edited_at,
        deleted=message.deleted_at is not None,
        reply_to=message.reply_to_id,
        quote=quotes.of(message) if isinstance(message, Message) else quotes.of_row(message),
        mentions=message.mentions,
        reactions=[shapes.ReactionOut(emoji=emoji, people=list(who.values())) for emoji, who in by_emoji.items()],
    )


def room_out(room: Room) -> shapes.RoomOut:
    """A room as everyone sees it."""
    return shapes.RoomOut(**dict(zip(_ROOM, _facts(room), strict=True)))


def state_out(room: Room, *, role=None, read=0, version=0, unread=0, mentions=0) -> shapes.RoomState:
    """A room as one person has it."""
    return _state(*_facts(room), version, role, read, unread, mentions)


_ROOM = tuple(shapes.RoomOut.model_fields)
_STATE = (*_ROOM, "version", "role", "read", "unread", "mentions")


@lru_cache(maxsize=4096)
def _state(*values) -> shapes.RoomState:
    # A page and the socket that it opens ask for the same within a second, twenty at a time.
    return shapes.RoomState(**dict(zip(_STATE, values, strict=True)))


def _facts(room: Room) -> tuple:
    return (
        room.slug,
        room.name,
        room.topic,
        room.kind,
        room.guests,
        room.archived_at is not None,
        room.slow_mode_s,
        room.changed_version,
    )
