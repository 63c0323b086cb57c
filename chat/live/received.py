"""What other processes said, checked before it reaches a page: each envelope by the shape of its event, each word of
presence by its own. What is wrong is left out; the checks find in the database what it should have told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, NotRequired, Required

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from typing_extensions import TypedDict

from chat.events import shapes
from chat.events.publish import ACCOUNT, BARS, RULES, Envelope

ROOM, PEOPLE, PASSING = range(3)
EVENTS: dict[str, tuple[type[shapes.Shape] | None, int]] = {
    "message": (shapes.MessageEvent, ROOM),
    "room": (shapes.RoomEvent, ROOM),
    RULES: (shapes.Changes, ROOM),
    "room_added": (shapes.RoomAdded, PEOPLE),
    "room_removed": (shapes.RoomRemoved, PEOPLE),
    "read": (shapes.Read, PEOPLE),
    ACCOUNT: (None, PEOPLE),
    BARS: (None, PASSING),
    "typing": (shapes.Typing, PASSING),
}
"""What may cross from one process to another, and to whom: those who watch a room, certain people, or both at once."""

_Id = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]
_Slug = Annotated[str, Field(max_length=64)]
_Key = Annotated[str, Field(max_length=80)]


class _Envelope(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: str
    text: str
    room: _Slug
    room_id: _Id
    version: _Id
    users: list[_Id]


# Of presence there may be thousands of names at a time: a TypedDict is checked faster than a model is made.
class _User(TypedDict):
    id: _Id
    name: str
    avatar: NotRequired[str | None]


class _Guest(TypedDict):
    id: str
    name: str


class _You(TypedDict):
    user: _User | None
    guest: _Guest | None


class _Here(TypedDict):
    joined: dict[_Key, _You]
    left: list[_Key]


class _Gossip(TypedDict, total=False):
    full: bool
    hello: bool
    gone: bool
    rooms: Required[dict[_Slug, _Here]]


class _Message(BaseModel):
    sender: str = Field(alias="from", max_length=64)
    events: list[dict] = []
    gossip: list[dict] = []


_ENVELOPE, _GOSSIP, _MESSAGE = TypeAdapter(_Envelope), TypeAdapter(_Gossip), TypeAdapter(_Message)


@dataclass(slots=True)
class Received:
    """One message of another process: what of it is right, and what was wrong with the rest."""

    sender: str
    events: list[Envelope]
    gossip: list[dict]
    faults: list[str]


def read(content: dict) -> Received:
    """Check the content of a message. Raises ValueError when it is none."""
    message = _MESSAGE.validate_python(content)
    faults: list[str] = []
    events = list(_right(message.events, _envelope, faults))
    gossip = list(_right(message.gossip, _gossip, faults))
    return Received(message.sender, events, gossip, faults)


def _right(items: list[dict], check, faults: list[str]) -> Iterator:
    for item in items:
        try:
            yield check(item)
        except (ValueError, RecursionError) as error:
            # Not what it holds: that is whatever somebody wrote to Redis.
            faults.append(f"{check.__name__.strip('_')}: {type(error).__name__}")


def _envelope(item: dict) -> Envelope:
    given = _ENVELOPE.validate_python(item)
    envelope = Envelope(given.kind, given.text, given.room, given.room_id, given.version, tuple(given.users))
    if envelope.kind not in EVENTS:
        raise ValueError("unknown kind")
    shape, reach = EVENTS[envelope.kind]
    # Who it is for is what the kind says: a message for a room never goes to chosen people, nor the other way round.
    if (bool(envelope.version), bool(envelope.users)) != (reach == ROOM, reach == PEOPLE):
        raise ValueError("for others than its kind is")
    if shape is not None:
        _check(shape.model_validate_json(envelope.text), envelope)
    return envelope


def _check(event: shapes.Shape, envelope: Envelope) -> None:
    """Whether an event is the one that its envelope says. Raises ValueError."""
    version = getattr(event, "upto" if envelope.kind == RULES else "version", 0)
    # What is for certain people may go without the room's name on its envelope.
    unnamed = bool(envelope.users) and not envelope.room
    if (event.room != envelope.room and not unnamed) or version != envelope.version:
        raise ValueError("of another room or version")
    if envelope.kind == "message" and event.message.version != version:
        raise ValueError("of another version")


def _gossip(item: dict) -> dict:
    _GOSSIP.validate_python(item)
    return item
