"""Conversation files: reading, timing and generating them."""

import itertools
import json
import unicodedata

import pytest

from chat.management import conversation
from chat.management.conversation import InvalidLine, Line

GOOD = {"at": "09:30", "who": "alice", "text": "hello"}


@pytest.fixture
def write(tmp_path):
    """Function that writes a file of these lines (texts as they are, others as JSON)."""

    def write(*lines):
        path = tmp_path / "talk.jsonl"
        path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
        return path

    return write


def test_lines_are_read_in_the_order_of_the_file(write):
    path = write(GOOD, "", GOOD | {"who": " bob ", "text": "  hi "})
    assert conversation.read(path, 100) == [Line(570, "alice", "hello"), Line(570, "bob", "  hi ")]


def test_a_time_after_midnight_is_on_the_next_day(write):
    path = write(GOOD | {"at": "23:59"}, GOOD | {"at": "00:01"}, GOOD | {"at": "00:00"})
    assert [line.at for line in conversation.read(path, 100)] == [1439, 1441, 2880]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ([1], "not a JSON object"),
        ({"at": "09:30", "who": "a"}, '"text" is missing'),
        (GOOD | {"text": 5}, '"text" is missing, or not a text'),
        (GOOD | {"at": "9:30"}, '"at" is a time'),
        (GOOD | {"at": "24:00"}, '"at" is a time'),
        (GOOD | {"who": "  "}, '"who" is a name'),
        (GOOD | {"text": "x" * 101}, '"text" has at most 100 characters here, not 101'),
    ],
)
def test_the_error_of_an_invalid_line_names_its_number(write, line, says):
    with pytest.raises(InvalidLine) as caught:
        conversation.read(write(GOOD, "", line), 100)
    assert "talk.jsonl, line 3: " in str(caught.value)
    assert says in str(caught.value)


def test_a_line_without_text_is_skipped(write):
    assert conversation.read(write(GOOD | {"text": " \t"}, GOOD), 100) == [Line(570, "alice", "hello")]


def test_an_empty_file_is_refused(write):
    with pytest.raises(InvalidLine, match="nothing in it"):
        conversation.read(write(""), 100)


def test_lines_of_a_minute_are_spread_evenly():
    lines = [Line(570, "a", "1"), Line(570, "b", "2"), Line(570, "a", "3"), Line(572, "b", "4")]
    assert [moment for moment, _line in conversation.offsets(lines)] == [0, 20, 40, 120]


def test_a_seed_always_generates_the_same_conversation():
    assert conversation.generate(50, seed=7) == conversation.generate(50, seed=7)
    assert conversation.generate(50, seed=7) != conversation.generate(50, seed=8)


def test_a_generated_conversation_has_many_people_scripts_lengths_and_pauses():
    lines = conversation.generate(1000, people=20, longest=500)
    assert len(lines) == 1000
    assert len({line.who for line in lines}) == 20
    letters = {unicodedata.name(c, "?").split()[0] for line in lines for c in line.text}
    assert {"LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "CJK", "HANGUL", "DEVANAGARI", "ZERO"} <= letters
    lengths = [len(line.text) for line in lines]
    assert (min(lengths), max(lengths)) == (1, 500)
    pauses = [later.at - line.at for line, later in itertools.pairwise(lines)]
    assert min(pauses) == 0
    assert max(pauses) >= 5


def test_a_generated_conversation_can_be_written_and_read(write):
    lines = conversation.generate(200)
    clock = [f"{line.at // 60 % 24:02}:{line.at % 60:02}" for line in lines]
    rows = [{"at": at, "who": line.who, "text": line.text} for at, line in zip(clock, lines, strict=True)]
    assert conversation.read(write(*rows), 2000) == lines
