"""What is accepted as the text of a message or as a reaction, and the HTML of a text."""

import re
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from .errors import Invalid, TooComplex, TooLong
from .markdown import grammar
from .markdown.characters import is_visible

RENDERER = 2
"""The number of this way of rendering; kept with each message, so that a better one can find the older ones."""
HTML_FACTOR = 10
HTML_ALLOWANCE = 4096
"""The HTML of a message has at most HTML_FACTOR times the characters of its text, and these."""

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BLANK_LINES = re.compile(r"(?:[^\S\n]*\n)+")
# The grammar of UTS #51, section 1.4.9; the ranges are somewhat wider than its list, which grows each year.
_PICTURE = r"[©®‼⁉™ℹ↔-↪⌚-⏿Ⓜ▪-➿⤴⤵⬅-⭕〰〽㊗㊙\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
_ONE_EMOJI = rf"{_PICTURE}(?:\ufe0f|[\U0001f3fb-\U0001f3ff])?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
_EMOJI = re.compile(
    rf"(?=.{{1,16}}\Z)(?:{_ONE_EMOJI}(?:\u200d{_ONE_EMOJI})*|[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3)\Z"
)


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
    """Return what of `body` is stored: cleaned, with `\\n` line ends, without empty lines before it and white space
    after it. The white space before its first word stays: it may be code.

    Raises Invalid when nothing of it can be seen, TooLong above `CHAT_MAX_BODY` characters.
    """
    body = clean(body).replace("\r\n", "\n").replace("\r", "\n").rstrip()
    blank = _BLANK_LINES.match(body)
    body = body[blank.end() :] if blank else body
    if not is_visible(body):
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


def render(body: str, names: Mapping[str, object] | None = None) -> grammar.Rendered:
    """The HTML of a message, and whom of `names` (see `markdown.mentions`) it mentions.

    Raises TooComplex when the HTML would be far longer than the text.
    """
    rendered = grammar.render(body, names or {})
    if len(rendered.html) > HTML_FACTOR * len(body) + HTML_ALLOWANCE:
        raise TooComplex(field="body")
    return rendered
