"""Text at the door, and Markdown to HTML that can be shown to anyone."""

import re
import threading

import nh3
from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from .errors import Invalid, TooLong

RENDERER = 1
"""The number of this way of rendering; kept with each message, so that a better one can find the older ones."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Letters, digits and marks that mean nothing in Markdown and hold no address: most lines of a talk.
_PLAIN = re.compile(r"[^\W_](?:[^\W_]|[ ,;?%'\"(){}]|[.](?=[\s.]|\Z)|!(?=[\s!]|\Z))*\Z")
_NUMBERED = re.compile(r"\d{1,9}[.)](?:\s|\Z)")
# The grammar of UTS #51, section 1.4.9; the ranges are somewhat wider than its list, which grows each year.
_PICTURE = r"[©®‼⁉™ℹ↔-↪⌚-⏿Ⓜ▪-➿⤴⤵⬅-⭕〰〽㊗㊙\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
_ONE_EMOJI = rf"{_PICTURE}(?:\ufe0f|[\U0001f3fb-\U0001f3ff])?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
_EMOJI = re.compile(
    rf"(?=.{{1,16}}\Z)(?:{_ONE_EMOJI}(?:\u200d{_ONE_EMOJI})*|[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3)\Z"
)
_TAGS = set("a blockquote br code del em h1 h2 h3 h4 h5 h6 hr li ol p pre s strong ul".split())
_local = threading.local()


def clean(value):
    """Replace NUL and lone surrogates by U+FFFD, in text at any depth of a JSON value.

    PostgreSQL refuses the one, UTF-8 the other.
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    return value


def check_body(body: str) -> str:
    """Return what of `body` is stored: cleaned, without surrounding white space and with `\\n` line ends.

    Raises Invalid when nothing is left, TooLong above `CHAT_MAX_BODY` characters.
    """
    body = clean(body).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not body:
        raise Invalid(_("A message needs some text."), field="body")
    if len(body) > settings.CHAT_MAX_BODY:
        raise TooLong(
            _("A message may have %(limit)d characters; this one has %(length)d.")
            % {"limit": settings.CHAT_MAX_BODY, "length": len(body)},
            field="body",
        )
    return body


def check_emoji(emoji: str) -> str:
    """Return `emoji` if it is one: a picture, a flag or a keycap, with its modifiers. Raises Invalid."""
    if not _EMOJI.match(emoji):
        raise Invalid(_("That is not an emoji."), field="emoji")
    return emoji


def render(body: str) -> str:
    """Markdown to sanitised HTML: CommonMark without raw HTML, with autolinks, strikethrough and line breaks."""
    if _PLAIN.match(body) and not _NUMBERED.match(body):
        return f"<p>{_escape_plain(body)}</p>\n"
    return _render_markdown(body)


def _escape_plain(body: str) -> str:
    # The sanitiser writes quotes as they are inside text.
    return escape(body).replace("&quot;", '"').replace("&#x27;", "'")


def _render_markdown(body: str) -> str:
    return nh3.clean(
        _markdown().render(body),
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "code": {"class"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


def _markdown() -> MarkdownIt:
    # One a thread: linkify-it keeps the state of its last match in itself.
    try:
        return _local.markdown
    except AttributeError:
        markdown = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
        markdown.enable(["linkify", "strikethrough"])
        markdown.disable(["image"])
        # Only what is written as an address becomes one: "setup.py" is not a site in Paraguay.
        markdown.linkify.set({"fuzzy_link": False, "fuzzy_ip": False, "fuzzy_email": False})
        _local.markdown = markdown
        return markdown
