"""The time to render a text and the size of its HTML grow linearly with its length."""

import re
import time

import pytest

from chat.domain import text
from chat.domain.errors import TooComplex
from chat.domain.markdown import addresses, grammar, highlighting, mentions

pytestmark = pytest.mark.takes_long
ROOMS = {"a": "/rooms/a/"}
EMOJI = {"x": "/emoji/x.webp"}
LIMIT = 100
"""CPU for the longest message, as a multiple of what `reference_s` takes at that moment. It is about 50 ms on a fast
core; `python -m bench.markdown` prints the times."""
SENTENCES = "The quick brown fox jumps over the lazy dog, again. " * 100
NAMES = {mentions.key(name): number for number, name in enumerate(["a", "bob", "佐"], 1)}

# The slowest texts: of `python -m bench.markdown` and of earlier versions.
WORST = [
    *("www.日.日.日)", "www.é.é]", "http://ü]", "www.a.b/% "),
    *("http://[", "http://a]", "http://a", "www.a.b", "a@b.c", "<a@b.c>", "<https://a>", "https://a/(", "a@"),
    *("[", "]", "![", "[](", "[a](", "[a](/)", '[a](b "', "[a](<", "[a](b 'c", "*[a](/)*", "[a](((", "\\[", "[\\]"),
    *("*", "_", "~~", "*a ", "**a", "_a_", "._*", "__*", "a__", "__a", "*a**b ", "*_", "_「", "~~a", "a*", "1__"),
    *("`", "``", "`a", "`a``", "\\`", "\\*", "\\\\", "\\", "&", "&amp;", "&#9;", "<", "<a:", "<!--"),
    *("> ", ">", "- ", "- a\n", "-\n", "1. a\n", "# a\n", "#\n", "a\n\n", "a\n", "***\n", "\n", "    ", "    a\n"),
    *(
        "```\n",
        "```a\n",
        "```x\ny```\n",
        "~~~\n```\n",
        "> ```\n",
        "> a\n\n",
        ">>>>>>a\n\n",
        "- - - - - - a\n",
        "> - a\n",
    ),
    *("@a", "@a ", "@bob ", "@佐", "＠", "佐@", "@a.", "@_", "/@", ".@", "@a a a a a ", "@佐佐佐佐佐佐佐佐"),
    *(
        "|a\n-|\n",
        "---\n|",
        "|-|-|\n",
        "|a|b|\n|-|-|\n",
        "> |a\n> -|\n",
        "- |a\n  -|\n",
        "|",
        "- [ ] a\n",
        "[x] ",
        "||a",
        "||",
    ),
    *(
        ":",
        ":x:",
        ":tada:",
        "\\:tada:",
        "#a ",
        "\\#a",
        "<time:",
        "<time:2026-11-26T18:00Z>",
        "```py\na(\n",
        "```c\n\n\n",
    ),
    *("\u0301", "🙂", "\u200b", "\t", " ", "é"),
]


def seconds(body: str) -> float:
    """CPU seconds of this thread to render `body`."""
    begin = time.thread_time()
    grammar.render(body, NAMES, ROOMS, EMOJI)
    return time.thread_time() - begin


def reference_s() -> float:
    """CPU seconds for work that does not change: it takes longer on a slow or busy machine, as rendering does."""
    begin = time.thread_time()
    for _ in range(2):
        re.sub(r"\w+", lambda match: match[0].upper(), SENTENCES)
    return time.thread_time() - begin


def is_within_limit(body: str) -> bool:
    """Whether rendering `body` stays below LIMIT, in one of some tries."""
    return any(seconds(body) <= LIMIT * reference_s() for _ in range(8))


def growth(fragment: str) -> float:
    """The factor by which the time grows for four times the text."""
    short, long = ((fragment * length)[:length] for length in (4000, 16000))
    return seconds(long) / max(seconds(short), 0.0005)


# The bound below finds growth that matters; this finds where it begins.
@pytest.mark.extended
@pytest.mark.parametrize("fragment", WORST)
def test_the_time_grows_linearly_with_the_length(fragment):
    # Linear growth gives 4, quadratic 16. A busy machine gets more attempts.
    assert any(growth(fragment) < 8 for _ in range(10))


@pytest.mark.parametrize("fragment", WORST)
def test_the_html_of_the_longest_message_is_bounded(fragment):
    body = (fragment * 8000)[:8000]
    try:
        html = text.render(body, NAMES, ROOMS, EMOJI).html
    except TooComplex:
        return
    assert len(html) <= 10 * len(body) + 4096


@pytest.mark.parametrize("fragment", WORST)
def test_the_cpu_time_of_the_longest_message_is_bounded(fragment):
    assert is_within_limit((fragment * 8000)[:8000])


SLOWEST = {"clojure", "julia", "kotlin", "scala", "sparql"}
"""Of the languages, by their time for the fragments of the next test."""


@pytest.mark.parametrize(
    "language",
    [
        pytest.param(name, marks=[] if name in SLOWEST else pytest.mark.extended)
        for name in sorted(highlighting.LANGUAGES)
    ],
)
def test_no_language_takes_longer_than_its_limit(language):
    # Blank lines, and comments and strings that do not end, are what takes lexers longest.
    for fragment in ("\n", "a(\n", "/*\n"):
        body = f"```{language}\n{(fragment * 8000)[:7900]}\n```"
        assert is_within_limit(body), fragment


def test_html_far_longer_than_its_text_is_refused():
    with pytest.raises(TooComplex) as caught:
        text.render("[a](/)" * 1333)
    assert (caught.value.code, caught.value.field) == ("too_complex", "body")


def test_link_reference_definitions_are_text():
    body = f"[a]: https://example.org/{'x' * 5000}\n\n{'[a]' * 900}"
    html = text.render(body).html
    assert html.count("<a ") <= 1
    assert len(html) < 2 * len(body)


def test_a_message_with_very_many_unusual_addresses_is_shown_as_typed():
    many = "http://日.example " * (addresses.MAX_UNUSUAL + 1)
    assert "<a " not in grammar.render(many, {}).html
    some = "http://日.example " * addresses.MAX_UNUSUAL
    assert grammar.render(some, {}).html.count("<a ") == addresses.MAX_UNUSUAL
