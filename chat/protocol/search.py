"""The answer to a search, which a page asks over HTTP: `/search/results/`. A slow search must not hold up a socket."""

from .schema import Schema, Timestamp
from .things import Attachment, Guest, Person, PersonName


class FoundFile(Schema):
    """A file of a message that was found: its `name`, and `fragments` of its text, if something was found there, in the
    form of those of `SearchHit`."""

    file: Attachment
    name: list[str]
    fragments: list[list[str]]


class SearchHit(Schema):
    """A message that was found. `room` is a slug; `thread` and `in_room` are those of the message.

    `fragments` are parts of its text around what was found. Each is a list of texts that follow each other: the first,
    third … are plain, the second, fourth … are marked. Nothing of it is HTML. A hit has at most four `files`.
    """

    id: int
    seq: int
    room: str
    thread: int | None
    in_room: bool
    author: Person | None
    guest: Guest | None
    at: Timestamp
    edited_at: Timestamp | None
    fragments: list[list[str]]
    files: list[FoundFile]


class SearchRoom(Schema):
    """The room of a hit. `people` are those of a direct room, which has no name."""

    slug: str
    name: str
    kind: str
    archived: bool
    people: list[PersonName]


class SearchFilter(Schema):
    """A filter of the query: `name` and `value` as the server understood them, and its place in the text, from `start`
    to `end`, in code points."""

    name: str
    value: str
    negated: bool
    start: int
    end: int


class SearchProblem(Schema):
    """What is wrong in the query: a code, a sentence for people, and the place in the text, in code points."""

    code: str
    detail: str
    start: int
    end: int


class SearchResults(Schema):
    """A page of what was found. `next` is what the question for the next page names as `after`; null at the end.

    `is_empty`: the query asks for nothing, so that nothing was searched for.
    """

    hits: list[SearchHit]
    rooms: list[SearchRoom]
    next: str | None
    filters: list[SearchFilter]
    problems: list[SearchProblem]
    is_empty: bool
