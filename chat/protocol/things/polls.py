"""Polls, and what people choose in them."""

from typing import Annotated

from pydantic import Field

from ..schema import Schema
from .people import PersonName


class PollOption(Schema):
    """One option of a poll. `votes` people chose it; `people` names the first 50 of them, and nobody in an anonymous
    poll."""

    text: str
    votes: int
    people: list[PersonName]


class Poll(Schema):
    """A question with options to vote for. The text of its message is the question.

    `multiple`: a person may choose several options. `anonymous`: nobody is told who voted what; one's own votes come by
    `votes`. `closed`: nobody can vote any more. `voters` is the number of people who voted.
    """

    options: list[PollOption]
    multiple: bool
    anonymous: bool
    closed: bool
    voters: int


class PostedPoll(Schema):
    """The poll of a message that is posted: 2 to 10 different options of at most 80 characters."""

    options: Annotated[list[str], Field(max_length=10)]
    multiple: Annotated[bool, Field(strict=True)] = False
    anonymous: Annotated[bool, Field(strict=True)] = False


class OwnVotes(Schema):
    """What one person chose in the poll of a message: the places of options, from 0."""

    message: int
    options: list[int]
