"""The answers to commands about messages."""

from typing import Literal

from ..schema import Schema
from ..things import (
    FormerText,
    Message,
    PersonName,
    Saved,
)


class MessageReply(Schema):
    """The answer to `post`, `edit`, `delete`, `react`, `vote` and `close_poll`: the message as it is stored."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    message: Message


class PinsReply(Schema):
    """The answer to `pins`: the pinned messages of a room, the one that was pinned last first."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    pinned: list[Message]


class EditsReply(Schema):
    """The answer to `edits`: the texts that the message had before its last 20 edits, the oldest first."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    message: int
    former: list[FormerText]


class SavedReply(Schema):
    """The answer to `saved`: what this person has saved in rooms that they may see, the newest first."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    saved: list[Saved]


class RenderReply(Schema):
    """The answer to `render`: the HTML of the message, as `html` of a message."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    html: str


class ReceiptsReply(Schema):
    """The answer to `receipts`: the `readers` of one's own message, and how many others are `waiting` to read it.

    `shown` is false where there are no receipts: in rooms of more than 50 people, on sites without them, and for a
    person who does not show what they have read. Who does not show it, and who came later, is left out.
    """

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    message: int
    shown: bool
    readers: list[PersonName]
    waiting: int
