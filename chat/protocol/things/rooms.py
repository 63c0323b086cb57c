"""Rooms, their members and the threads in them."""

from ..schema import Schema, Timestamp
from .messages import Message
from .people import Person


class Room(Schema):
    """A room, the same for every viewer.

    `who_posts` is `everyone`, `named` (owners, moderators and the people whom they name), `moderators` or `nobody` (the
    room is read-only). `who_invites`, `who_pins` and `who_mentions_all` (`@all` and `@here`) are `members`,
    `moderators` (owners, too) or `owners`. `slow_mode_s` are the seconds between two messages of a person, 0 for none.
    """

    slug: str
    name: str
    topic: str
    kind: str
    guests: str
    archived: bool
    slow_mode_s: int
    who_posts: str
    who_invites: str
    who_pins: str
    who_mentions_all: str
    changed_version: int


class RoomState(Room, frozen=True):
    """A room as one person sees it: with its head and with what they have not read.

    `active_at` is the time of the latest message that the room shows; before the first one, of the room's creation.
    `role` is null for a person who is not a member. `named_to_post`: an owner or moderator has named them, which counts
    where only named people post. `unread` and `mentions` are counted up to 1,000. `read` is the
    `seq` up to which they have read. It goes back only when they mark messages as unread, and then `unread_marks`
    increases: of two positions the newer one has the higher `unread_marks` or, if these are equal, the higher `read`.
    `people` are all people of a direct room, this person included; a direct room has no name. `favourite` is the place
    among this person's favourites, from 0; null if it is none. `muted`: they want to see only its mentions counted.
    `hidden`: not in their list until the next message comes. `threads` are the ids of the roots of those threads that
    they follow and that have replies they have not read: at most 100, the newest.
    """

    # Frozen, because one instance is shared by all who would get an equal one (`serialize_room_state`).
    version: int
    active_at: Timestamp
    role: str | None
    named_to_post: bool
    read: int
    unread_marks: int
    unread: int
    mentions: int
    people: list[Person]
    favourite: int | None
    muted: bool
    hidden: bool
    threads: list[int]


class ListedThread(Schema):
    """A thread that a person follows: its root, the `unread` replies (counted up to 1,000), and its last replies."""

    room: str
    root: Message
    unread: int
    last: list[Message]


class ListedRoom(Schema):
    """A room in the list of all rooms that a person may see.

    `members` is a number; `last_at` is the time of the latest message, null without one; `role` is null for a person
    who is not a member.
    """

    slug: str
    name: str
    topic: str
    kind: str
    members: int
    last_at: Timestamp | None
    role: str | None


class Member(Schema):
    """A member of a room, as the one who asks may manage them. `here`: whether they have the room open.
    `named_to_post`: they post where only named people do.

    `roles`: the roles that the one who asks may give them, none if they may not; `removable`: whether they may remove
    them.
    """

    person: Person
    role: str
    named_to_post: bool
    here: bool
    roles: list[str]
    removable: bool
