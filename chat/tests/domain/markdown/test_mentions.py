"""Where mentions begin and end, for given names."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from chat.domain import names
from chat.domain.markdown import grammar, mentions

CASES = Path(__file__).resolve().parents[5] / "shared/cases/faults/mentions.json"
PEOPLE = ["bob", "Dana", "sam.", "佐藤", "José", "Ann van der Berg", "O'Brien"]


def who(body: str) -> list[str]:
    """The names that `body` mentions, of those that `candidates` returns."""
    wanted = mentions.candidates(body)
    known = {mentions.key(name): name for name in PEOPLE if mentions.key(name) in wanted}
    return grammar.render(body, known).named


@pytest.mark.parametrize(
    ("body", "people"),
    [
        ("@bob, @dana!", ["bob", "Dana"]),
        ("@bob @bob @BOB", ["bob"]),
        ("@Ann van der Berg is here", ["Ann van der Berg"]),
        ("@ann van", []),
        ("@O’Brien's", ["O'Brien"]),
        ("**@bob** ~~@dana~~ _@佐藤_", ["bob", "Dana", "佐藤"]),
        ("# @bob", ["bob"]),
        ("@bob@dana", []),
        ("@bob/@dana", ["bob", "Dana"]),
        ("(@bob)", ["bob"]),
        ('"@bob"', ["bob"]),
        ("cc:@bob", ["bob"]),
        ("@sam. Hello", ["sam."]),
        ("a_@bob.example", []),
        ("привет@bob", []),
    ],
)
def test_names_in_a_text_are_mentioned(body, people):
    assert who(body) == people


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not beside this checkout")
def test_the_shared_cases():
    for case in json.loads(CASES.read_text(encoding="utf-8"))["cases"]:
        assert who(case["in"]) == case["who"], case["in"]


@pytest.mark.parametrize("name", ["sam.", "th-", "-a", ".a", "a  b", "a\nb", "", "a" * 151, "a b c d e", "a!b"])
def test_these_names_cannot_be_mentioned(name):
    assert not mentions.is_mentionable(name)


NAME = st.text(st.characters(categories=["L", "N", "Mn", "Mc"]) | st.sampled_from("@.+-_'’·"), max_size=12)


@given(NAME)
def test_every_allowed_name_can_be_mentioned(name):
    try:
        name = names.clean(name)
    except ValidationError:
        return
    assert mentions.is_mentionable(name)
    for body in (f"@{name}", f"Ahoy @{name.upper()}!", f"({mentions.SIGNS[1]}{name})"):
        if mentions.key(name.upper()) == mentions.key(name):
            assert mentions.key(name) in mentions.candidates(body)
            assert grammar.render(body, {mentions.key(name): 1}).named == [1]
