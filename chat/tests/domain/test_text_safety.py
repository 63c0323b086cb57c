"""The HTML of messages has no scripts, and nothing that could imitate the page."""

import re
from html.parser import HTMLParser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain import text
from chat.domain.errors import TooComplex
from chat.domain.markdown import grammar
from chat.tests import hostile_texts

ATTRIBUTES = {tag: set(names) for tag, names in grammar.ATTRIBUTES.items()}
ATTRIBUTES["a"] |= {"rel", "target"}
SCHEMES = {"http", "https", "mailto"}
VOID = {"br", "hr", "img", "input"}


def harmless(href: str) -> bool:
    """Whether a link leads to a page of this or another site, or to a mail. Browsers ignore white space."""
    scheme = re.match(r"([^/?#:]*):", re.sub(r"[\x00-\x20]", "", href))
    return scheme is None or scheme[1].lower() in SCHEMES


class Inspector(HTMLParser):
    """A strict parser of HTML: anything that is not on the list of allowed HTML is an error."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.faults = []
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in grammar.TAGS:
            self.faults.append(f"<{tag}>")
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, ()):
                self.faults.append(f"<{tag} {name}>")
            if name == "href" and not harmless(value):
                self.faults.append(f"href={value}")
        if tag == "a" and ("target", "_blank") not in attrs:
            self.faults.append("a link without target")
        if tag == "a" and ("rel", "nofollow noopener noreferrer") not in attrs:
            self.faults.append("a link without rel")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_comment(self, data):
        self.faults.append(f"<!--{data}-->")

    handle_decl = handle_pi = unknown_decl = handle_comment


def faults(html: str) -> list[str]:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector.faults + [f"<{tag}> is not closed" for tag in inspector.open]


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>a</a>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed;inset:0'>a</p>",
    "<!-- a --> <![CDATA[<script>alert(1)</script>]]> <?php ?>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<form action='https://example.org'><input name=password></form>",
    "<div id=timeline>a</div>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java\tscript:alert(1))",
    "[a](javascript&colon;alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](&#x6A;&#x61;vascript:alert(1))",
    "[a](\x01javascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[a](vbscript:msgbox(1))",
    "[a](file:///etc/passwd)",
    "[a](//example.org)",
    "[a](/accounts/logout/)",
    "<javascript:alert(1)>",
    "<data:text/html,a>",
    '[a](https://example.org "b\\" onmouseover=alert(1) x=\\"")',
    '[a](https://example.org "<img src=x onerror=alert(1)>")',
    '[a](https://example.org/"onmouseover=alert(1))',
    "[a]: javascript:alert(1)\n\n[a]",
    "[a]: https://example.org 'b\" onclick=\"alert(1)'\n\n[a]",
    "[**<script>alert(1)</script>**](https://example.org/<script>)",
    "[[a](javascript:alert(1))](https://example.org)",
    "![a](javascript:alert(1))",
    "![<img src=x onerror=alert(1)>](https://example.org)",
    '```"><script>alert(1)</script>\na\n```',
    "```html onmouseover=alert(1)\n<b>\n```",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    'https://example.org/"><script>alert(1)</script>',
    "https://example.org/'onmouseover='alert(1)",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "~~<s onclick=alert(1)>~~",
    "- <li onclick=alert(1)>\n1. <ol start='1' onclick=alert(1)>",
    "> <blockquote cite='javascript:alert(1)'>",
    "<a <b <c <script>alert(1)</script",
    "</p></article></main><script>alert(1)</script>",
    "a\u2028<script>alert(1)</script>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
]


@pytest.mark.parametrize("body", ATTACKS)
def test_html_in_a_message_is_text(body):
    assert faults(text.render(text.check_body(body)).html) == []


@pytest.mark.parametrize("body", hostile_texts.TEXTS, ids=range(len(hostile_texts.TEXTS)))
def test_a_hostile_message_has_allowed_html_or_is_refused(body):
    names = {"all": "all"}
    try:
        html = text.render(text.check_body(body), names, {"a": "/rooms/a/"}, {"x": "/emoji/x.webp"}).html
    except TooComplex:
        assert "](/)" in body
        return
    assert faults(html) == []


def test_the_inspector_finds_forbidden_html():
    for html in (
        "<script>",
        "<b>a</b>",
        "<p onclick=a>a</p>",
        "<p>a",
        "a</p>",
        "<!--a-->",
        '<a href="javascript:a">a</a>',
    ):
        assert faults(html)


MARKUP = st.sampled_from(
    [
        *ATTACKS,
        *"[]()<>!*_~`#-+.&;:/\"'=\\\n\t ",
        *("](", "[a](", "<a href=", "javascript:", "https://", "```", "~~", "**", "&#", "on", '="', "> ", "1. "),
    ]
)
TALK = st.text() | st.lists(MARKUP | st.text(max_size=5), max_size=30).map("".join)


@given(TALK)
def test_any_text_renders_to_allowed_html_only(body):
    assert faults(text.render(text.clean(body)).html) == []


@given(TALK)
def test_cleaning_twice_changes_nothing(body):
    html = text.render(text.clean(body)).html
    assert nh3.clean(html, tags=grammar.TAGS, attributes=ATTRIBUTES, link_rel=None) == html
