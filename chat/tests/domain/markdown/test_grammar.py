"""Text that was not meant as markup is shown as it was typed: nothing disappears or changes."""

import html
import json
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.common.normalize_url import normalizeLink

from chat.domain import text
from chat.domain.markdown import addresses, blocks, grammar
from chat.domain.markdown.references import References

CASES = Path(__file__).resolve().parents[5] / "shared/cases/faults/markdown.json"


def render(body: str) -> str:
    return grammar.render(body, {}).html


def shown(rendered: str) -> str:
    """The visible text."""
    return html.unescape(re.sub("<[^>]*>", "", rendered)).strip("\n")


def hrefs(rendered: str) -> list[str]:
    return [html.unescape(address) for address in re.findall('href="([^"]*)"', rendered)]


AS_TYPED = [
    "[TODO]: fix-the-build",
    "[12:30]: lunch\nsee you",
    "text[^1]",
    "¯\\_(ツ)_/¯",
    "\\\\server\\share",
    "C:\\_old\\new",
    "C:\\dir\\",
    "\\(x\\) and \\[y\\]",
    "__init__.py",
    "__init__",
    "self._x_",
    "snake_case_name",
    "2*3*4 and 2**3**4",
    "Nutzer*innen und Leser*innen",
    "handlers[i](event)",
    "[call](tel:+1555)",
    "[a](javascript:alert(1))",
    "<tel:+1555>",
    "[](javascript:alert(1))",
    *("+", "-", "*", "1.", "2024.", "#", "##", ">", ">>", "> >", "- -", "```", "~~~", "**", "****a", "_", "~~", "`"),
    "&#8203;",
    "&#x2800;",
    "http://",
    "www.",
    "setup.py, 10.0.0.1",
    "curl a \\\n-b",
]


@pytest.mark.parametrize("body", AS_TYPED)
def test_text_without_markup_is_shown_as_typed(body):
    assert shown(render(body)) == body


@pytest.mark.parametrize(
    ("body", "piece"),
    [
        ("    def f():\n        return 1", "<pre><code>def f():\n    return 1\n</code></pre>"),
        ("- a\n\n      code", "<pre><code>code"),
        ("**「重要」**的", "<strong>「重要」</strong>的"),
        ("这是**重要**的", "这是<strong>重要</strong>的"),
        ("\\*not emphasised\\*", "<p>*not emphasised*</p>"),
        ("1\\. not a list", "<p>1. not a list</p>"),
        ("\\# not a heading", "<p># not a heading</p>"),
        ("\\> not a quote", "<p>&gt; not a quote</p>"),
        ("\\`not code\\`", "<p>`not code`</p>"),
        ("~~https://example.org/x~~", "<s><a "),
        ("*a **b** c*", "<em>a <strong>b</strong> c</em>"),
        ("***a***", "<em><strong>a</strong></em>"),
        ("_a_, _b_.", "<em>a</em>, <em>b</em>."),
        ("```js title=x\na\n```", "<pre><code>js title=x\na\n</code></pre>"),
        ("```a\nb```", "<pre><code>a\nb\n</code></pre>"),
        ("```a\nb``` and more\n```", '<pre><code class="language-a">b``` and more\n</code></pre>'),
        ("```py\na\n```", '<pre><code class="language-py" data-language="Python">a\n</code></pre>'),
        ("- a\n  - b\n- c", "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n<li>c</li>\n</ul>"),
        ("1. a\n  b", "<li>a<br>\nb</li>"),
        (">\n> a", "<blockquote>\n<p>a</p>"),
        ("> a\n>\n> > b", "<blockquote>\n<p>a</p>\n<blockquote>\n<p>b</p>"),
        ("- a\nb", "</ul>\n<p>b</p>"),
        ("> a\nb", "</blockquote>\n<p>b</p>"),
        ("a\n---", "<p>a</p>\n<hr>"),
        ("a\n===", "<p>a<br>\n===</p>"),
    ],
)
def test_intended_markup_is_rendered(body, piece):
    assert piece in render(body)


