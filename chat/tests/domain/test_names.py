"""Which characters a name may contain, and which names look alike."""

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from chat.domain import names, unicode
from chat.domain.markdown import mentions

SHARED = Path(__file__).parents[4] / "shared" / "cases" / "faults" / "names.json"


def refused(name: str) -> bool:
    """Whether this name is refused for all users."""
    try:
        names.clean(name)
    except ValidationError:
        return True
    return False


def alike(one: str, other: str) -> bool:
    """Whether the two names look alike."""
    return bool(names.keys(one) & names.keys(other))


@pytest.mark.parametrize(
    "name",
    [
        *("नरेंद्र", "ธิดา", "தமிழ்", "ကျော်", "ሰላም", "ᐃᓄᒃ", "עברית", "فارسی", "nguyễn", "Ærøskøbing"),
        *("李明", "佐藤さん", "Tanaka田中", "김민수", "kim김", "王小明ㄅ", "Владимир"),
        *("O'Brien", "O’Brien", "erin.o-neil_2", "erin+chat@example.org", "Gal·la", "7of9", "_erin_"),
    ],
)
def test_a_name_of_any_language_is_accepted(name):
    assert not refused(name)


@pytest.mark.parametrize("name", ["sam.", "th-", "sam+", "erin@", "o'", ".sam", "-sam", "@sam", "'sam", "..."])
def test_a_name_that_cannot_be_mentioned_is_refused(name):
    assert refused(name)


@pytest.mark.parametrize(
    "name",
    [
        "a\u200bnn",
        "a\u00adnn",
        "ann\ufe0f",
        "\u3164",
        "\u115f",
        "an\u200dn",
        "\u2800",
        "ann\u2800",
        "\u202eann",
        "\u034fann",
    ],
)
def test_a_name_with_invisible_characters_is_refused(name):
    assert refused(name)


@pytest.mark.parametrize("name", ["аnn", "bоss", "Vладимир", "αnn", "дан田", "user٣", "3٣", "kim김さん"])
def test_a_name_of_mixed_scripts_is_refused(name):
    assert refused(name)


@pytest.mark.parametrize("name", ["z\u0335\u0336\u0337\u0338\u0334", "a\u0301\u0301", "\u0301a", "a\u20dd"])
def test_a_letter_with_too_many_marks_is_refused(name):
    assert refused(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("ann", "ANN"), ("ann", "ａnn"), ("ann", "аnn"), ("ann", "ΑΝΝ"), ("scope", "ѕсоре"), ("cope", "СОРЕ")),
        *(("bob", "b0b"), ("Ian", "lan"), ("ian", "Ian"), ("sam1", "saml"), ("modern", "rnodern"), ("ærø", "ÆRØ")),
        *(("O'Brien", "O’Brien"), ("josé", "jose\u0301")),
    ],
)
def test_these_names_look_alike(one, other):
    assert alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"), [("ann", "anna"), ("jose", "josé"), ("neil", "nell"), ("al", "ai"), ("erin", "er.in")]
)
def test_these_names_look_different(one, other):
    assert not alike(one, other)


@given(st.text(max_size=40))
def test_cleaning_an_accepted_name_again_does_not_change_it(text):
    if not refused(text):
        name = names.clean(text)
        assert names.clean(name) == name
        assert mentions.is_mentionable(name)
        assert alike(name, name.swapcase()) or not name.isascii()
        assert not any(unicode.is_invisible(char) for char in name)
    assert all(len(key) == 64 for key in names.keys(text))


@pytest.mark.skipif(not SHARED.exists(), reason="the shared cases are not part of the repository")
def test_the_shared_cases():
    cases = json.loads(SHARED.read_text())
    assert [name for name in cases["accept"] if refused(name)] == []
    groups = cases["refuse"]
    loose = [*groups["ends in punctuation"], *groups["invisible"]]
    assert [name for name in loose if not refused(name)] == []
    like_ann = groups["looks like ann, who exists"]
    assert [name for name in like_ann if not refused(name) and not alike(name, "ann")] == []
