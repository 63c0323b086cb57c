"""The query language of search: a text becomes a `Query`. Pure; docs/search.md describes the language for people.

A query is never refused. What is wrong in it becomes a `Problem` with a code, and the rest is searched for. An operator
that does not exist is a word, because people search for `12:30` and `https://…`.
"""

from datetime import datetime, tzinfo

from . import dates
from .operators import OPERATORS, limits, value_of
from .query_types import Filter, FilterName, Problem, ProblemCode, Query, Term
from .tokens import Token, read_tokens

MAX_CHARACTERS = 1_000
"""What follows is not read."""
MAX_TERMS = 40
MAX_FILTERS = 30


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
            since, until = limits(token.operator, *days)
        known = value_of(name, value)
        return Filter(name, known, token.is_negated, since, until, token.start, token.end) if known else None

    def _note(self, code: ProblemCode, token: Token) -> None:
        self._problems.append(Problem(code, token.start, token.end))