@pytest.mark.parametrize(
    ("body", "addresses"),
    [
        ("https://example.org/a。次の行", ["https://example.org/a"]),
        ("（https://example.org/x）", ["https://example.org/x"]),
        ("https://example.org/docs（中文）", ["https://example.org/docs"]),
        ("https://zh.wikipedia.org/wiki/中文", ["https://zh.wikipedia.org/wiki/%E4%B8%AD%E6%96%87"]),
        ("**https://example.org/x**, _https://example.org/y_", ["https://example.org/x", "https://example.org/y"]),
        ("(https://example.org/a_(b))", ["https://example.org/a_(b)"]),
        ("see https://example.org/a?b=c&d.", ["https://example.org/a?b=c&d"]),
        (
            "https://example.org/a, https://example.org/b; 'https://example.org/c'!",
            [f"https://example.org/{c}" for c in "abc"],
        ),
        ("http://[::1]:8000/", ["http://[::1]:8000/"]),
        ("http://localhost:8000", ["http://localhost:8000"]),
        ("see www.example.org.", ["http://www.example.org"]),
        ("write to ann.b@example.org, please", ["mailto:ann.b@example.org"]),
        ("first_last@example.org", ["mailto:first_last@example.org"]),
        ("联系a@example.org", ["mailto:a@example.org"]),
        ("[](https://example.org)", ["https://example.org"]),
        ("[https://example.org/a](https://example.org/b)", ["https://example.org/b"]),
        ("[a](/rooms/lobby/) [b](#top)", ["/rooms/lobby/", "#top"]),
        ("`https://example.org`", []),
        ("xhttps://example.org", []),
        ("http://[", []),
        ("http://a]b", ["http://a"]),
    ],
)
def test_a_bare_address_ends_before_trailing_punctuation(body, addresses):
    assert hrefs(render(body)) == addresses


@given(
    st.sampled_from(["http://", "https://", "/", "mailto:", "mailto:a@"]),
    st.text(st.sampled_from("abcXYZ019-._~:/?#@!$&'()*+,;=%[]é"), max_size=20),
)
def test_an_address_that_skips_normalization_is_normal(start, rest):
    if addresses._NORMAL.match(start + rest):
        assert normalizeLink(start + rest) == start + rest


# Letters, digits and punctuation, like most messages.
PLAINLY = st.text(
    st.characters(categories=["L", "N"])
    | st.sampled_from(" ,;.?!%'\"(){}:/-+#=|w")
    | st.characters(categories=["M", "S", "P", "Z"]),
    max_size=40,
)


@given(st.characters() | st.sampled_from("ahw"), PLAINLY)
@example("1", ". a")
@example("a", "  b ")
@example("h", "ttp://a.b")
@example("W", "WW.a.b")
@example("a", "\n- b")
@example("a", "\u2028b")
@example("\u3164", "")
def test_the_fast_path_for_plain_text_equals_the_grammar(first, rest):
    body = text.clean(first + rest)
    if grammar.is_plain(body):
        assert grammar.render(body, {}) == grammar.render_all(body, References({}))


@pytest.mark.parametrize(
    "body",
    ["Ahoy", "Are you there?", "It's 5, isn't it; yes (I think).", 'all 100% "yes"!', "Größe 漢字", "Well ... no."],
)
def test_most_lines_take_the_fast_path(body):
    assert grammar.is_plain(body)


def test_a_link_without_text_shows_its_address():
    assert shown(render("[](https://example.org)")) == "https://example.org"
    assert shown(render("[\u200b](https://example.org)")).endswith("https://example.org")


def test_deeply_nested_markers_stay_as_text():
    assert shown(render(">" * 40 + " deep")).endswith("> deep")
    assert shown(render("- " * 40 + "deep")).endswith("- deep")


def test_a_message_of_too_many_blocks_is_shown_as_it_was_typed():
    body = "- a\n" * (blocks.MAX_BLOCKS + 1)
    assert shown(render(body)) == body.strip()
    assert "<li>" in render("- a\n" * (blocks.MAX_BLOCKS - 1))


WORDS = st.from_regex(r"[a-z]{3,6}", fullmatch=True)
PIECES = st.sampled_from(
    [
        *"[]()<>!*_~`#-+.:;/\"'=\\\n\t |@",
        *("](", "[a](", "```", "```\n", "~~", "**", "__", "> ", "- ", "1. ", "# ", "    ", "\n\n", "]: ", "\n---\n"),
        *("https://", "www.", "](https://", "<https://", "\\*", "\\_", "「", "。"),
    ]
)


@given(st.lists(WORDS | PIECES, max_size=25))
@example(["[", "foo", "]: ", "bar"])
@example(["```", "foo", "\n```"])
@example(["```", "foo", " ", "bar", "\n", "baz"])
@example(["> "] * 20 + ["foo"])
def test_no_word_is_lost(pieces):
    words = [piece for piece in pieces if piece.isalpha() and piece.isascii()]
    rendered = html.unescape(render("".join(pieces)))
    place = 0
    for word in words:
        found = rendered.find(word, place)
        # The address and the title of a link come before its text.
        assert found >= 0 or word in rendered, word
        place = max(place, found)


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not beside this checkout")
def test_the_shared_cases():
    for case in json.loads(CASES.read_text(encoding="utf-8"))["cases"]:
        rendered = render(case["in"])
        if "text" in case:
            assert shown(rendered) == case["text"]
        if "href" in case:
            assert hrefs(rendered) == case["href"]
        for part in case.get("text_contains", []):
            assert part in shown(rendered)
        for part in case.get("has", []):
            assert part in rendered
        for part in case.get("not", []):
            assert part not in rendered
        for part in case.get("not_quoted", []):
            assert part not in "".join(re.findall("<blockquote>.*?</blockquote>", rendered, re.DOTALL))
