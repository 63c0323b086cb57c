"""Every event that a socket says, once. The names here are those on the wire.

docs/protocol.md is made from these classes. Instances hold plain data: pages put the same shapes into their data block.
The things that events speak of are in `nouns`; whoever uses the shapes finds them here as well.
"""

from typing import Annotated, Literal

from pydantic import WrapValidator

from .nouns import (
    GuestOut,
    Limits,
    MentionsOut,
    MessageOut,
    Messages,
    Person,
    QuoteOut,
    ReactionOut,
    RoomOut,
    RoomState,
    Shape,
    You,
    in_script,
)

__all__ = [
    "Bye",
    "Changes",
    "ErrorOut",
    "GuestOut",
    "HistoryReply",
    "Limits",
    "MentionsOut",
    "MessageEvent",
    "MessageOut",
    "MessageReply",
    "Messages",
    "OpenReply",
    "Person",
    "Presence",
    "QuoteOut",
    "ReactionOut",
    "Read",
    "Reply",
    "RoomAdded",
    "RoomEvent",
    "RoomOut",
    "RoomRemoved",
    "RoomState",
    "Shape",
    "Typing",
    "Unread",
    "Welcome",
    "You",
    "in_script",
]


class Welcome(Shape):
    """The first frame after the handshake. `resume` is a guest's own secret, when no session keeps them: see there."""

    type: Literal["welcome"] = "welcome"
    protocol: Literal["chat"] = "chat"
    epoch: str
    you: You
    resume: str | None = None
    rooms: list[RoomState]
    limits: Limits


class MessageEvent(Shape):
    """This message is now so: new, edited, deleted or reacted to."""

    type: Literal["message"] = "message"
    room: str
    version: int
    message: MessageOut


class RoomEvent(Shape):
    """The room itself is now so: its name, topic, kind, archived …"""

    type: Literal["room"] = "room"
    room: str
    version: int
    state: RoomOut


class Changes(Shape):
    """A hole that the server closed: all that changed after `after`, up to `upto`; `state` when the room did too.

    `messages` come in the order of their versions; each stands for all the changes that it went through.
    """

    type: Literal["changes"] = "changes"
    room: str
    after: int
    upto: int
    messages: list[MessageOut]
    state: RoomOut | None = None


class RoomAdded(Shape):
    """A room came to my list, or my role in it changed."""

    type: Literal["room_added"] = "room_added"
    room: str
    state: RoomState


class RoomRemoved(Shape):
    """A room went from my list."""

    type: Literal["room_removed"] = "room_removed"
    room: str


class Unread(Shape):
    """Counts of a room of my list that I do not watch: something was said there, edited or deleted."""

    type: Literal["unread"] = "unread"
    room: str
    unread: int
    mentions: int


class Read(Shape):
    """I read up to here, perhaps on another device; the counts that are left."""

    type: Literal["read"] = "read"
    room: str
    upto: int
    unread: int
    mentions: int


class Presence(Shape):
    """Who is here. `online` counts people, guests included; `joined` and `left` name at most 50 since the last one."""

    type: Literal["presence"] = "presence"
    room: str
    online: int
    joined: list[You]
    left: list[You]


class Typing(Shape):
    """Who is typing now."""

    type: Literal["typing"] = "typing"
    room: str
    who: list[You]


class Bye(Shape):
    """The server is about to close this socket; come back after `retry_after` seconds.

    `reason` is `restart` (1012), `too_many_connections` of this person (1013), `signed_out` or `barred` (4001: do not
    come back as you are). There may be more.
    """

    type: Literal["bye"] = "bye"
    reason: str
    retry_after: float


class ErrorOut(Shape):
    """The answer to a command that was refused; `field` names a wrong one, `retry_after` is in seconds."""

    type: Literal["error"] = "error"
    ref: str | int | None = None
    code: str
    detail: str
    field: str | None = None
    retry_after: float | None = None


def _kept(value, validate):
    return value if isinstance(value, Messages) else validate(value)


class OpenReply(Shape):
    """The answer to `open`: the room, and a fill. With `limited` it is the latest page, and older copies are dropped.

    `online` people have the room open, the one who asks among them; `here` names at most 50 of them.
    """

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    epoch: str
    state: RoomState
    after: int
    upto: int
    messages: Annotated[list[MessageOut], WrapValidator(_kept)]
    limited: bool
    more: bool
    online: int
    here: list[You]

    def encode(self) -> str:
        """JSON text of one frame; `Messages` are put in as they were encoded before."""
        if not isinstance(self.messages, Messages):
            return super().encode()
        return f'{self.model_dump_json(exclude={"messages"})[:-1]},"messages":{self.messages.encoded}}}'


class HistoryReply(Shape):
    """The answer to `history`: an older page, oldest first. `more`: there are older ones before it."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    messages: list[MessageOut]
    more: bool


class MessageReply(Shape):
    """The answer to `post`, `edit`, `delete` and `react`: the message as stored."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    message: MessageOut


class Reply(Shape):
    """The answer to a command that has nothing more to say."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
