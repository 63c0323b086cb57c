"""Validates what other processes sent over Redis, before it reaches a page.

Each envelope is validated by the schema of its event, and gossip by a schema of its own. Invalid parts are dropped: the
hub's check gets the changes from the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal, Required

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from typing_extensions import TypedDict

from chat.dispatch.envelope import ACCOUNT_CHANGED, BANS_CHANGED, DISCONNECT, RULES_CHANGED, Envelope
from chat.protocol import events
from chat.protocol.schema import Schema

ROOM, PEOPLE, TRANSIENT, USERS, EVERYONE = range(5)
EVENTS: dict[str, tuple[type[Schema] | None, int]] = {
    "message": (events.MessageEvent, ROOM),
    "room": (events.RoomEvent, ROOM),
    RULES_CHANGED: (None, ROOM),
    "room_added": (events.RoomAdded, PEOPLE),
    "room_removed": (events.RoomRemoved, PEOPLE),
    "read": (events.Read, PEOPLE),
    "room_choices": (events.RoomChoices, PEOPLE),
    "favourites": (events.Favourites, PEOPLE),
    "folded": (events.Folded, PEOPLE),
    "draft": (events.DraftEvent, PEOPLE),
    "scheduled": (events.ScheduledChanged, PEOPLE),
    "look": (events.LookChanged, PEOPLE),
    "votes": (events.VotesEvent, PEOPLE),
    "saved": (events.SavedEvent, PEOPLE),
    "follow": (events.Follow, PEOPLE),
    "more_replies": (events.MoreReplies, PEOPLE),
    "held": (events.HeldChanged, PEOPLE),
    "muted": (events.Muted, PEOPLE),
    "reports": (events.ReportsChanged, PEOPLE),
    "report_ended": (events.ReportEnded, PEOPLE),
    ACCOUNT_CHANGED: (None, PEOPLE),
    BANS_CHANGED: (None, TRANSIENT),
    DISCONNECT: (None, TRANSIENT),
    "typing": (events.Typing, TRANSIENT),
    "members": (events.MembersChanged, TRANSIENT),
    "readers": (events.ReadersChanged, TRANSIENT),
    "public_rooms": (events.PublicRoomsChanged, USERS),
    "custom_emoji": (events.CustomEmojiChanged, USERS),
    "person": (events.PersonEvent, EVERYONE),
}
"""The kinds of envelopes that processes send each other: the schema of the event (None: no event) and the recipients.

