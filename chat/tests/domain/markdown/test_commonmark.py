"""The examples of the CommonMark specification. Those that render differently are listed here with a reason."""

import json
import re
from pathlib import Path

import pytest

from chat.domain.markdown import grammar

EXAMPLES = json.loads((Path(__file__).parent / "commonmark-0.31.2.json").read_text(encoding="utf-8"))["examples"]

# Reason: the numbers of examples in version 0.31.2.
DIFFERENCES = {
    "no raw HTML: it is shown as it was typed": (
        "21 31 148-191 308 309 344 475 476 477 491 494 524 613-617 623 625-632 642 643"
    ),
    "no link reference definitions: they make messages disappear, and a few characters grow to megabytes": (
        "23 33 192-196 198 200-208 210 214-218 317 527-545 549 550 553-571 573 576 577 582-589 591-593"
    ),
    "no pictures: they would be loaded from elsewhere by everyone who reads": "517 520 572 574 575 578-581",
    "no headings by underlining: `hello` and `---` below it are a line of text and a rule": (
        "59 80-84 86 89-91 95 96 102 103 115 141 300"
    ),
    "a line without `>` or indent is not part of the quote or the list item before it": (
        "93 232 233 238 247 250 251 290 292 293"
    ),
    "what would show nothing stays as it was typed": "79 126 129 130 237 239 240 278 279 280 284 334",
    "words behind the opening fence are not lost: they are the language, or the first line of the code": "143 144 146",
    "a backslash stays unless the character behind it would mean something": "12 14 76 493 606",
    "a backslash at the end of a line stays: each line end is a line break anyway": "16 634 637 639",
    "no emphasis inside words: `2*3*4`": "355 356 370 381 396 411 415 416 417 429",
    "no emphasis inside names, and one word between double underscores is one: `__init__`": (
        "364 389 390 399 402 406 425 458 462"
    ),
    "a link leads to http, https, mailto or a place of this site; another one shows its address": (
        "484-487 492 495 496 498-500 502-504 522 596 598 599 601"
    ),
    "bare addresses are links": "602 608 611 612",
}


def numbers(ranges: str) -> set[int]:
    """`1 3-5` as {1, 3, 4, 5}."""
    found = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return found


def canonical(html: str) -> str:
    """HTML without known differences: attributes of links and cells, colours of code, line breaks for line ends,
    slashes of XHTML."""
    html = re.sub(r'<span class="[a-z0-9]{1,3}">|</span>| data-language="[^"]*"', "", html)
    html = re.sub(r"(<t[dh] )align=", r"\1class=", html)
    html = html.replace(' target="_blank" rel="nofollow noopener noreferrer"', "")
    html = html.replace("&nbsp;", "\xa0").replace("&quot;", '"')
    html = re.sub(r"<br ?/?>\n?", "\n", html)
    html = re.sub(r"<hr ?/?>", "<hr>", html)
    return re.sub(r"\n+(?=<)|(?<=>)\n+", "", html).strip()


WANTED = {number: reason for reason, ranges in DIFFERENCES.items() for number in numbers(ranges)}


def test_the_file_has_all_examples_of_the_specification():
    assert len(EXAMPLES) == 652


@pytest.mark.parametrize("number", range(1, 653))
def test_an_example_renders_as_specified_or_is_listed_with_a_reason(number):
    markdown, html = EXAMPLES[number - 1]
    is_same = canonical(grammar.render(markdown, {}).html) == canonical(html)
    assert is_same == (number not in WANTED), WANTED.get(number, "differs without a reason")
