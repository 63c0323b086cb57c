"""A room and its messages changed: events for all who watch it."""

from typing import Literal

from ..schema import Schema
from ..things import Message, Room


class MessageEvent(Schema):
    """A message is new, or was edited, deleted or reacted to. `message` is its present form."""

    type: Literal["message"] = "message"
    room: str
    version: int
    message: Message


class RoomEvent(Schema):
    """The room itself changed: its name, topic, kind, or whether it is archived. `state` is its present form."""

    type: Literal["room"] = "room"
    room: str
    version: int
    state: Room


class Changes(Schema):
    """A delta by which the server closes a gap: all changes after version `after`, up to `upto`.

    `messages` are in the order of their versions. Each message comes once, in its present form, however often it
    changed. `state` is null unless the room itself changed.
    """

    type: Literal["changes"] = "changes"
    room: str
    after: int
    upto: int
    messages: list[Message]
    state: Room | None = None


class MembersChanged(Schema):
    """Members of a room that this connection watches came or left, or their roles changed. Ask `members` for them.

    It is a hint, and may be lost: ask again after a reconnection, too.
    """

    type: Literal["members"] = "members"
    room: str


class ReadersChanged(Schema):
    """Somebody has read more of a room that this connection watches: ask `receipts` again for one's last message.

    It is a hint, comes at most once in two seconds, and may be lost. Rooms of more than 50 people have none.
    """

    type: Literal["readers"] = "readers"
    room: str


class PublicRoomsChanged(Schema):
    """A public room is new, renamed, archived or restored, or is no longer public; or the site has changed who may
    create rooms. Ask `browse` for the list.

    It is a hint, and may be lost.
    """

    type: Literal["public_rooms"] = "public_rooms"
