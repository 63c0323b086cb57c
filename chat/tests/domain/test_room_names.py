"""Names of rooms in any script, and the slugs that are made from them."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain import room_names
from chat.domain.errors import Invalid

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Tea", "tea"),
        ("Tea & Cake, 2nd floor", "tea-cake-2nd-floor"),
        ("  Tea  ", "tea"),
        ("Zoë's Café", "zoe-s-cafe"),
        ("Straße Ærø Łódź", "strasse-aero-lodz"),
        ("ＦＵＬＬ width ②", "full-width-2"),
        ("Чай", "room"),
        ("茶", "room"),
        ("שלום", "room"),
        ("🍵", "room"),
        ("- - -", "room"),
        ("x" * 80, "x" * 48),
        ("Join", "join-room"),
        ("LOBBY", "lobby-room"),
        ("Room", "room"),
    ],
)
def test_a_slug_begins_with_the_letters_of_the_name_that_ascii_can_show(name, stem):
    assert room_names.stem_of(name) == stem


@given(ANY_TEXT)
def test_every_name_has_a_valid_stem_that_is_not_reserved(name):
    stem = room_names.stem_of(name)
    assert SLUG.match(stem)
    assert len(stem) <= room_names.MAX_STEM + len("-room")
    assert stem not in room_names.RESERVED


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("  Tea \t\n room ", "Tea room"),
        ("Cafe\u0301", "Café"),
        ("Tea\u202e\u200b\ufeff", "Tea"),
        ("Tea\x00\x07", "Tea"),
        ("שלום עולם", "שלום עולם"),
        ("👩‍👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿 ❤️", "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿 ❤️"),
        ("می‌خواهم", "می‌خواهم"),
    ],
)
def test_a_name_is_stored_on_one_line_without_invisible_characters(name, stored):
    assert room_names.clean(name) == stored


@pytest.mark.parametrize("name", ["", " ", "\u2003\n", "\u200b", "\u202e\u202e", "\u3164", "\ufe0f\u200d", "\x00"])
def test_a_name_in_which_nothing_is_visible_is_refused(name):
    with pytest.raises(Invalid) as caught:
        room_names.clean(name)
    assert caught.value.field == "name"


def test_80_combining_marks_are_refused():
    for name in ("\u0301" * 80, "a" + "\u0301\u0302" * 39, "Z" + "\u0489" * 79):
        with pytest.raises(Invalid):
            room_names.clean(name)


@given(ANY_TEXT)
def test_a_clean_name_stays_as_it_is(name):
    try:
        cleaned = room_names.clean(name)
    except Invalid:
        return
    assert room_names.clean(cleaned) == cleaned == unicodedata.normalize("NFC", cleaned)
    assert len(cleaned.splitlines()) == 1
