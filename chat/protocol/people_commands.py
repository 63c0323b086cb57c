"""Commands about people: their names, profiles and changes."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from . import replies
from .command import Command, Number, Slug
from .schema import Schema

PEOPLE_PAGE = 20
"""People in the answer to `people` unless it names a `limit`."""
PEOPLE_LARGEST_PAGE = 50


class People(Command):
    """Search the people of the site: at most `limit` with an active account, the best first. Not for guests.

    It finds names in which a word begins with `query` (in scripts without spaces: that contain it), names with these
    initials and, if there are none, names that differ in one letter. Case and accents do not matter. An empty `query`
    finds everyone, by name.
    """

    answers: ClassVar[type[Schema]] = replies.PeopleReply
    type: Literal["people"] = "people"
    query: Annotated[str, Field(max_length=80)] = ""
    limit: Annotated[int, Field(strict=True, ge=1, le=PEOPLE_LARGEST_PAGE)] = PEOPLE_PAGE


class ChangedPeople(Command):
    """Fetch the people who changed after the `people_version` of an earlier `welcome`, in their present form."""

    answers: ClassVar[type[Schema]] = replies.ChangedPeopleReply
    type: Literal["changed_people"] = "changed_people"
    since: Number


class Profile(Command):
    """Fetch what the card of a person shows. `room`: the room whose role of them is wanted."""

    answers: ClassVar[type[Schema]] = replies.ProfileReply
    type: Literal["profile"] = "profile"
    person: Number
    room: Slug | None = None


ALL: tuple[type[Command], ...] = (People, ChangedPeople, Profile)
