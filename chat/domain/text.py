"""Checks the text of a message or a reaction, and renders a text as HTML."""

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from .errors import Invalid, TooComplex, TooLong
from .markdown import grammar, only_emoji
from .markdown.characters import is_visible

RENDERER = 4
"""The version of the renderer. It is stored with each message, so that a new one can find messages to render again."""
HTML_FACTOR = 10
HTML_ALLOWANCE = 4096
"""The HTML of a message may have HTML_FACTOR times the characters of its text, plus these."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BLANK_LINES = re.compile(r"(?:[^\S\n]*\n)+")
_EMOJI = re.compile(rf"(?=.{{1,16}}\Z){only_emoji.EMOJI}\Z")


def clean(value: Any) -> Any:
    """Replace NUL and lone surrogates by U+FFFD, in text at any depth of a JSON value.

    PostgreSQL cannot store NUL, and UTF-8 cannot encode lone surrogates.
    """
    if isinstance(value, str):
        return _UNSTORABLE.sub("\ufffd", value)
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {clean(key): clean(item) for key, item in value.items()}
    return value


def check_body(body: str, *, may_be_empty: bool = False) -> str:
    """Return `body` as it is stored: cleaned, with `\\n` line ends, without leading empty lines and trailing white
    space. White space before its first word stays, because it may be code.

    Raises Invalid if nothing in it is visible, unless it `may_be_empty`; TooLong above `CHAT_MAX_BODY` characters.
    """
    body = clean(body).replace("\r\n", "\n").replace("\r", "\n").rstrip()
    blank = _BLANK_LINES.match(body)
    body = body[blank.end() :] if blank else body
    if not is_visible(body):
        if may_be_empty:
            return ""
        raise Invalid(_("A message must contain text."), field="body")
    if len(body) > settings.CHAT_MAX_BODY:
        raise TooLong(
            _("A message can have at most %(limit)d characters. This one has %(length)d.")
            % {"limit": settings.CHAT_MAX_BODY, "length": len(body)},
            field="body",
        )
    return body


def check_emoji(emoji: str) -> str:
    """Return `emoji` if it is one emoji: a picture, a flag or a keycap, with its modifiers. Raises Invalid."""
    if not _EMOJI.match(emoji):
        raise Invalid(_("That is not an emoji."), field="emoji")
    return emoji


def render(
    body: str,
    names: Mapping[str, object] | None = None,
    rooms: Mapping[str, str] | None = None,
    emoji: Mapping[str, str] | None = None,
) -> grammar.Rendered:
    """Render a message: its HTML, and which of `names` (see `markdown.mentions`) and `rooms` it refers to. `rooms` and
    custom `emoji` have the paths of their pages and pictures by name.

    Raises TooComplex if the HTML would be far longer than the text.
    """
    if not body:
        # Of a message that is nothing but its files: the renderer would make an empty paragraph.
        return grammar.Rendered("", [])
    rendered = grammar.render(body, names or {}, rooms, emoji)
    if len(rendered.html) > HTML_FACTOR * len(body) + HTML_ALLOWANCE:
        raise TooComplex(field="body")
    return rendered
