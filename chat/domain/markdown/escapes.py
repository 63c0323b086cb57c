"""Backslash escapes: which ones have an effect. A chat keeps the backslash of the others, unlike CommonMark."""

import re

from . import addresses, mentions, references, times
from .characters import is_cjk, is_space, is_word

ENTITY = re.compile(r"&(?:#[xX]([0-9a-fA-F]{1,6})|#([0-9]{1,7})|([A-Za-z][A-Za-z0-9]{1,31}));")
_ORDINAL = re.compile(r"[0-9]{1,9}\Z")
_OPENING = "([{\"'<*_~|"
_CLOSING = ")]}\"'>*_~|.,:;!?\\"


def has_effect(src: str, at: int, known: references.References, *, has_link: bool) -> bool:
    """Whether the character after the backslash at `at` would be Markdown or a mention without the backslash."""
    escaped = src[at + 1]
    before, after = src[at - 1 : at], src[at + 2 : at + 3]
    match escaped:
        case "`":
            return True
        case "*" | "_":
            opens = (is_space(before) or before in _OPENING or is_cjk(before)) and not is_space(after)
            closes = not is_space(before) and (is_space(after) or after in _CLOSING or is_cjk(after))
            return opens or closes or (escaped == "*" and _is_line_start(src, at))
        case "~":
            return after == "~"
        case "[" | "]":
            return has_link
        case "<":
            return times.find(src, at + 1) is not None or addresses.in_angle_brackets(src, at + 1) is not None
        case "&":
            return ENTITY.match(src, at + 1) is not None
        case "@":
            return mentions.find(src, at + 1, known.people) is not None or is_word(before)
        case "|":
            return after == "|" or src.startswith("\\|", at + 2) or src.endswith("\\|", 0, at)
        case ":":
            return references.find_emoji(src, at + 1, known) is not None
        case "#":
            return _is_line_start(src, at) or references.find_room(src, at + 1, known) is not None
        case ">" | "-" | "+":
            return _is_line_start(src, at)
        case "." | ")":
            line = src[src.rfind("\n", max(0, at - 10), at) + 1 : at] if at <= 9 or "\n" in src[at - 10 : at] else ""
            return _ORDINAL.match(line) is not None and is_space(after)
        case "\\":
            return bool(after) and after in "*_`[<~&"
    return False


def _is_line_start(src: str, at: int) -> bool:
    return at == 0 or src[at - 1] == "\n"
