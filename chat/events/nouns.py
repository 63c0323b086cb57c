"""The things that events speak of: people, messages, rooms. The names here are those on the wire."""

from datetime import datetime
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, PlainSerializer, TypeAdapter, WithJsonSchema

RESUME_COOKIE = "parley_guest"
"""The cookie in which a program sends its `resume` token back."""

Stamp = Annotated[
    datetime,
    PlainSerializer(lambda at: at.isoformat().replace("+00:00", "Z"), return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class Shape(BaseModel):
    """The base of all that goes out."""

    def encode(self) -> str:
        """JSON text of one frame."""
        return self.model_dump_json(exclude_none=False)


class Person(Shape):
    """A user of the site, as everyone sees them."""

    id: int
    name: str
    avatar: str | None = None


class GuestOut(Shape):
    """Someone without an account. The server gave the name, to nobody else; `id` is the same in all they said."""

    id: str
    name: str


class ReactionOut(Shape):
    """One emoji under a message, and who put it there, in the order they did."""

    emoji: str
    people: list[Person]


class QuoteOut(Shape):
    """An answered message in short, as it was at its `version`: 140 characters of plain text at most; none if deleted.

    Its later changes come as events of that message; the answer's own `version` does not change with them. Of all the
    forms of one message that a client holds, quotes included, the one with the highest `version` is shown.
    """

    id: int
    seq: int
    version: int
    author: Person | None
    guest: GuestOut | None
    text: str
    deleted: bool


class MentionsOut(Shape):
    """Whom a message mentions: users by their ids, everyone in the room (`all`), those who have it open (`here`)."""

    people: list[int]
    all: bool
    here: bool


class MessageOut(Shape):
    """A message as it is now, the same for every viewer. A deleted one has empty `text` and `html`.

    `quote` is there when `reply_to` is. `mentions` is null when it mentions nobody; in `html` each mention is a `span`
    with the class `mention` and the attribute `data-person` (a user's id), or with the classes `mention all` or
    `mention here`.
    """

    id: int
    seq: int
    version: int
    client_id: str
    author: Person | None
    guest: GuestOut | None
    text: str
    html: str
    at: Stamp
    edited_at: Stamp | None
    deleted: bool
    reply_to: int | None
    quote: QuoteOut | None = None
    mentions: MentionsOut | None = None
    reactions: list[ReactionOut]
    attachments: list[dict] = []


class Messages(list[MessageOut]):
    """Messages that are said to more than one: their JSON is made once."""

    @cached_property
    def encoded(self) -> str:
        """The JSON text of the list."""
        return _MESSAGES.dump_json(self).decode()

    @cached_property
    def in_script(self) -> bytes:
        """The same, as a `script` element may hold it."""
        return in_script(self.encoded.encode())


def in_script(encoded: bytes) -> bytes:
    """JSON as a `script` element may hold it: escaped as Django's `json_script` does."""
    return encoded.replace(b"<", b"\\u003C").replace(b">", b"\\u003E").replace(b"&", b"\\u0026")


_MESSAGES = TypeAdapter(list[MessageOut])


class RoomOut(Shape):
    """A room, the same for every viewer."""

    slug: str
    name: str
    topic: str
    kind: str
    guests: str
    archived: bool
    slow_mode_s: int
    changed_version: int


class RoomState(RoomOut, frozen=True):
    """A room as one person has it: its head, and what they have not read. `role` is null without a membership.

    `unread` and `mentions` are counted up to 1,000. Frozen: those who ask for the same are handed the same one.
    """

    version: int
    role: str | None
    read: int
    unread: int
    mentions: int


class You(Shape):
    """Who the server takes this connection for: `user` or, for a guest, `guest`."""

    user: Person | None
    guest: GuestOut | None


class Limits(Shape):
    """What a client should know before it is told: `body` in characters, `rate` in commands a second (0: no limit)."""

    body: int
    rate: float
    burst: int
