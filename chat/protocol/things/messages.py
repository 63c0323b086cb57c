"""Messages, and what belongs to one."""

from ..schema import Schema, Timestamp
from .attachments import Attachment
from .people import Guest, Person, PersonName
from .polls import Poll


class Reaction(Schema):
    """One emoji under a message. `count` people added it; `people` names the first 50 of them, the earliest first."""

    emoji: str
    count: int
    people: list[PersonName]


class Quote(Schema):
    """A short form of the message that another one replies to, as it was at its `version`.

    `text` is plain text of at most 140 characters; empty if the message is deleted. `file` is the first of its files;
    null without one. A later change of the quoted message is an event of that message, and does not change the
    `version` of the reply. A client may hold several forms of one message, quotes included: it shows the one with the
    highest `version`.
    """

    id: int
    seq: int
    version: int
    author: PersonName | None
    guest: Guest | None
    text: str
    file: Attachment | None
    deleted: bool


class Mentions(Schema):
    """What a message refers to: the ids of users, the slugs of rooms, everyone in the room (`all`), all who have it
    open (`here`). A reader may not see all of the rooms."""

    people: list[int]
    rooms: list[str] = []
    all: bool
    here: bool


class Preview(Schema):
    """What the page behind a link of a message says about itself. The server has fetched it.

    `url` is the address of the link. `picture` and `icon` are paths on this site (WebP); `width` and `height` are those
    of the picture in pixels. Texts that the page does not have are empty.
    """

    url: str
    title: str
    description: str
    site: str
    picture: str | None
    width: int | None
    height: int | None
    icon: str | None


class Pinned(Schema):
    """Who pinned a message to the head of its room, and when."""

    by: PersonName
    at: Timestamp


class ThreadSummary(Schema):
    """The summary of a thread, without deleted replies: how many there are, when the last one was posted, and the
    ids of at most 5 users who replied, the latest first."""

    count: int
    last_at: Timestamp
    people: list[int]


class Message(Schema):
    """A message as it is now, the same for every viewer. A deleted one has empty `text` and `html`; `removed`: it was
    deleted by a moderator, not by its author.

    A `silent` message notifies nobody. `poll` is null unless it is a poll.

    A text of one paragraph that begins with `/me` is about what its author does: its `html` is `<p class="action">`
    with the rest, and clients show the name of the author before it.

    `quote` is null unless `reply_to` is set. `mentions` is null if nobody is mentioned. In `html` each mention is a
    `span` with the class `mention` and the attribute `data-person` (a user's id), or with the classes `mention all` or
    `mention here`.

    `thread` is the id of the message that begins a thread, its root, if this message is a reply in that thread; else
    null. `in_room` is false for a reply that only its thread shows, not the room. `replies` is null for a message
    without replies in a thread.
    """

    id: int
    seq: int
    version: int
    client_id: str
    author: Person | None
    guest: Guest | None
    text: str
    html: str
    at: Timestamp
    edited_at: Timestamp | None
    deleted: bool
    removed: bool
    reply_to: int | None
    quote: Quote | None = None
    mentions: Mentions | None = None
    reactions: list[Reaction]
    attachments: list[Attachment]
    previews: list[Preview]
    poll: Poll | None = None
    silent: bool
    pinned: Pinned | None = None
    thread: int | None
    in_room: bool
    replies: ThreadSummary | None = None


class FormerText(Schema):
    """A text that a message had before an edit, `until` that edit."""

    text: str
    until: Timestamp
