"""The search for people of the site."""

import pytest

from chat.domain import directory
from chat.domain.errors import Forbidden, Invalid
from chat.tests.cast import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowd(alice, bob):
    """Ann Smith, Annika, Joanna, Zoë and Анна; and Anton, whose account is closed."""
    for name in ("ann.smith", "Annika", "joanna", "zoë", "анна", "o'brien"):
        person(name)
    person("anton", is_active=False)


@pytest.fixture
def names(crowd, alice):
    """Function that returns the names that Alice finds by a query."""
    return lambda query, **options: [found.name for found in directory.search_people(by=alice, query=query, **options)]


def test_the_beginning_of_a_name_finds_it_in_any_case(names):
    assert names("ann") == ["ann.smith", "Annika"]
    assert names("ANN") == ["ann.smith", "Annika"]
    assert names("@annik") == ["Annika"]
    assert names("ZOË") == ["zoë"]
    assert names("АНН") == ["анна"]


def test_the_beginning_of_a_later_word_finds_a_name(names):
    assert names("smi") == ["ann.smith"]
    assert names("bri") == ["o'brien"]
    assert names("ann sm") == ["ann.smith"]


def test_accents_do_not_matter(names):
    assert names("zoe") == ["zoë"]
    assert names("ânn") == ["ann.smith", "Annika"]


def test_a_chinese_name_is_found_by_any_of_its_characters(names):
    person("王小明")
    assert names("明") == names("小明") == names("王小") == ["王小明"]
    assert names("小王") == []


def test_initials_find_a_name(names):
    assert names("as") == ["ann.smith"]
    assert names("ob") == ["o'brien"]


@pytest.mark.parametrize("query", ["annka", "annnika", "ajnika", "annkia", "nnika", "amn"])
def test_one_typing_error_finds_a_name(names, query):
    assert "Annika" in names(query)


def test_two_typing_errors_find_nothing(names):
    assert names("amika") == []
    assert names("anikka") == []


def test_a_closed_account_is_not_found(names):
    assert names("anton") == []


def test_an_empty_query_finds_everyone_by_name(names):
    assert names(" ") == ["alice", "ann.smith", "Annika", "bob", "joanna", "o'brien", "zoë", "анна"]
    assert names("", limit=2) == ["alice", "ann.smith"]


@pytest.mark.parametrize("query", [r"\w", ".*", "[a", "a]", "(a|b)", "^", "a{3}", "%", "_", "\0", "ß", "İ", "-", "\\"])
def test_signs_of_regular_expressions_have_no_meaning(names, query):
    assert names(query) == []


@pytest.mark.parametrize("limit", [0, 51, -1])
def test_the_number_of_people_is_limited(names, limit):
    with pytest.raises(Invalid):
        names("a", limit=limit)


def test_guests_find_nobody(crowd, gina):
    with pytest.raises(Forbidden):
        directory.search_people(by=gina, query="ann")


def test_any_query_of_any_length_is_answered(names):
    assert names("x" * 80) == []
    assert names("x" * 20) == []
