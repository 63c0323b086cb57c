"""The commands of what a person writes: drafts, previews, scheduled messages and polls; and of their status."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from . import replies
from .command import Command, Number, Slug
from .schema import Schema
from .things import PostedFile

MESSAGE_FILES = 10
"""Files of one message."""
POLLS_ASKED = 200
"""Polls that one `votes` may ask about."""
Moment = Annotated[AwareDatetime, Field(strict=False, ge=datetime.fromisoformat("2000-01-01T00:00:00Z"))]
"""A time as text with its zone, such as 2026-11-26T09:00:00+01:00."""


class Draft(Command):
    """Keep what this person has written in a room, or in the thread of a message (`thread`, an id), and not sent.

    The last writer wins. Without a `body` and a `reply_to`, the draft is removed: send that after a `post`. A draft
    whose `client_id` was posted is not kept. The event `draft` follows. Not for guests.
    """

    type: Literal["draft"] = "draft"
    room: Slug
    client_id: UUID
    body: str
    thread: Number | None = None
    reply_to: Number | None = None


class Drafts(Command):
    """Ask for this person's drafts in the rooms that they may see. Guests have none."""

    answers: ClassVar[type[Schema]] = replies.DraftsReply
    type: Literal["drafts"] = "drafts"


class Schedule(Command):
    """Let the server post a message at the time `at`, at most a year from now; at once, if that time has come, also
    if it is in the past. Not for guests.

    The fields are those of `post`. The uploads in `attachments` are kept until the message is sent, and deleted if it
    is cancelled. The same `client_id` again changes nothing.
    """

    answers: ClassVar[type[Schema]] = replies.ScheduledReply
    type: Literal["schedule"] = "schedule"
    room: Slug
    client_id: UUID
    body: str
    at: Moment
    thread: Number | None = None
    reply_to: Number | None = None
    silent: Annotated[bool, Field(strict=True)] = False
    attachments: Annotated[list[PostedFile], Field(default_factory=list, max_length=MESSAGE_FILES)]


class Vote(Command):
    """Choose options (their places, from 0) of the poll of a message, in place of what this person chose before. None
    takes the vote back. Not for guests."""

    answers: ClassVar[type[Schema]] = replies.MessageReply
    type: Literal["vote"] = "vote"
    message: Number
    options: Annotated[list[Number], Field(max_length=10)]


class ClosePoll(Command):
    """End the poll of one's own message: nobody can vote any more."""

    answers: ClassVar[type[Schema]] = replies.MessageReply
    type: Literal["close_poll"] = "close_poll"
    message: Number


class Receipts(Command):
    """Ask who has read one's own message (its id)."""

    answers: ClassVar[type[Schema]] = replies.ReceiptsReply
    type: Literal["receipts"] = "receipts"
    message: Number


class Votes(Command):
    """Ask what this person chose in the polls of these messages (ids)."""

    answers: ClassVar[type[Schema]] = replies.VotesReply
    type: Literal["votes"] = "votes"
    messages: Annotated[list[Number], Field(max_length=POLLS_ASKED)]


class Render(Command):
    """Ask how a message with this `body` would look in a room, without posting it. It must be a text that could be
    posted there."""

    answers: ClassVar[type[Schema]] = replies.RenderReply
    type: Literal["render"] = "render"
    room: Slug
    body: str


class SetStatus(Command):
    """Say what one does: an emoji, a text of one line, or both; neither ends the status. The event `person` follows.
    Not for guests."""

    type: Literal["set_status"] = "set_status"
    emoji: str = ""
    text: str = ""


ALL: tuple[type[Command], ...] = (Draft, Drafts, Schedule, Vote, ClosePoll, Votes, Receipts, Render, SetStatus)
