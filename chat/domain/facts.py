"""Rows as facts: messages and rooms in the shapes of events."""

from chat.events import shapes
from chat.models import Message, Room

from . import people


def stored_out(message: Message) -> shapes.MessageOut:
    """A message that a verb returned, as everyone sees it: the verb has made that already, unless nothing changed."""
    return getattr(message, "shape", None) or message_out(message)


def message_out(message: Message, reactions=None) -> shapes.MessageOut:
    """A message, or a row named like one, as everyone sees it; `reactions`: those under it, if they are at hand."""
    by_emoji: dict[str, list[shapes.Person]] = {}
    if message.deleted_at is None:
        for reaction in message.reactions.all() if reactions is None else reactions:
            by_emoji.setdefault(reaction.emoji, []).append(people.as_author(reaction.user))
    return shapes.MessageOut(
        id=message.id,
        seq=message.seq,
        version=message.version,
        client_id=str(message.client_id),
        author=shapes.Person(id=message.author_id, name=message.author_name) if message.author_id else None,
        guest=None if message.author_id else shapes.GuestOut(name=message.guest_name),
        text=message.text,
        html=message.html,
        at=message.created_at,
        edited_at=message.edited_at,
        deleted=message.deleted_at is not None,
        reply_to=message.reply_to_id,
        reactions=[shapes.ReactionOut(emoji=emoji, people=who) for emoji, who in by_emoji.items()],
    )


def room_out(room: Room) -> shapes.RoomOut:
    """A room as everyone sees it."""
    return shapes.RoomOut(**_facts(room))


def state_out(room: Room, *, role=None, read=0, version=0, unread=0, mentions=0) -> shapes.RoomState:
    """A room as one person has it."""
    return shapes.RoomState(**_facts(room), version=version, role=role, read=read, unread=unread, mentions=mentions)


def _facts(room: Room) -> dict:
    return {
        "slug": room.slug,
        "name": room.name,
        "topic": room.topic,
        "kind": room.kind,
        "guests": room.guests,
        "archived": room.archived_at is not None,
        "slow_mode_s": room.slow_mode_s,
        "changed_version": room.changed_version,
    }
