"""Properties of characters that Python's `unicodedata` lacks: scripts, look-alikes, and what is never seen.

The data are Unicode's own (version 17.0.0), cut to the characters that names may have: see `make` for how, LICENSE.txt
for the terms. Source of the rules: UTS #39, Unicode Security Mechanisms.
"""

import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
COMMON = frozenset({"Zyyy", "Zinh"})
"""The codes of what belongs to every script: digits, punctuation, marks."""


def skeleton(text: str) -> str:
    """What `text` looks like (UTS #39 section 4): two texts with the same skeleton can be taken for each other.

    For comparing only. `text` holds no default-ignorable character: names with one are refused, see `is_invisible`.
    """
    prototypes = _prototypes()
    mapped = "".join(prototypes.get(char, char) for char in unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFD", mapped)


def scripts_of(char: str) -> frozenset[str]:
    """The scripts that use a character (Script_Extensions), as four-letter codes of ISO 15924; empty for an unknown
    one."""
    starts, ends, sets = _scripts()
    at = bisect_right(starts, ord(char)) - 1
    return sets[at] if at >= 0 and ord(char) <= ends[at] else frozenset()


def is_invisible(char: str) -> bool:
    """Whether a character has the property Default_Ignorable_Code_Point: nothing is seen of it."""
    starts, ends = _invisible()
    at = bisect_right(starts, ord(char)) - 1
    return at >= 0 and ord(char) <= ends[at]


@cache
def _prototypes() -> dict[str, str]:
    found = {}
    for line in _lines("confusables.txt"):
        prototype, sources = line.split(":")
        text = "".join(chr(int(code, 16)) for code in prototype.split())
        found |= {chr(int(code, 16)): text for code in sources.split()}
    return found


@cache
def _scripts() -> tuple[list[int], list[int], list[frozenset[str]]]:
    found = []
    for line in _lines("scripts.txt"):
        codes, ranges = line.split(":")
        scripts = frozenset(codes.split())
        found += [(*ends, scripts) for ends in _ranges(ranges)]
    starts, ends, sets = zip(*sorted(found, key=lambda entry: entry[0]), strict=True)
    return list(starts), list(ends), list(sets)


@cache
def _invisible() -> tuple[list[int], list[int]]:
    starts, ends = zip(*(ends for line in _lines("invisible.txt") for ends in _ranges(line)), strict=True)
    return list(starts), list(ends)


def _ranges(text: str):
    for part in text.split():
        first, _dash, last = part.partition("-")
        yield int(first, 16), int(last or first, 16)


def _lines(name: str) -> list[str]:
    return [line for line in (_FOLDER / name).read_text("ascii").splitlines() if not line.startswith("#")]
