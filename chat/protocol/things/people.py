"""People: users and guests, as everyone sees them."""

from ..schema import Schema, Timestamp


class Status(Schema, frozen=True):
    """What a person says of themselves: an emoji, a text, or both. After `until` it is no longer shown."""

    emoji: str
    text: str
    until: Timestamp | None


class Person(Schema, frozen=True):
    """A user of the site, as everyone sees them.

    `name` is the display name, or the handle if there is none. `avatar` is the path of their picture; another picture
    has another path. `version` is the number of their last change: a client may hold several forms of one person, and
    shows the one with the highest `version`.
    """

    # Frozen, because one instance is shared by all messages of its author (`people.as_person`).
    id: int
    handle: str
    name: str
    avatar: str | None
    bot: bool
    status: Status | None
    version: int


class PersonName(Schema, frozen=True):
    """The short form of a person. A client that knows the `Person` with this id shows their name instead."""

    id: int
    name: str


class Guest(Schema):
    """A person without an account. The server chose the name, and gives it to nobody else.

    All messages of one guest carry the same `id`.
    """

    id: str
    name: str
