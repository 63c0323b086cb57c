"""Emphasis: `*a*`, `_a_`, `**a**`, `__a__`, `~~a~~`; spoilers: `||a||`. CommonMark 0.31, section 6.2 and its appendix,
with these changes:

- none begins or ends inside a word or a name: `2*3*4`, `__init__.py`, `self._x_`; `__init__` alone is a name too;
- CJK characters count as the border of a word for `*`, `~` and `|` (commonmark-spec issue 650, "CJK friendly
  emphasis").
"""

import re

from .characters import CJK, KINDS, PUNCTUATION, SPACE, WORD

_TAGS = {("*", 1): "em", ("*", 2): "strong", ("_", 1): "em", ("_", 2): "strong", ("~", 2): "s", ("|", 2): "span"}
_OPENING = {tag: f"<{tag}>" for tag in _TAGS.values()} | {"span": '<span class="spoiler">'}
_BORDER = SPACE | PUNCTUATION | CJK
_DUNDER = re.compile(r"__[A-Za-z0-9_]{1,60}__(?!\w)")


class Run:
    """A run of one marker. `place`: its position in the output; `left`: the number of markers not used yet."""

    __slots__ = ("can_close", "can_open", "closing", "left", "length", "marker", "opening", "place")

    def __init__(self, marker: str, length: int, place: int, can_open: bool, can_close: bool) -> None:
        self.marker = marker
        self.length = self.left = length
        self.place = place
        self.can_open = can_open
        self.can_close = can_close
        self.opening: list[str] = []
        self.closing: list[str] = []

    def html(self) -> str:
        """Its HTML: closing tags, unused markers, opening tags."""
        return f"{''.join(self.closing)}{self.marker * self.left}{''.join(reversed(self.opening))}"


def is_name(src: str, at: int) -> bool:
    """Whether there is a name like `__init__` at `at`: one word of ASCII letters, digits and `_`."""
    return _DUNDER.match(src, at) is not None


def flanking(src: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether the run of markers between `start` and `end` can open emphasis, and whether it can close."""
    before, after = KINDS[src[start - 1 : start]], KINDS[src[end : end + 1]]
    marker = src[start]
    left = not after & SPACE and (after & (PUNCTUATION | CJK) != PUNCTUATION or bool(before & _BORDER))
    right = not before & SPACE and (before & (PUNCTUATION | CJK) != PUNCTUATION or bool(after & _BORDER))
    if marker == "_":
        can_open = left and (not right or bool(before & PUNCTUATION)) and not _in_name(src, start - 1, start - 2)
        can_close = right and (not left or bool(after & PUNCTUATION)) and not _in_name(src, end, end + 1)
        return can_open, can_close
    if marker in "*|" and before & after & WORD and not (before | after) & CJK:
        return False, False  # inside a word
    return left, right


def _in_name(src: str, beside: int, beyond: int) -> bool:
    """Whether punctuation at `beside` joins a run to a word at `beyond`, as in `__init__.py`."""
    if beyond < 0 or beyond >= len(src) or not KINDS[src[beyond]] & WORD:
        return False
    return bool(KINDS[src[beside]] & PUNCTUATION) and src[beside] not in "*_~|"


def pair(runs: list[Run]) -> None:
    """Pair opening and closing `runs`, in their order.

    The time grows linearly with their number: runs that a closing run examined without success are not examined again.
    """
    openers: list[Run] = []
    bottoms: dict[tuple[str, bool, int], int] = {}
    for run in runs:
        while run.can_close and run.left:
            key = (run.marker, run.can_open, run.length % 3)
            found = _opener(openers, bottoms.get(key, 0), run)
            if found < 0:
                bottoms[key] = len(openers)
                break
            del openers[found + 1 :]
            opener = openers[found]
            size = 2 if opener.left >= 2 and run.left >= 2 else 1
            tag = _TAGS[run.marker, size]
            opener.opening.append(_OPENING[tag])
            run.closing.append(f"</{tag}>")
            opener.left -= size
            run.left -= size
            if not opener.left:
                openers.pop()
            for name, height in bottoms.items():
                bottoms[name] = min(height, len(openers))
        if run.can_open and run.left:
            openers.append(run)


def _opener(openers: list[Run], bottom: int, closer: Run) -> int:
    """The index of the nearest run that `closer` closes; -1 when there is none at or above `bottom`."""
    for place in range(len(openers) - 1, bottom - 1, -1):
        opener = openers[place]
        if opener.marker != closer.marker:
            continue
        # "Rule of 3": section 6.2, rules 9 and 10.
        is_odd = (opener.can_close or closer.can_open) and not (opener.length + closer.length) % 3
        if is_odd and (opener.length % 3 or closer.length % 3):
            continue
        return place
    return -1
