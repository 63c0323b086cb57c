"""The answers to commands about what a person keeps for themselves."""

from typing import Literal

from ..schema import Schema
from ..things import (
    Draft,
    OwnVotes,
    Scheduled,
)


class DraftsReply(Schema):
    """The answer to `drafts`: all drafts of this person, the latest first, and the numbers of their scheduled messages:
    `waiting` will be sent, `failed` could not be."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    drafts: list[Draft]
    waiting: int
    failed: int


class ScheduledReply(Schema):
    """The answer to `schedule`: the message that will be sent."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    scheduled: Scheduled


class VotesReply(Schema):
    """The answer to `votes`: what this person chose. Polls in which they did not vote are left out."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    votes: list[OwnVotes]
