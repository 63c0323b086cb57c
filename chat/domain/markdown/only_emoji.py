"""Messages of a few emoji and nothing else are shown large."""

import re

from ..emoji import canonical

MAX_LARGE = 10
"""Limit of emoji in a message that is shown large."""
_MAX_HTML = 3000

# The grammar of UTS #51, section 1.4.9; the ranges are somewhat wider than its list, which grows each year.
_PICTURE = r"[©®‼⁉™ℹ↔-↪⌚-⏿Ⓜ▪-➿⤴⤵⬅-⭕〰〽㊗㊙\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
_ONE = rf"{_PICTURE}(?:\ufe0f|[\U0001f3fb-\U0001f3ff])?(?:[\U000e0020-\U000e007e]+\U000e007f)?"
EMOJI = rf"(?:{_ONE}(?:\u200d{_ONE})*|[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3)"
"""The pattern of one emoji: a picture, a flag or a keycap, with its modifiers."""
_BEGIN = "<p>"
_PART = re.compile(rf'\s+|<br>|(?P<emoji>{EMOJI}|<img class="emoji" [^>]*>)')


def enlarge(html: str) -> str:
    """Mark the paragraph of `html` if it is the only one, and has nothing but up to MAX_LARGE emoji."""
    if len(html) > _MAX_HTML or not html.startswith(_BEGIN) or not html.endswith("</p>\n"):
        return html
    at, end, count = len(_BEGIN), len(html) - len("</p>\n"), 0
    while at < end:
        part = _PART.match(html, at, end)
        if part is None:
            return html
        emoji = part["emoji"]
        if emoji:
            count += 1
            # `©` alone is text, and so is `1`.
            if count > MAX_LARGE or (not emoji.startswith("<") and canonical(emoji) != emoji):
                return html
        at = part.end()
    return f'<p class="only-emoji">{html[len(_BEGIN) :]}' if count else html
