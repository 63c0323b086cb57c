"""The answers to commands about people, and about the emoji of the site."""

from typing import Literal

from ..schema import Schema
from ..things import (
    Person,
)


class PeopleReply(Schema):
    """The answer to `people`: those who were found, the best first."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    people: list[Person]


class ProfileReply(Schema):
    """The answer to `profile`. `title` and `time_zone` (of the IANA database) are empty if the person gave none.

    `role` is null without a membership of the room that was asked about. `admin`: an admin of the site. `closed`: the
    account was deactivated, so the person cannot sign in.
    """

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    person: Person
    title: str
    time_zone: str
    role: str | None
    admin: bool
    closed: bool


class ChangedPeopleReply(Schema):
    """The answer to `changed_people`: the people who changed, in the order of their changes, up to `upto`. If `more` is
    true, ask again `since` `upto`."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    people: list[Person]
    upto: int
    more: bool


class CustomEmojiReply(Schema):
    """The answer to `custom_emoji`: the names of the site's own emoji, sorted. The picture of each is at
    `/emoji/NAME.webp`. `may_add`: whether this person may add some."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    names: list[str]
    may_add: bool
