"""Commands about one message, besides those of its text; and about the site's own emoji."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from . import replies
from .command import Command, Number, Slug
from .schema import Schema

On = Annotated[bool, Field(strict=True)]


class Restore(Command):
    """Undo the deletion of a message, within 20 seconds, on the connection of the person who deleted it."""

    answers: ClassVar[type[Schema]] = replies.MessageReply
    type: Literal["restore"] = "restore"
    message: Number


class Pin(Command):
    """Pin a message to the head of its room (`on` true), or end that. For members who may write; at most 50 a room."""

    answers: ClassVar[type[Schema]] = replies.MessageReply
    type: Literal["pin"] = "pin"
    message: Number
    on: On


class Pins(Command):
    """Fetch the pinned messages of a room. Events of these messages follow if the room is watched."""

    answers: ClassVar[type[Schema]] = replies.PinsReply
    type: Literal["pins"] = "pins"
    room: Slug


class Edits(Command):
    """Fetch the former texts of a message: for its author and moderators, or for everyone if the site allows it."""

    answers: ClassVar[type[Schema]] = replies.EditsReply
    type: Literal["edits"] = "edits"
    message: Number


class Forward(Command):
    """Post `comment` and a quote of a message in the room with this slug, with a link to the message.

    The same `client_id` again returns the first message.
    """

    answers: ClassVar[type[Schema]] = replies.MessageReply
    type: Literal["forward"] = "forward"
    message: Number
    room: Slug
    client_id: UUID
    comment: str = ""


class Save(Command):
    """Save a message for later (`on` true), or end that. `remind_at`: when to be reminded. Not for guests.

    The event `saved` follows. A message that is saved already gets the other reminder, or none.
    """

    type: Literal["save"] = "save"
    message: Number
    on: On
    remind_at: AwareDatetime | None = None


class Saved(Command):
    """Fetch which messages this person has saved."""

    answers: ClassVar[type[Schema]] = replies.SavedReply
    type: Literal["saved"] = "saved"


class CustomEmoji(Command):
    """Fetch the names of the site's own emoji."""

    answers: ClassVar[type[Schema]] = replies.CustomEmojiReply
    type: Literal["custom_emoji"] = "custom_emoji"


ALL: tuple[type[Command], ...] = (Restore, Pin, Pins, Edits, Forward, Save, Saved, CustomEmoji)
