"""What a query of a search consists of: see `query.parse`."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class FilterName(StrEnum):
    """What a filter compares. The operators of both spellings lead to these: see `operators.OPERATORS`."""

    FROM = "from"
    """Who wrote it: a handle without `@`, or `me`."""
    IN = "in"
    """The room: a slug or a name without `#`."""
    WITH = "with"
    """A direct room with this person: a handle without `@`, or `me`."""
    DATE = "date"
    """When: `since` and `until` have the times, `value` what was typed."""
    HAS = "has"
    """A key of `operators.HAS`."""
    IS = "is"
    """A key of `operators.IS`."""
    MENTIONS = "mentions"
    """Who is mentioned: a handle without `@`, or `me`."""
    EXT = "ext"
    """It has a file whose name has this extension, in lower case, without a dot."""
    FILE = "file"
    """It has a file whose name contains these words."""


class ProblemCode(StrEnum):
    """What is wrong in a query."""

    TOO_LONG = "too_long"
    """It has more than `query.MAX_CHARACTERS`."""
    TOO_MANY_WORDS = "too_many_words"
    """It has more than MAX_TERMS words and phrases, or more than MAX_FILTERS filters. The others are left out."""
    MISSING_VALUE = "missing_value"
    """An operator has no value: `from:`. People are typing it, perhaps."""
    UNKNOWN_VALUE = "unknown_value"
    """An operator does not have this value: `has:cheese`."""
    UNKNOWN_DATE = "unknown_date"
    """A date does not exist or is not understood: `on:2026-02-31`."""
    UNCLOSED_QUOTE = "unclosed_quote"
    """A quotation mark opens a phrase that has no end. The phrase ends with the text."""
    ONLY_EXCLUSIONS = "only_exclusions"
    """It says only what must not be found. Nothing is searched for."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A `code`, and the part of the text that it is about: from `start` to `end`, counted in code points."""

    code: ProblemCode
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """A word, or the words of a phrase, as typed. With `is_prefix`, the last word may go on: it is its beginning."""

    text: str
    is_phrase: bool = False
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition. `value` is one of the values that FilterName describes.

    `since` (inclusive) and `until` (exclusive) are set for DATE alone; at least one of them is. `start` and `end` are
    the place in the text, counted in code points.
    """

    name: FilterName
    value: str
    is_negated: bool = False
    since: datetime | None = None
    until: datetime | None = None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched for.

    Each group of `groups` must be found: at least one of its terms. Nothing of `excluded` may be found.
    Filters that are not negated: of several FROM, IN, WITH or EXT, one must be true; of the others all must be true.
    No negated filter may be true.
    """

    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to search for: neither words nor a filter says what is wanted."""
        return not self.groups and not any(not each.is_negated for each in self.filters)
