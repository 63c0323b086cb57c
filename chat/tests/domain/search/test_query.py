"""The query language: what a text searches for, and what is wrong in it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.search.operators import OPERATORS
from chat.domain.search.query import MAX_CHARACTERS, MAX_FILTERS, MAX_TERMS, parse
from chat.domain.search.query_types import FilterName, ProblemCode, Query, Term

NOW = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
"""A Thursday; in Tokyo it is Friday."""
SIGNS = "\"“”„'():*-|^~+{}[]\\/&!<>@#.,;%_ \t\n\0\u3000"


def read(text: str, zone: str = "UTC", *, is_typing: bool = False) -> Query:
    """The query of a text."""
    return parse(text, now=NOW, zone=ZoneInfo(zone), is_typing=is_typing)


def words(text: str, **options) -> list[list[str]]:
    """The groups of a query's terms, without how they are meant."""
    return [[term.text for term in group] for group in read(text, **options).groups]


def filters(text: str, **options) -> list[tuple[str, str]]:
    """The filters of a query; `-` before the names of those that are negated."""
    return [("-" * each.is_negated + each.name.value, each.value) for each in read(text, **options).filters]


def problems(text: str) -> list[tuple[str, str]]:
    """The codes of a query's problems, and what they are about."""
    return [(each.code.value, text[each.start : each.end]) for each in read(text).problems]


def days(text: str, zone: str = "UTC") -> tuple[str | None, str | None]:
    """The limits of the date in a query, as texts."""
    [found] = read(text, zone).filters
    return found.since and f"{found.since:%Y-%m-%d %H:%M %z}", found.until and f"{found.until:%Y-%m-%d %H:%M %z}"


def test_words_stand_for_themselves_and_all_of_them_are_wanted():
    assert words("  release\u3000notes\n部署 ") == [["release"], ["notes"], ["部署"]]


@pytest.mark.parametrize("quotes", ['""', "“”", "„“", "＂＂"])
def test_words_in_quotation_marks_of_any_keyboard_are_a_phrase(quotes):
    first, last = quotes
    assert read(f"{first}big  release{last} x").groups == ((Term("big release", is_phrase=True),), (Term("x"),))


def test_a_star_makes_a_word_the_beginning_of_words():
    assert read("deplo*").groups == ((Term("deplo", is_prefix=True),),)


def test_the_last_word_is_a_beginning_while_one_types():
    assert read("big rel", is_typing=True).groups == ((Term("big"),), (Term("rel", is_prefix=True),))
    assert read("big rel", is_typing=False).groups[1] == (Term("rel"),)


@pytest.mark.parametrize("text", ["rel ", '"rel"', "-rel"])
def test_a_finished_word_is_whole_also_while_one_types(text):
    query = read(text, is_typing=True)
    assert not any(term.is_prefix for term in [*query.excluded, *(term for group in query.groups for term in group)])


def test_a_minus_excludes_a_word_a_phrase_or_a_filter():
    query = read('deploy -draft -"not yet" -from:bob')
    assert query.excluded == (Term("draft"), Term("not yet", is_phrase=True))
    assert [(each.name, each.is_negated) for each in query.filters] == [(FilterName.FROM, True)]


@pytest.mark.parametrize("text", ["a - b", "a-b", "- -"])
def test_a_minus_that_is_not_before_a_word_excludes_nothing(text):
    assert read(text).excluded == ()


def test_or_joins_the_words_beside_it():
    assert words('deploy OR rollback | "roll back" today') == [["deploy", "rollback", "roll back"], ["today"]]


@pytest.mark.parametrize("text", ["OR a", "a OR", "a OR OR", "OR OR a OR"])
def test_or_without_a_word_beside_it_joins_nothing(text):
    assert words(text) == [["a"]]


def test_or_in_small_letters_is_a_word():
    assert words("this or that") == [["this"], ["or"], ["that"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("from:alice", ("from", "alice")), ("sender:@alice", ("from", "alice")), ("FROM:Me", ("from", "me"))),
        *(("in:general", ("in", "general")), ("channel:#general", ("in", "general")), ("with:bob", ("with", "bob"))),
        *(("has:link", ("has", "link")), ("has:Images", ("has", "image")), ("is:starred", ("is", "saved"))),
        *(
            ("mentions:@me", ("mentions", "me")),
            ("ext:.PDF", ("ext", "pdf")),
            ('file:"my report"', ("file", "my report")),
        ),
        *(("from：me", ("from", "me")), ('in:"big room"', ("in", "big room")), ("-is:dm", ("-is", "dm"))),
    ],
)
def test_operators_filter_in_both_spellings(text, found):
    assert filters(text) == [found]
    assert problems(text) in ([], [("only_exclusions", text)])


