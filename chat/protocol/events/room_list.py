"""The list of rooms of one person changed: its rooms, what they have not read, and how they arranged it."""

from typing import Literal

from ..schema import Schema, Timestamp
from ..things import RoomState


class RoomAdded(Schema):
    """A room was added to this person's list, or their role in it changed."""

    type: Literal["room_added"] = "room_added"
    room: str
    state: RoomState


class RoomRemoved(Schema):
    """A room was removed from this person's list. `deleted`: for everybody, with all that is in it."""

    type: Literal["room_removed"] = "room_removed"
    room: str
    deleted: bool = False


class Unread(Schema):
    """Counts of a room on this person's list that this connection does not watch. A message there is new or changed.

    `hidden` is false after a new message: a direct room that this person has hidden is in their list again. `active_at`
    is that of the `RoomState`. `silent`: all that changed were silent messages, which call nobody.
    """

    type: Literal["unread"] = "unread"
    room: str
    unread: int
    mentions: int
    hidden: bool
    active_at: Timestamp
    silent: bool = False


class Read(Schema):
    """This person read a room up to the `seq` `upto`, or marked later messages as unread, perhaps on another device.

    The counts are what is left. `unread_marks` tells which of two such events is newer: see `RoomState`.
    """

    type: Literal["read"] = "read"
    room: str
    upto: int
    unread_marks: int
    unread: int
    mentions: int


class RoomChoices(Schema):
    """This person chose how a room is in their list, perhaps on another device. See `RoomState`."""

    type: Literal["room_choices"] = "room_choices"
    room: str
    muted: bool
    hidden: bool


class Favourites(Schema):
    """All favourites of this person, in their order. No other room is a favourite."""

    type: Literal["favourites"] = "favourites"
    rooms: list[str]


class Folded(Schema):
    """The sections of the sidebar that this person has folded; the others are open."""

    type: Literal["folded"] = "folded"
    sections: list[str]
