"""What one person keeps for themselves changed, perhaps on another device."""

from typing import Literal

from ..schema import Schema, Timestamp
from ..things import Draft, Saved


class DraftEvent(Schema):
    """The draft of this person in a room or a thread changed, perhaps on another device. `draft` is null if there is
    none any more. Of two such events, the one with the later `at` counts."""

    type: Literal["draft"] = "draft"
    room: str
    thread: int | None
    at: Timestamp
    draft: Draft | None


class ScheduledChanged(Schema):
    """This person's scheduled messages changed: `waiting` will be sent, `failed` could not be. The page `/scheduled/`
    lists them."""

    type: Literal["scheduled"] = "scheduled"
    waiting: int
    failed: int


class VotesEvent(Schema):
    """This person voted in the poll of a message, perhaps on another device: the places of the options, from 0."""

    type: Literal["votes"] = "votes"
    message: int
    options: list[int]


class SavedEvent(Schema):
    """This person saved a `message` (its id) for later, changed its reminder, or is reminded of it (`is_due`). `saved`
    is null when they removed it."""

    type: Literal["saved"] = "saved"
    message: int
    saved: Saved | None