ROOM: the watchers of a room, with a version. PEOPLE: the users and guests that the envelope names. TRANSIENT: the
watchers of a room, without a version, because it is not stored. USERS: all users. EVERYONE: all who may see the person
in the event.
"""

_Id = Annotated[int, Field(strict=True, ge=0, le=2**63 - 1)]
_Slug = Annotated[str, Field(max_length=64)]
_Key = Annotated[str, Field(max_length=80)]
_GuestId = Annotated[str, Field(min_length=16, max_length=16)]


class _Envelope(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: str
    text: str
    room: _Slug
    room_id: _Id
    version: _Id
    users: list[_Id]
    guests: list[_GuestId]


# Gossip may have thousands of names: validating a TypedDict is faster than making a model.
class _Status(TypedDict):
    emoji: str
    text: str
    until: str | None


class _User(TypedDict):
    id: _Id
    handle: str
    name: str
    avatar: str | None
    bot: bool
    status: _Status | None
    version: _Id


class _Guest(TypedDict):
    id: str
    name: str


class _You(TypedDict):
    user: _User | None
    guest: _Guest | None


class _Here(TypedDict):
    joined: dict[_Key, _You]
    left: list[_Key]


_Text = Annotated[str, Field(max_length=300)]
_Number = Annotated[float, Field(allow_inf_nan=False)]


class _Question(TypedDict):
    id: Annotated[str, Field(max_length=32)]
    kind: Literal["figures", "sockets", "connections"]
    users: Annotated[list[_Id], Field(max_length=200)]


class _Error(TypedDict):
    at: _Number
    logger: _Text
    text: _Text


class _Figures(TypedDict):
    started: _Number
    numbers: Annotated[dict[_Key, _Number], Field(max_length=40)]
    delays: Annotated[list[_Number], Field(max_length=40)]
    rooms: Annotated[list[tuple[_Slug, _Id]], Field(max_length=20)]
    errors: Annotated[list[_Error], Field(max_length=10)]


class _Answer(TypedDict, total=False):
    id: Required[Annotated[str, Field(max_length=32)]]
    figures: _Figures
    sockets: Annotated[dict[Annotated[str, Field(pattern=r"^\d{1,19}$")], _Id], Field(max_length=200)]
    connections: _Id


class _Gossip(TypedDict, total=False):
    full: bool
    hello: bool
    gone: bool
    worker: Annotated[str, Field(max_length=120)]
    question: _Question
    answer: _Answer
    rooms: Required[dict[_Slug, _Here]]


class _Message(BaseModel):
    sender: str = Field(alias="from", max_length=64)
    events: list[dict] = []
    gossip: list[dict] = []


_ENVELOPE, _GOSSIP, _MESSAGE = TypeAdapter(_Envelope), TypeAdapter(_Gossip), TypeAdapter(_Message)


@dataclass(slots=True)
class Received:
    """One message of another process: its valid parts, and what was wrong with the others."""

    sender: str
    events: list[Envelope]
    gossip: list[dict]
    faults: list[str]


def validate(content: dict) -> Received:
    """Validate a message. Raises ValueError if it is not a message of a process; invalid parts become `faults`."""
    message = _MESSAGE.validate_python(content)
    faults: list[str] = []
    events = list(_valid_items(message.events, _envelope, faults))
    gossip = list(_valid_items(message.gossip, _gossip, faults))
    return Received(message.sender, events, gossip, faults)


def _valid_items(items: list[dict], check, faults: list[str]) -> Iterator:
    for item in items:
        try:
            yield check(item)
        except (ValueError, RecursionError) as error:
            # The fault does not quote the content, because faults are logged and anyone may have written to Redis.
            faults.append(f"{check.__name__.strip('_')}: {type(error).__name__}")


def _envelope(item: dict) -> Envelope:
    fields = _ENVELOPE.validate_python(item)
    people = {"users": tuple(fields.users), "guests": tuple(fields.guests)}
    envelope = Envelope(fields.kind, fields.text, fields.room, fields.room_id, fields.version, **people)
    if envelope.kind not in EVENTS:
        raise ValueError("unknown kind")
    schema, recipients = EVENTS[envelope.kind]
    # The kind decides the recipients: a forged envelope must not send an event of a room to other users.
    is_for_people = bool(envelope.users or envelope.guests)
    if (bool(envelope.version), is_for_people) != (recipients == ROOM, recipients == PEOPLE):
        raise ValueError("wrong recipients for this kind")
    if schema is None:
        if envelope.text:
            raise ValueError("this kind has no text")
    else:
        envelope.event = schema.model_validate_json(envelope.text)
        if recipients == USERS and envelope.room:
            raise ValueError("this kind has no room")
        if recipients != USERS:
            _check_matches(envelope.event, envelope)
    return envelope


def _check_matches(event: Schema, envelope: Envelope) -> None:
    """Raise ValueError unless the room and version of an event are those of its envelope."""
    if isinstance(event, events.PersonEvent):
        if envelope.room:
            raise ValueError("this event has no room")
        return
    version = getattr(event, "version", 0)
    # An envelope for certain users may leave out the room.
    has_no_room = bool(envelope.users or envelope.guests) and not envelope.room
    if (getattr(event, "room", "") != envelope.room and not has_no_room) or version != envelope.version:
        raise ValueError("the event has another room or version")
    if envelope.kind == "message" and event.message.version != version:
        raise ValueError("the message has another version")


def _gossip(item: dict) -> dict:
    _GOSSIP.validate_python(item)
    return item
