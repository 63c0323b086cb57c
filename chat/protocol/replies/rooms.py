"""The answers to commands about a room and the list of rooms."""

from typing import Literal

from ..schema import Schema, Timestamp
from ..things import (
    ListedFile,
    ListedRoom,
    Member,
    PersonName,
    RoomState,
)


class RoomReply(Schema):
    """The answer to a command that adds a room to this person's list: the room as they see it."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    state: RoomState


class BrowseReply(Schema):
    """The answer to `browse`: a page of rooms. `more` is true if there are further ones. `may_create` has the kinds of
    rooms that this person may create: `public`, `private`."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    rooms: list[ListedRoom]
    more: bool
    may_create: list[str]


class AboutReply(Schema):
    """The answer to `about`: the number of `members` and of `owners`, and what this person may do with the room.

    `may` names fields of `change_room` (`archived`, `guests`, `kind`, `name`, `slow_mode_s`, `topic`, `who_invites`,
    `who_mentions_all`, `who_pins`, `who_posts`), `add`, `invite`, `mention_all`, `name_to_post` and `pin`.
    `kinds` are the kinds that the room may have. `notify` is null for a person who is not a member.
    `reports` is the number of reports and held messages that wait for a moderator; null for a person who is none.
    """

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    created_at: Timestamp
    members: int
    owners: int
    notify: str | None
    may: list[str]
    kinds: list[str]
    reports: int | None = None


class MembersReply(Schema):
    """The answer to `members`: a page of them. `total` counts all that match the search."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    members: list[Member]
    total: int
    more: bool


class FilesReply(Schema):
    """The answer to `files`: a page of them, the newest first. `senders` are the people who sent files in the room; it
    is empty for a page after the first."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    files: list[ListedFile]
    more: bool
    senders: list[PersonName]


class InviteReply(Schema):
    """The answer to `make_invite`: the path of the link, which cannot be asked for again, and its limits."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    path: str
    expires_at: Timestamp
    uses: int
