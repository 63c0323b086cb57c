"""The commands that manage rooms and their members."""

from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from . import replies
from .command import Command, Number, PersonIds, Search, Slug
from .schema import Schema

Day = Annotated[date, Field(strict=False, ge=date(2000, 1, 1), le=date(2200, 1, 1))]
"""A day as text, such as 2026-11-26."""


class Browse(Command):
    """Ask for the rooms that this person may see, by name, without archived and direct ones. A page has 50.

    `search` is a part of a name or a topic, `skip` the number of rooms to leave out: those of the pages before.
    """

    answers: ClassVar[type[Schema]] = replies.BrowseReply
    type: Literal["browse"] = "browse"
    search: Search = ""
    skip: Number = 0


class CreateRoom(Command):
    """Create a room, whose owner this person becomes. `kind` is `public` or `private`, `people` are its first members.

    Its slug is made from its name. The site decides who may create which kind.
    """

    answers: ClassVar[type[Schema]] = replies.RoomReply
    type: Literal["create_room"] = "create_room"
    name: str
    topic: str = ""
    kind: str = "public"
    people: PersonIds = []


class ChangeRoom(Command):
    """Change a room: owners everything, moderators the topic, the slow mode and who posts. Fields that are left out
    stay."""

    type: Literal["change_room"] = "change_room"
    room: Slug
    name: str | None = None
    topic: str | None = None
    kind: str | None = None
    guests: str | None = None
    slow_mode_s: Annotated[int, Field(strict=True, ge=0, le=86_400)] | None = None
    who_posts: str | None = None
    who_invites: str | None = None
    who_pins: str | None = None
    who_mentions_all: str | None = None
    archived: Annotated[bool, Field(strict=True)] | None = None


class About(Command):
    """Ask for what is not in the state of a room: its number of members, and what this person may do with it."""

    answers: ClassVar[type[Schema]] = replies.AboutReply
    type: Literal["about"] = "about"
    room: Slug


class Join(Command):
    """Become a member of a public room."""

    answers: ClassVar[type[Schema]] = replies.RoomReply
    type: Literal["join"] = "join"
    room: Slug


class Leave(Command):
    """End one's own membership of a room. Joining a private room again needs an invitation."""

    type: Literal["leave"] = "leave"
    room: Slug


class Members(Command):
    """Ask for members of a room: owners first, then by name. A page has 50. `search` is a part of a name."""

    answers: ClassVar[type[Schema]] = replies.MembersReply
    type: Literal["members"] = "members"
    room: Slug
    search: Search = ""
    skip: Number = 0


class Files(Command):
    """Ask for the files of a room, the newest first. A page has 30.

    `kind` is `picture`, `video`, `audio`, `text` or `document`, `sender` the id of a user, `until` the last day
    (2026-11-26). `before` is the id of the last file of the page before.
    """

    answers: ClassVar[type[Schema]] = replies.FilesReply
    type: Literal["files"] = "files"
    room: Slug
    kind: Literal["picture", "video", "audio", "text", "document"] | None = None
    sender: Number | None = None
    until: Day | None = None
    before: Number | None = None


class AddMembers(Command):
    """Make people (ids of users) members of a room: all of them, or none."""

    type: Literal["add_members"] = "add_members"
    room: Slug
    people: PersonIds


class RemoveMember(Command):
    """Remove a member (the id of a user) from a room. They cannot join again until a moderator adds them."""

    type: Literal["remove_member"] = "remove_member"
    room: Slug
    person: Number


class SetRole(Command):
    """Give a member another role: `owner`, `moderator`, `member` or `reader`."""

    type: Literal["set_role"] = "set_role"
    room: Slug
    person: Number
    role: str


class NameToPost(Command):
    """Say whether a member posts in this room where only named people do (`who_posts` is `named`)."""

    type: Literal["name_to_post"] = "name_to_post"
    room: Slug
    person: Number
    on: Annotated[bool, Field(strict=True)]


class SetNotify(Command):
    """Choose which messages of a room notify this person: `all`, `mentions` or `none`."""

    type: Literal["set_notify"] = "set_notify"
    room: Slug
    level: str


class MakeInvite(Command):
    """Make a link to a room or, without `room`, to the whole site. With the link people create an account and join."""

    answers: ClassVar[type[Schema]] = replies.InviteReply
    type: Literal["make_invite"] = "make_invite"
    room: Slug | None = None


ALL: tuple[type[Command], ...] = (
    *(Browse, CreateRoom, ChangeRoom, About, Join, Leave),
    *(Members, Files, AddMembers, RemoveMember, SetRole, NameToPost, SetNotify, MakeInvite),
)
