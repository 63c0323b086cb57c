"""Reading a text takes a time, and makes an amount of HTML, that grows with its length and not faster."""

import time

import pytest

from chat.domain import text
from chat.domain.errors import TooComplex
from chat.domain.markdown import addresses, grammar, mentions

NAMES = {mentions.key(name): number for number, name in enumerate(["a", "bob", "佐"], 1)}

# Found by `python -m bench.markdown`, and what took longest in the versions before.
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
    *("\u0301", "🙂", "\u200b", "\t", " ", "é"),
]


def seconds(body: str) -> float:
    """CPU of this thread for reading `body`, the best of three."""
    taken = []
    for _ in range(3):
        begin = time.thread_time()
        grammar.render(body, NAMES)
        taken.append(time.thread_time() - begin)
    return min(taken)


def growth(fragment: str) -> float:
    """How many times longer four times the text takes."""
    short, long = ((fragment * length)[:length] for length in (4000, 16000))
    return seconds(long) / max(seconds(short), 0.0005)


@pytest.mark.parametrize("fragment", WORST)
def test_the_time_grows_with_the_length(fragment):
    # In proportion it is 4, with the square of the length 16. A busy machine gets more tries.
    assert any(growth(fragment) < 8 for _ in range(4))


@pytest.mark.parametrize("fragment", WORST)
def test_the_html_of_the_longest_message_is_bounded(fragment):
    body = (fragment * 8000)[:8000]
    try:
        html = text.render(body, NAMES).html
    except TooComplex:
        return
    assert len(html) <= 10 * len(body) + 4096


def test_html_far_longer_than_its_text_is_refused():
    with pytest.raises(TooComplex) as caught:
        text.render("[a](/)" * 1333)
    assert (caught.value.code, caught.value.field) == ("too_complex", "body")


def test_a_definition_used_a_thousand_times_is_only_text():
    body = f"[a]: https://example.org/{'x' * 5000}\n\n{'[a]' * 900}"
    html = text.render(body).html
    assert html.count("<a ") <= 1
    assert len(html) < 2 * len(body)


def test_a_message_with_very_many_unusual_addresses_is_shown_as_typed():
    many = "http://日.example " * (addresses.MOST_UNUSUAL + 1)
    assert "<a " not in grammar.render(many, {}).html
    some = "http://日.example " * addresses.MOST_UNUSUAL
    assert grammar.render(some, {}).html.count("<a ") == addresses.MOST_UNUSUAL
