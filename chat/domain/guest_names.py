"""The names of guests. Nothing here uses the database."""

import re
from typing import Any

from . import names

_FIRST = (
    "Amber Brisk Calm Clever Dusty Early Gentle Golden Hazel Jolly "
    "Keen Lively Lucky Merry Mossy Nimble Quiet Silver Sunny Swift"
).split()
_SECOND = (
    "Badger Beaver Crane Dolphin Falcon Finch Fox Hare Heron Ibis "
    "Lark Lynx Marten Otter Owl Puffin Robin Seal Stork Wren"
).split()
_PAIRS = len(_FIRST) * len(_SECOND)
_STEP = 222_487
"""Distributes consecutive numbers over the names: it and the number of names have no common divisor."""


def _alternatives(words: Any) -> str:
    return "|".join(re.escape(names.look(word)) for word in words)


# Digits as `names.look` returns them: 1 looks like l, 0 like o.
_DIGIT = "[" + "".join({names.look(digit) for digit in "0123456789"}) + "]"
_GUESTLIKE = re.compile(
    rf"{names.look('guest')}s?{_DIGIT}*|({_alternatives(_FIRST)})({_alternatives(_SECOND)}){_DIGIT}{{2,}}"
)


def name_of(number: int) -> str:
    """The name of the guest with this number, counted from 0 since the site was made. No two numbers share a name."""
    digits = 3
    while number >= (count := _PAIRS * 9 * 10 ** (digits - 1)):
        number -= count
        digits += 1
    after, pair = divmod(number * _STEP % count, _PAIRS)
    first, second = divmod(pair, len(_SECOND))
    return f"{_FIRST[first]} {_SECOND[second]} {10 ** (digits - 1) + after}"


def looks_like_guest(name: str) -> bool:
    """Whether `name` could be taken for a guest's name, whatever its case and punctuation. No user may have such a
    name."""
    return _GUESTLIKE.fullmatch(re.sub(r"[\W_]", "", names.look(name))) is not None
