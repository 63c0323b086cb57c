"""Emphasis: `*a*`, `_a_`, `**a**`, `__a__`, `~~a~~`. CommonMark 0.31, section 6.2 and its appendix, with these changes:

- none begins or ends inside a word or a name: `2*3*4`, `__init__.py`, `self._x_`; `__init__` alone is a name too;
- CJK characters count as the border of a word for `*` and `~` (commonmark-spec issue 650, "CJK friendly emphasis").
"""

import re

from .characters import is_cjk, is_punctuation, is_space, is_word

_TAGS = {("*", 1): "em", ("*", 2): "strong", ("_", 1): "em", ("_", 2): "strong", ("~", 2): "s"}
_DUNDER = re.compile(r"__[A-Za-z0-9_]{1,60}__(?!\w)")


class Run:
    """A run of one marker. `place` is where its text will stand in the output; `left` the markers not yet used."""

    __slots__ = ("can_close", "can_open", "closing", "left", "length", "marker", "opening", "place")

    def __init__(self, marker: str, length: int, place: int, can_open: bool, can_close: bool):
        self.marker = marker
        self.length = self.left = length
        self.place = place
        self.can_open = can_open
        self.can_close = can_close
        self.opening: list[str] = []
        self.closing: list[str] = []

    def html(self) -> str:
        """What it has become: tags that it closes, markers that are left, tags that it opens."""
        return f"{''.join(self.closing)}{self.marker * self.left}{''.join(reversed(self.opening))}"


def is_name(src: str, at: int) -> bool:
    """Whether a name like `__init__` stands at `at`: one word of ASCII letters, digits and `_`."""
    return _DUNDER.match(src, at) is not None


def flanking(src: str, start: int, end: int) -> tuple[bool, bool]:
    """Whether the run of markers between `start` and `end` can open emphasis, and whether it can close."""
    before, after = src[start - 1 : start], src[end : end + 1]
    marker = src[start]
    left = not is_space(after) and (not _parts(after) or _is_border(before))
    right = not is_space(before) and (not _parts(before) or _is_border(after))
    if marker == "_":
        can_open = left and (not right or is_punctuation(before)) and not _in_name(before, src[start - 2 : start - 1])
        can_close = right and (not left or is_punctuation(after)) and not _in_name(after, src[end + 1 : end + 2])
        return can_open, can_close
    if marker == "*" and _is_inside_a_word(before, after):
        return False, False
    return left, right


def _parts(character: str) -> bool:
    return is_punctuation(character) and not is_cjk(character)


def _is_border(character: str) -> bool:
    return is_space(character) or is_punctuation(character) or is_cjk(character)


def _is_inside_a_word(before: str, after: str) -> bool:
    return is_word(before) and is_word(after) and not is_cjk(before) and not is_cjk(after)


def _in_name(beside: str, beyond: str) -> bool:
    """Whether punctuation beside a run joins it to a word, as in `__init__.py`."""
    return is_punctuation(beside) and beside not in "*_~" and is_word(beyond)


def pair(runs: list[Run]) -> None:
    """Pair what opens and what closes among `runs`, in their order.

    The time grows with their number: what a closing run looked through in vain is not looked at again.
    """
    openers: list[Run] = []
    bottoms: dict[tuple, int] = {}
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
            opener.opening.append(f"<{tag}>")
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
