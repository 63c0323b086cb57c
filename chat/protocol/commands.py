"""The commands about rooms that are watched and the texts in them. The table at the end lists all commands.

`chat.live.execution` maps each schema to a verb of `chat.domain`.
"""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from . import (
    connection_commands,
    message_commands,
    moderation_commands,
    people_commands,
    replies,
    room_commands,
    sidebar_commands,
    things,
    thread_commands,
    writing_commands,
)
from .command import Command, Number, Slug
from .schema import Schema

HISTORY_PAGE = 50
"""Messages in the answer to `history` unless it names a `limit`; also in the latest page of a room."""
HISTORY_LARGEST_PAGE = 100
MESSAGE_FILES = writing_commands.MESSAGE_FILES
"""Files of one message."""


class Open(Command):
    """Start to watch a room. The answer has the room and a delta of what changed after `since`, or a page of messages.

    `since` is a version of the client's copy, and needs the `epoch` of that copy. `at` says which page: the latest one
    by default, the one around the first unread message (`unread`), or the one around a message (its id).
    """

    answers: ClassVar[type[Schema]] = replies.OpenReply
    type: Literal["open"] = "open"
    room: Slug
    since: Number | None = None
    epoch: Annotated[str, Field(max_length=64)] | None = None
    at: Literal["unread"] | Number | None = None


class Close(Command):
    """Stop watching a room."""

    type: Literal["close"] = "close"
    room: Slug


class Post(Command):
    """Post a message, in Markdown. The same `client_id` again returns the first message: it is never stored twice.

    In a public room, a user who is no member becomes one. `reply_to` is the id of a message in the same room.
    `attachments` are up to 10 of one's own complete uploads in this room ([files.md](files.md)), in the order in which
    they are shown; with one, `body` may be empty. With a `poll`, `body` is its question. A `silent` message notifies
    nobody. With `thread`, the id of a message in the same room, it is a reply in the thread of that message, which only
    the thread shows, unless `in_room` is true. Then the message that begins the thread, its root, changes too: two
    events, the reply and the root.
    """

    answers: ClassVar[type[Schema]] = replies.MessageReply
    type: Literal["post"] = "post"
    room: Slug
    client_id: UUID
    body: str
    reply_to: Number | None = None
    attachments: Annotated[list[things.PostedFile], Field(default_factory=list, max_length=MESSAGE_FILES)]
    poll: things.PostedPoll | None = None
    silent: Annotated[bool, Field(strict=True)] = False
    thread: Number | None = None
    in_room: Annotated[bool, Field(strict=True)] = False


class Edit(Command):
    """Change the text of one's own message."""

    answers: ClassVar[type[Schema]] = replies.MessageReply
    type: Literal["edit"] = "edit"
    message: Number
    body: str


class Tick(Command):
    """Tick a task of one's own message (`on` true), or remove the tick. `task` is its number in the message, from 0:
    the `data-task` of its box in the HTML."""

    answers: ClassVar[type[Schema]] = replies.MessageReply
    type: Literal["tick"] = "tick"
    message: Number
    task: Number
    on: bool


class Delete(Command):
    """Delete one's own message, or as a moderator anyone's. The message stays in the log, without its text."""

    answers: ClassVar[type[Schema]] = replies.MessageReply
    type: Literal["delete"] = "delete"
    message: Number


class RemovePreview(Command):
    """Remove the preview of one link, with this `url`, from one's own message, or as a moderator from anyone's."""

    answers: ClassVar[type[Schema]] = replies.MessageReply
    type: Literal["remove_preview"] = "remove_preview"
    message: Number
    url: str


class React(Command):
    """Add (`on` true) or remove one's own reaction: one emoji, with its modifiers."""

    answers: ClassVar[type[Schema]] = replies.MessageReply
    type: Literal["react"] = "react"
    message: Number
    emoji: str
    on: Annotated[bool, Field(strict=True)]


class Read(Command):
    """Mark the messages of a room as read, up to the one with the `seq` `upto`. The position never goes back by this.

    A client that reads by itself sends the `unread_marks` that it knows. If the person has marked messages as unread
    since then, on another device, the command does nothing.
    """

    type: Literal["read"] = "read"
    room: Slug
    upto: Number
    unread_marks: Number | None = None


class MarkUnread(Command):
    """Mark a message and all later ones of its room as unread; of a reply that only its thread shows, it and all later
    ones of the thread. Only members have a read position."""

    type: Literal["mark_unread"] = "mark_unread"
    message: Number


class Typing(Command):
    """Send to the watchers of a room that this person is typing. The room must be open on this connection.

    Clients stop showing it by themselves after some seconds.
    """

    type: Literal["typing"] = "typing"
    room: Slug


class History(Command):
    """Fetch a page of messages, oldest first: at most `limit` with a `seq` below `before`, or above `after`, or nearest
    to `around` (half of them older). Exactly one of the three is given."""

    answers: ClassVar[type[Schema]] = replies.HistoryReply
    type: Literal["history"] = "history"
    room: Slug
    before: Number | None = None
    after: Number | None = None
    around: Number | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=HISTORY_LARGEST_PAGE)] = HISTORY_PAGE


_ALL: tuple[type[Command], ...] = (
    *(
        Open,
        Close,
        Post,
        Edit,
        Tick,
        Delete,
        RemovePreview,
        React,
        Read,
        MarkUnread,
        Typing,
        History,
    ),
    *people_commands.ALL,
    *connection_commands.ALL,
    *message_commands.ALL,
    *room_commands.ALL,
    *sidebar_commands.ALL,
    *writing_commands.ALL,
    *thread_commands.ALL,
    *moderation_commands.ALL,
)
COMMANDS = {command.model_fields["type"].default: command for command in _ALL}
"""The schema of each command, by its `type`."""
