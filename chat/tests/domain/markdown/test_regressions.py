"""Examples from bug reports of other parsers. Those that render differently are listed here with a reason."""

import re
from pathlib import Path

import pytest

from chat.domain.markdown import grammar
from chat.tests.domain.markdown.test_commonmark import canonical, numbers

FOLDER = Path(__file__).resolve().parents[5] / "shared/cases/markdown"
EXAMPLE = re.compile(r"^`{32} example[^\n]*\n(.*?)^\.\n(.*?)^`{32}$", re.DOTALL | re.MULTILINE)

DIFFERENCES = {
    "regression.txt": {
        "no raw HTML": "2 3 11 14 17 22 23 24 30 31",
        "no headings by underlining": "4",
        "emphasis beside CJK punctuation": "5",
        "no emphasis inside words": "6 19",
        "no link reference definitions": "7 18 20 25 29",
        "no relative links": "12",
        "a backslash at the end of a line stays": "16",
        "the word behind a fence is the language as it is": "27",
    },
    "gfm_extensions.txt": {
        "a backslash stays unless the character behind it would mean something": "11",
        "no raw HTML": "12",
        "no link reference definitions": "13",
    },
}
EXAMPLES = [
    (name, number, *(part.replace("→", "\t") for part in found.groups()))
    for name in DIFFERENCES
    if (FOLDER / name).exists()
    for number, found in enumerate(EXAMPLE.finditer((FOLDER / name).read_text(encoding="utf-8")), 1)
]


@pytest.mark.parametrize(("name", "number", "markdown", "html"), EXAMPLES, ids=[f"{e[0]}-{e[1]}" for e in EXAMPLES])
def test_an_example_renders_as_expected_or_is_listed_with_a_reason(name, number, markdown, html):
    wanted = {one: reason for reason, ranges in DIFFERENCES[name].items() for one in numbers(ranges)}
    is_same = canonical(grammar.render(markdown, {}).html) == canonical(html)
    assert is_same == (number not in wanted), wanted.get(number, "differs without a reason")
