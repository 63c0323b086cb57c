"""The query language of search: a text becomes a `Query`. Pure; docs/search.md describes the language for people.

A query is never refused. What is wrong in it becomes a `Problem` with a code, and the rest is searched for. An operator
that does not exist is a word, because people search for `12:30` and `https://…`.
"""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from enum import StrEnum

from . import dates
from .tokens import Token, read_tokens

MAX_CHARACTERS = 1_000
"""What follows is not read."""
MAX_TERMS = 40
MAX_FILTERS = 30


class FilterName(StrEnum):
    """What a filter compares. The operators of both spellings lead to these: see OPERATORS."""

    FROM = "from"
    """Who wrote it: a handle without `@`, or `me`."""
    IN = "in"
    """The room: a slug or a name without `#`."""
    WITH = "with"
    """A direct room with this person: a handle without `@`, or `me`."""
    DATE = "date"
    """When: `since` and `until` have the times, `value` what was typed."""
    HAS = "has"
    """A member of HAS."""
    IS = "is"
    """A member of IS."""
    MENTIONS = "mentions"
    """Who is mentioned: a handle without `@`, or `me`."""
    EXT = "ext"
    """It has a file whose name has this extension, in lower case, without a dot."""
    FILE = "file"
    """It has a file whose name contains these words."""


class ProblemCode(StrEnum):
    """What is wrong in a query."""

    TOO_LONG = "too_long"
    """It has more than MAX_CHARACTERS."""
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


_HAS_SPELLINGS: dict[str, tuple[str, ...]] = {
    "link": ("links", "url", "urls"),
    "image": ("images", "picture", "pictures", "photo"),
    "video": ("videos",),
    "audio": ("sound", "voice"),
    "file": ("files", "attachment", "attachments"),
    "code": ("snippet",),
    "reaction": ("reactions", "emoji"),
    "pin": ("pins", "pinned"),
    "poll": ("polls",),
}
_IS_SPELLINGS: dict[str, tuple[str, ...]] = {
    "unread": (),
    "mention": ("mentions", "mentioned"),
    "saved": ("starred", "bookmarked"),
    "thread": ("threads", "reply"),
    "dm": ("direct", "private"),
}
_OPERATOR_SPELLINGS: dict[FilterName, tuple[str, ...]] = {
    FilterName.FROM: ("from", "sender"),
    FilterName.IN: ("in", "channel", "room", "stream"),
    FilterName.WITH: ("with", "dm", "dm-with", "pm-with"),
    FilterName.DATE: ("before", "after", "on", "during", "date", "since", "until"),
    FilterName.HAS: ("has",),
    FilterName.IS: ("is",),
    FilterName.MENTIONS: ("mentions",),
    FilterName.EXT: ("ext", "type", "filetype"),
    FilterName.FILE: ("file", "filename"),
}
HAS = frozenset(_HAS_SPELLINGS)
IS = frozenset(_IS_SPELLINGS)
OPERATORS = {spelling: name for name, spellings in _OPERATOR_SPELLINGS.items() for spelling in spellings}
"""What each operator filters by. `from:` and `sender:`, `in:` and `channel:` … mean the same."""


def parse(text: str, *, now: datetime, zone: tzinfo, is_typing: bool = False) -> Query:
    """Read a query. `now` is an aware time, `zone` the reader's time zone, in which dates are meant.

    With `is_typing`, a word at the very end of the text is the beginning of a word.
    """
    problems: list[Problem] = []
    if len(text) > MAX_CHARACTERS:
        problems.append(Problem(ProblemCode.TOO_LONG, MAX_CHARACTERS, len(text)))
        text, is_typing = text[:MAX_CHARACTERS], False
    reading = _Reading(now, zone, problems)
    tokens = read_tokens(text, OPERATORS)
    for token in tokens:
        reading.add(token, is_last=is_typing and token.end == len(text))
    return reading.finish(len(text))


