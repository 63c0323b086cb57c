"""What a person keeps for themselves."""

from ..schema import Schema, Timestamp
from .attachments import Attachment
from .messages import Quote


class Draft(Schema):
    """What a person has written in a room and not sent, the same on all their devices. Nobody else gets it.

    `thread` is the id of the thread's first message; null for the room itself. `client_id` is reserved for this text:
    whoever sends the draft posts with it. `quote` shows the message that it answers.
    """

    room: str
    thread: int | None
    body: str
    reply_to: int | None
    quote: Quote | None
    client_id: str
    at: Timestamp


class Scheduled(Schema):
    """A message that will be posted at the time `at`. Only its author gets it."""

    id: int
    room: str
    thread: int | None
    body: str
    silent: bool
    at: Timestamp
    attachments: list[Attachment]


class Saved(Schema):
    """A `message` (its id) that this person has saved for later. `remind_at` is null without a reminder; `is_due`: the
    reminder has come."""

    message: int
    remind_at: Timestamp | None
    is_due: bool
