"""The commands of direct rooms, and of what a person sees in their sidebar."""

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field

from . import replies
from .command import Command, PersonIds, Slug
from .schema import Schema

Section = Literal["favourites", "rooms", "direct", "archived"]
SECTIONS: tuple[str, ...] = get_args(Section)
"""The sections of the sidebar, in its order."""
On = Annotated[bool, Field(strict=True)]


class Direct(Command):
    """Open the direct room of this person and up to 8 others, which is made at first use. Not for guests.

    `people` are ids of users; one's own id alone is for notes. The same people always get the same room. The others see
    it in their list with its first message.
    """

    answers: ClassVar[type[Schema]] = replies.RoomReply
    type: Literal["direct"] = "direct"
    people: PersonIds


class Favourite(Command):
    """Make a room of one's list a favourite (`on` true), or end that. The event `favourites` has the new order.

    `before` is the slug of the favourite that the room is placed before; without `before`, the room is the last one.
    """

    type: Literal["favourite"] = "favourite"
    room: Slug
    on: On
    before: Slug | None = None


class Mute(Command):
    """Mute a room of one's list (`on` true), or end that. The event `room_choices` follows.

    The server sends the same counts and events of a muted room. Clients show only its mentions.
    """

    type: Literal["mute"] = "mute"
    room: Slug
    on: On


class Hide(Command):
    """Take a direct room out of one's list until its next message (`on` true), or bring it back.

    A room that is hidden is also marked as read. The event `room_choices` follows.
    """

    type: Literal["hide"] = "hide"
    room: Slug
    on: On


class Fold(Command):
    """Fold a section of one's sidebar (`on` true), or open it. The event `folded` follows. Not for guests."""

    type: Literal["fold"] = "fold"
    section: Section
    on: On


ALL: tuple[type[Command], ...] = (Direct, Favourite, Mute, Hide, Fold)
