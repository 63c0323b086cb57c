"""Renders the Markdown of messages. `test_commonmark.py` lists the differences from CommonMark, with reasons.

markdown-it parses the blocks (`blocks`), `Inline` parses their content, Pygments colours code (`highlighting`), and nh3
removes all HTML that is not allowed.
"""

import re
import threading
from collections.abc import Mapping, Sequence
from html import escape, unescape
from typing import Any, NamedTuple, cast

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from . import actions, addresses, blocks, highlighting, only_emoji, tasks
from .characters import is_visible
from .inline import Inline
from .references import References

TAGS = set(
    "a blockquote br code em h1 h2 h3 h4 h5 h6 hr img input li ol p pre s span strong table tbody td th thead time tr"
    " ul".split()
)
# People cannot type HTML: each of these is written by the modules of this package only.
ATTRIBUTES = {
    "a": {"class", "data-room", "href", "title"},
    "code": {"class", "data-language"},
    "img": {"alt", "class", "src", "title"},
    "input": {"checked", "class", "data-task", "disabled", "type"},
    "li": {"class"},
    "ol": {"start"},
    "p": {"class"},
    "span": {"class", "data-person"},
    "td": {"class"},
    "th": {"class"},
    "time": {"datetime"},
}
_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel="nofollow noopener noreferrer",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)
# One line that begins with a letter and has no markup, like most messages. Parsing it would take a tenth of the CPU of
# a post. A property test checks that both ways give the same.
_PLAIN = re.compile(r"[^\W\d_][^\x00-\x1f\x7f-\xa0\\`*_~\[\]&<>@＠﹫#]*(?<!\s)\Z")
_ADDRESS_OR_NAME = re.compile(r"://|www\.|:[\w+-]+:|\|\|", re.IGNORECASE)
_LINE_ENDS = re.compile(r"\r\n?")
_TAG = re.compile("<[^>]*>")
_SURELY_VISIBLE = re.compile(r">[^<&]*[0-9A-Za-z\u00c0-\u02af\u0391-\u04ff\u4e00-\u9fff]")
_local = threading.local()


class Rendered(NamedTuple):
    """The HTML of a message, and what it refers to, each once, in their order: the values of the given names, and the
    slugs of rooms with a `#` before them."""

    html: str
    named: list[Any]


class _Renderer(RendererHTML):
    """The renderer of markdown-it, for inline tokens whose content is already HTML."""

    def render(self, tokens: Sequence[Token], options: Any, env: Any) -> str:
        rules = self.rules
        out = []
        for place, token in enumerate(tokens):
            if token.type == "inline":
                out.append(token.content)
            elif token.type == "fence":
                out.append(highlighting.to_html(token.content, token.info, env["code"]))
            elif token.type in rules:
                out.append(rules[token.type](tokens, place, options, env))
            else:
                out.append(self.renderToken(tokens, place, options, env))
        return "".join(out)


def render(
    text: str,
    names: Mapping[str, object],
    rooms: Mapping[str, str] | None = None,
    emoji: Mapping[str, str] | None = None,
) -> Rendered:
    """Convert Markdown to sanitised HTML. What it may refer to: `names` of people by `mentions.key`, paths of `rooms`
    by slug, paths of the pictures of custom `emoji` by name; see `mentions.candidates` and `references`.

    The time grows linearly with the length. A text is shown as it was typed if it has more than blocks.MAX_BLOCKS
    blocks or more than addresses.MAX_UNUSUAL unusual addresses, or if its HTML would be invisible.
    """
    if is_plain(text):
        return Rendered(f"<p>{text}</p>\n", [])
    return render_all(text, References(names, rooms, emoji))


def is_plain(text: str) -> bool:
    """Whether the HTML of `text` is the text in one paragraph."""
    return _PLAIN.match(text) is not None and _ADDRESS_OR_NAME.search(text) is None


def render_all(text: str, known: References) -> Rendered:
    """Like `render`, without the fast path for plain text."""
    named: list[object] = []
    try:
        html = _to_html(text, known, named)
    except (blocks.TooManyBlocks, addresses.TooManyAddresses):
        return Rendered(_as_typed(text), [])
    html = _CLEANER.clean(html)
    if not shows_something(html):
        return Rendered(_as_typed(text), [])
    return Rendered(only_emoji.enlarge(actions.mark(html)), list(dict.fromkeys(named)))


def tasks_of(text: str) -> list[int]:
    """The positions of the marks (a space or an x) of the tasks in `text`, in the order of their `data-task`."""
    try:
        return tasks.positions(text, _parse(text))
    except (blocks.TooManyBlocks, addresses.TooManyAddresses):
        return []


def shows_something(html: str) -> bool:
    """Whether `html` shows anything: a visible character, or a line."""
    if _SURELY_VISIBLE.search(html) or "<hr>" in html or "<img " in html:
        return True
    return is_visible(unescape(_TAG.sub("", html)))


def _as_typed(text: str) -> str:
    return f"<p>{escape(text.strip(), quote=False)}</p>\n".replace("\n", "<br>\n").removesuffix("<br>\n") + "\n"


def _to_html(text: str, known: References, named: list[object]) -> str:
    """The HTML before it is sanitised. Appends the mentions and rooms to `named`."""
    addresses.begin_message()
    tokens = _parse(text)
    boxes = tasks.take_boxes(tokens)
    for place, token in enumerate(tokens):
        if token.type == "inline":
            inline = Inline(token.content, known)
            token.content = boxes.get(place, "") + inline.html()
            named += inline.named
    parser = _parser()
    return str(parser.renderer.render(tokens, parser.options, {"code": highlighting.Budget()}))


def _parse(text: str) -> list[Token]:
    # Like MarkdownIt.parse, without the rules for the text as a unit, of which there are none.
    tokens: list[Token] = []
    parser = _parser()
    parser.block.parse(_LINE_ENDS.sub("\n", text), parser, {}, tokens)
    return tokens


def _parser() -> MarkdownIt:
    # One per thread: markdown-it fills its tables of rules at first use.
    try:
        return cast(MarkdownIt, _local.parser)
    except AttributeError:
        parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 100, "xhtmlOut": False}, renderer_cls=_Renderer)
        blocks.install(parser)
        _local.parser = parser
        return parser