@pytest.mark.parametrize(
    "text", ["12:30", "https://example.org/x", "foo:bar", ":tada:", "std::vector", "in://x", "re:view"]
)
def test_an_unknown_operator_is_a_word(text):
    assert words(text) == [[text]]
    assert (filters(text), problems(text)) == ([], [])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *(("has:cheese", "unknown_value"), ("is:nice", "unknown_value"), ("ext:..", "missing_value")),
        *(("on:2026-02-31", "unknown_date"), ("before:soon", "unknown_date"), ("during:2026-13", "unknown_date")),
        *(("after:0001-01-01", "unknown_date"), ("on:9999-12-31", "unknown_date"), ("on:99999d", "unknown_date")),
        *(("from:", "missing_value"), ("in:#", "missing_value"), ('"no end', "unclosed_quote")),
        *(("-draft", "only_exclusions"), ("-from:me", "only_exclusions")),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, code):
    assert problems(text) == [(code, text)]


def test_the_rest_of_a_query_with_a_problem_is_searched_for():
    query = read("release has:cheese from:bob")
    assert (words("release has:cheese"), [each.value for each in query.filters]) == ([["release"]], ["bob"])


def test_a_quotation_mark_within_a_word_needs_no_end():
    assert words('a 6" disk') == [["a"], ['6"'], ["disk"]]
    assert problems('a 6" disk') == []


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("on:2026-11-03", ("2026-11-03 00:00 +0000", "2026-11-04 00:00 +0000")),
        ("before:2026-11-03", (None, "2026-11-03 00:00 +0000")),
        ("after:2026-11-03", ("2026-11-04 00:00 +0000", None)),
        ("since:2026-11", ("2026-11-01 00:00 +0000", None)),
        ("until:2026-11", (None, "2026-12-01 00:00 +0000")),
        ("during:2026-12", ("2026-12-01 00:00 +0000", "2027-01-01 00:00 +0000")),
        ("during:2025", ("2025-01-01 00:00 +0000", "2026-01-01 00:00 +0000")),
        ("on:today", ("2026-11-26 00:00 +0000", "2026-11-27 00:00 +0000")),
        ("on:Yesterday", ("2026-11-25 00:00 +0000", "2026-11-26 00:00 +0000")),
        ("on:friday", ("2026-11-20 00:00 +0000", "2026-11-21 00:00 +0000")),
        ("during:december", ("2025-12-01 00:00 +0000", "2026-01-01 00:00 +0000")),
        ("during:last-week", ("2026-11-16 00:00 +0000", "2026-11-23 00:00 +0000")),
        ('during:"last week"', ("2026-11-16 00:00 +0000", "2026-11-23 00:00 +0000")),
        ("during:last-month", ("2026-10-01 00:00 +0000", "2026-11-01 00:00 +0000")),
        ("since:7d", ("2026-11-19 00:00 +0000", None)),
    ],
)
def test_dates_are_days_months_years_and_words(text, limits):
    assert days(text) == limits


def test_dates_are_those_of_the_readers_zone():
    assert days("on:today", "Asia/Tokyo") == ("2026-11-27 00:00 +0900", "2026-11-28 00:00 +0900")
    assert days("on:2026-03-29", "Europe/Berlin") == ("2026-03-29 00:00 +0100", "2026-03-30 00:00 +0200")


@pytest.mark.parametrize("text", ["", "   ", "()", "***", "*", '""', "-", "OR", "| |", "...!?", "-()", '"" ""'])
def test_a_text_without_words_is_an_empty_query_without_problems(text):
    query = read(text)
    assert query.is_empty
    assert query.problems == ()


def test_a_filter_alone_is_a_query():
    assert not read("from:me").is_empty


def test_a_long_text_is_cut():
    query = read("a" * 8_000)
    assert [term.text for group in query.groups for term in group] == ["a" * MAX_CHARACTERS]
    assert [each.code for each in query.problems] == [ProblemCode.TOO_LONG]


def test_of_many_words_and_filters_the_first_ones_count():
    text = " ".join([*map(str, range(MAX_TERMS + 3)), *["has:link"] * (MAX_FILTERS + 1)])
    assert len(text) <= MAX_CHARACTERS
    query = read(text)
    assert words(text)[-1] == [str(MAX_TERMS - 1)]
    assert len(query.filters) == MAX_FILTERS
    assert {each.code for each in query.problems} == {ProblemCode.TOO_MANY_WORDS}


WORDS = st.one_of(
    st.text(max_size=12),
    st.text(SIGNS, max_size=6),
    st.builds("{}:{}".format, st.sampled_from(sorted(OPERATORS)), st.text(max_size=10)),
    st.sampled_from(
        ["OR", "NEAR(a b)", "a^2", "col:x", "'; DROP", "a & !b | (c", "$$", "has:link", "on:today", '"', "*"]
    ),
)


@given(st.lists(WORDS, max_size=30).map(" ".join), st.booleans())
def test_every_text_has_a_query_within_its_limits(text, is_typing):
    query = read(text, is_typing=is_typing)
    terms = [*query.excluded, *(term for group in query.groups for term in group)]
    assert len(terms) <= MAX_TERMS
    assert all(term.text.strip() for term in terms)
    assert all(0 <= each.start < each.end <= len(text) for each in [*query.filters, *query.problems])
    assert all((each.since or each.until) is not None for each in query.filters if each.name is FilterName.DATE)
