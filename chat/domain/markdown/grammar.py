"""The Markdown of messages, as one grammar. How it differs from CommonMark, and why: `test_commonmark.py` has the list.

markdown-it reads the blocks (`blocks`), `Inline` what stands in them, nh3 lets nothing else out.
"""

import re
import threading
from collections.abc import Mapping
from html import escape, unescape
from typing import NamedTuple

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from . import addresses, blocks, mentions
from .characters import is_visible
from .inline import Inline

TAGS = set("a blockquote br code del em h1 h2 h3 h4 h5 h6 hr li ol p pre s span strong ul".split())
ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "ol": {"start"},
    # Written by `inline.mention_tag` only: what people type between < and > is text.
    "span": {"class", "data-person"},
}
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener noreferrer",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)
# One line that begins with a letter and has nothing that the grammar reads: most of a talk. Reading it by the grammar
# takes a tenth of the CPU of a post. A property test sees to it that both give the same.
_PLAIN = re.compile(r"[^\W\d_][^\x00-\x1f\x7f-\xa0\\`*_~\[\]&<>@＠﹫]*(?<!\s)\Z")
_ADDRESS = re.compile(r"://|www\.", re.IGNORECASE)
_LINE_ENDS = re.compile(r"\r\n?")
_TAG = re.compile("<[^>]*>")
_SURELY_VISIBLE = re.compile(r">[^<&]*[0-9A-Za-z\u00c0-\u02af\u0391-\u04ff\u4e00-\u9fff]")
_local = threading.local()


class Rendered(NamedTuple):
    """The HTML of a message, and whom it mentions: values of the names that were given, each once, in their order."""

    html: str
    named: list


class _Renderer(RendererHTML):
    """markdown-it's, for inline tokens whose content is HTML already."""

    def render(self, tokens: list[Token], options, env) -> str:
        rules = self.rules
        out = []
        for place, token in enumerate(tokens):
            if token.type == "inline":
                out.append(token.content)
            elif token.type in rules:
                out.append(rules[token.type](tokens, place, options, env))
            else:
                out.append(self.renderToken(tokens, place, options, env))
        return "".join(out)


def render(text: str, names: Mapping[str, object]) -> Rendered:
    """Markdown to sanitised HTML. `names`: whom it may mention, by `mentions.key`; see `mentions.candidates`.

    The time that it takes grows with the text's length; with more than blocks.STEPS blocks, or more than
    addresses.MOST_UNUSUAL unusual addresses, a text is shown as it was typed. So is one of which nothing would be seen.
    """
    if is_plain(text):
        return Rendered(f"<p>{text}</p>\n", [])
    return render_all(text, names)


def is_plain(text: str) -> bool:
    """Whether the HTML of `text` is itself, in one paragraph."""
    return _PLAIN.match(text) is not None and _ADDRESS.search(text) is None


def render_all(text: str, names: Mapping[str, object]) -> Rendered:
    """`render`, without its short way for plain text."""
    named: list = []
    try:
        html = _to_html(text, mentions.Known(names), named)
    except (blocks.TooMuch, addresses.TooMany):
        return Rendered(_as_typed(text), [])
    html = _CLEANER.clean(html)
    if not shows_something(html):
        return Rendered(_as_typed(text), [])
    return Rendered(html, list(dict.fromkeys(named)))


def shows_something(html: str) -> bool:
    """Whether a person sees anything of `html`: a visible character, or a line."""
    if _SURELY_VISIBLE.search(html) or "<hr>" in html:
        return True
    return is_visible(unescape(_TAG.sub("", html)))


def _as_typed(text: str) -> str:
    return f"<p>{escape(text.strip(), quote=False)}</p>\n".replace("\n", "<br>\n").removesuffix("<br>\n") + "\n"


def _to_html(text: str, names: mentions.Known, named: list) -> str:
    """HTML that is not sanitised yet; adds to `named` whom the text mentions."""
    # What MarkdownIt.render does, without its objects for rules of the whole text: there are none.
    parser = _parser()
    addresses.begin_message()
    tokens: list[Token] = []
    env: dict = {}
    parser.block.parse(_LINE_ENDS.sub("\n", text), parser, env, tokens)
    for token in tokens:
        if token.type == "inline":
            inline = Inline(token.content, names)
            token.content = inline.html()
            named += inline.named
    return parser.renderer.render(tokens, parser.options, env)


def _parser() -> MarkdownIt:
    # One a thread: markdown-it's tables of rules are filled on first use.
    try:
        return _local.parser
    except AttributeError:
        parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 100, "xhtmlOut": False}, renderer_cls=_Renderer)
        blocks.install(parser)
        _local.parser = parser
        return parser
