"""Checking the text of messages, and rendering Markdown."""

import pytest
from django.test import override_settings

from chat.domain import text
from chat.domain.errors import Invalid, TooLong

# --- Checks


def test_no_text_has_no_html():
    assert text.render("").html == ""


def test_nul_and_lone_surrogates_become_replacement_characters_at_any_depth():
    value = {"\0k": ["a\0b", {"x": "\ud83d"}, 1, None, True, 1.5], "fine": "😀"}
    assert text.clean(value) == {"\ufffdk": ["a\ufffdb", {"x": "\ufffd"}, 1, None, True, 1.5], "fine": "😀"}


@pytest.mark.parametrize(
    ("body", "stored"),
    [
        (" Ahoy \n", " Ahoy"),
        ("\n \n\n    code\n", "    code"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("    code", "    code"),
        ("a\0b\udfff", "a\ufffdb\ufffd"),
        ("\u202egnp.exe", "\u202egnp.exe"),
        ("a\u200bb", "a\u200bb"),
        ("x" * 5000, "x" * 5000),
    ],
)
def test_a_body_is_stored_cleaned(body, stored):
    assert text.check_body(body) == stored


UNSEEN = ["\u2800", "\u3164", "\u200b", "\u00ad", "\u2060", "\u200b\u200b\n\u2800", "\ufe0f", "\u115f\u1160", "\u034f"]


@pytest.mark.parametrize("body", ["", " ", "\n\t\r\n", "\u3000", *UNSEEN])
def test_an_invisible_body_is_refused(body):
    with pytest.raises(Invalid) as caught:
        text.check_body(body)
    assert caught.value.field == "body"


@override_settings(CHAT_MAX_BODY=5)
def test_a_body_is_measured_in_characters_as_stored():
    assert text.check_body("\n😀😀😀😀😀\r\n") == "😀" * 5
    with pytest.raises(TooLong) as caught:
        text.check_body("123456")
    assert (caught.value.field, caught.value.code) == ("body", "too_long")


# --- Markdown

LINK = '<a href="{}" target="_blank" rel="nofollow noopener noreferrer">{}</a>'


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("Ahoy", "<p>Ahoy</p>\n"),
        ('It\'s "5 & 6"', '<p>It\'s "5 &amp; 6"</p>\n'),
        ("*a* **b** ~~c~~ `d`", "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d</code></p>\n"),
        ("a\nb", "<p>a<br>\nb</p>\n"),
        ("a\n\nb", "<p>a</p>\n<p>b</p>\n"),
        ("# a", "<h1>a</h1>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("3. a", '<ol start="3">\n<li>a</li>\n</ol>\n'),
        ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
        ("---", "<hr>\n"),
        (
            "```py\n1 < 2\n```",
            '<pre><code class="language-py" data-language="Python">'
            '<span class="mi">1</span> &lt; <span class="mi">2</span>\n</code></pre>\n',
        ),
        ("a <b>b</b>", "<p>a &lt;b&gt;b&lt;/b&gt;</p>\n"),
        ("&amp; &copy;", "<p>&amp; ©</p>\n"),
        (
            "see https://example.org/a?b=c&d.",
            f"<p>see {LINK.format('https://example.org/a?b=c&amp;d', 'https://example.org/a?b=c&amp;d')}.</p>\n",
        ),
        ("<https://example.org>", f"<p>{LINK.format('https://example.org', 'https://example.org')}</p>\n"),
        ("[a](https://example.org)", f"<p>{LINK.format('https://example.org', 'a')}</p>\n"),
        ("[a](mailto:a@example.org)", f"<p>{LINK.format('mailto:a@example.org', 'a')}</p>\n"),
        (
            "setup.py, 10.0.0.1, www.example.org, a@example.org",
            f"<p>setup.py, 10.0.0.1, {LINK.format('http://www.example.org', 'www.example.org')}, "
            f"{LINK.format('mailto:a@example.org', 'a@example.org')}</p>\n",
        ),
        ("![a](https://example.org/a.png)", f"<p>!{LINK.format('https://example.org/a.png', 'a')}</p>\n"),
        ("שלום عالم 世界 😀", "<p>שלום عالم 世界 😀</p>\n"),
    ],
)
def test_markdown_is_rendered(body, html):
    assert text.render(body).html == html


def test_a_link_may_have_a_title():
    assert 'title="b &quot;c"' in text.render("[a](https://example.org 'b \"c')").html


def test_a_very_long_word_and_deep_nesting_render():
    assert text.render("x" * 8000).html == f"<p>{'x' * 8000}</p>\n"
    for body in (">" * 8000, "[" * 8000, "*a " * 2600, "`" * 8000, "- " * 4000, "~~a" * 2600, "<" * 8000, "&" * 8000):
        assert text.render(body).html
