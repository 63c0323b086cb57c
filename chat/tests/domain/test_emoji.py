"""The list of emoji that the server and the page share."""

import json
import re

import pytest

from chat.domain import text
from chat.domain.emoji import by_name, canonical
from chat.domain.emoji.names import FOLDER

DATA = json.loads((FOLDER / "emoji.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "emoji"),
    [
        ("wave", "👋"),
        ("+1", "👍"),
        ("thumbsup", "👍"),
        ("heart", "❤️"),
        ("fr", "🇫🇷"),
        ("flag-fr", "🇫🇷"),
        ("man-shrugging", "🤷‍♂️"),
        ("tada", "🎉"),
    ],
)
def test_the_names_of_github_and_slack_are_known(name, emoji):
    assert by_name(name) == emoji


def test_a_name_that_no_emoji_has_is_none():
    assert by_name("Wave") is None
    assert by_name("no_such_emoji") is None


def test_each_emoji_of_the_list_is_stored_as_it_is_listed():
    listed = [each for row in DATA["emoji"] for each in (row["emoji"], *row.get("skins", ()))]
    assert len(listed) > 3000
    assert [canonical(text.check_emoji(emoji)) for emoji in listed] == listed


def test_each_emoji_has_a_group_and_names_that_no_other_one_has():
    names = [name for row in DATA["emoji"] for name in row["names"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9_+-]+", name) for name in names)
    assert all(row["names"] and row["words"] and row["group"] < len(DATA["groups"]) for row in DATA["emoji"])


@pytest.mark.parametrize("language", ["zh", "zh-hant"])
def test_each_emoji_has_words_in_each_language(language):
    words = json.loads((FOLDER / "words" / f"{language}.json").read_text("utf-8"))
    assert set(words) == {row["emoji"] for row in DATA["emoji"]}
    assert all(words.values())