class _Reading:
    """Collects the parts of a query, token by token."""

    def __init__(self, now: datetime, zone: tzinfo, problems: list[Problem]) -> None:
        self._now, self._zone, self._problems = now, zone, problems
        self._groups: list[list[Term]] = []
        self._excluded: list[Term] = []
        self._filters: list[Filter] = []
        self._joins = False
        """Whether the last token was OR after a term."""
        self._after_term = False

    def add(self, token: Token, is_last: bool) -> None:
        """Add what a token means. `is_last`: it is at the end of a text that is being typed."""
        if token.is_or:
            self._joins = self._after_term
            return
        joins, self._joins, self._after_term = self._joins, False, False
        if token.is_unclosed:
            self._note(ProblemCode.UNCLOSED_QUOTE, token)
        if token.operator:
            self._add_filter(token)
        else:
            self._add_term(token, is_last, joins)

    def finish(self, end: int) -> Query:
        """The query of all tokens."""
        query = Query(tuple(map(tuple, self._groups)), tuple(self._excluded), tuple(self._filters))
        is_negative = self._excluded or any(each.is_negated for each in self._filters)
        if query.is_empty and is_negative:
            self._problems.append(Problem(ProblemCode.ONLY_EXCLUSIONS, 0, end))
        return Query(query.groups, query.excluded, query.filters, tuple(self._problems))

    def _add_term(self, token: Token, is_last: bool, joins: bool) -> None:
        word = token.value.rstrip("*")
        has_star = word != token.value and not token.is_quoted
        if not any(character.isalnum() or not character.isascii() for character in word):
            # Punctuation and wildcards alone are in no document.
            return
        if len(self._excluded) + sum(map(len, self._groups)) >= MAX_TERMS:
            return self._note(ProblemCode.TOO_MANY_WORDS, token)
        may_go_on = is_last and not token.is_negated and (not token.is_quoted or token.is_unclosed)
        term = Term(token.value if token.is_quoted else word, token.is_quoted, has_star or may_go_on)
        if token.is_negated:
            self._excluded.append(term)
        elif joins:
            self._groups[-1].append(term)
        else:
            self._groups.append([term])
        self._after_term = not token.is_negated

    def _add_filter(self, token: Token) -> None:
        name, value = OPERATORS[token.operator], token.value.strip()
        if not value.strip("@#."):
            return self._note(ProblemCode.MISSING_VALUE, token)
        if len(self._filters) >= MAX_FILTERS:
            return self._note(ProblemCode.TOO_MANY_WORDS, token)
        found = self._filter(name, value, token)
        if found:
            self._filters.append(found)
        else:
            is_date = name is FilterName.DATE
            self._note(ProblemCode.UNKNOWN_DATE if is_date else ProblemCode.UNKNOWN_VALUE, token)

    def _filter(self, name: FilterName, value: str, token: Token) -> Filter | None:
        """None if the operator has no such value."""
        since = until = None
        if name is FilterName.DATE:
            days = dates.period(value, self._now, self._zone)
            if days is None:
                return None
            since, until = _limits(token.operator, *days)
        known = _value(name, value)
        return Filter(name, known, token.is_negated, since, until, token.start, token.end) if known else None

    def _note(self, code: ProblemCode, token: Token) -> None:
        self._problems.append(Problem(code, token.start, token.end))


def _limits(operator: str, first: datetime, after: datetime) -> tuple[datetime | None, datetime | None]:
    match operator:
        case "before":
            return None, first
        case "until":
            return None, after
        case "after":
            return after, None
        case "since":
            return first, None
    return first, after


def _value(name: FilterName, value: str) -> str | None:
    """The value that a filter compares with; None if the operator has no such value."""
    match name:
        case FilterName.FROM | FilterName.WITH | FilterName.MENTIONS:
            handle = value.removeprefix("@")
            return "me" if handle.casefold() == "me" else handle
        case FilterName.IN:
            return value.removeprefix("#")
        case FilterName.HAS:
            return _one_of(_HAS_SPELLINGS, value)
        case FilterName.IS:
            return _one_of(_IS_SPELLINGS, value)
        case FilterName.EXT:
            extension = value.lstrip("*.").casefold()
            return extension if extension and len(extension) <= 16 else None
    return value


def _one_of(spellings: dict[str, tuple[str, ...]], value: str) -> str | None:
    folded = value.casefold()
    return next((name for name, others in spellings.items() if folded == name or folded in others), None)
