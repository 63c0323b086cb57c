"""Properties of characters that are missing in Python's `unicodedata`: scripts, look-alikes, invisible characters.

The data are from Unicode 17.0.0. Scripts and look-alikes are there only for characters that names may have; invisible
characters are complete. `make` generates the files. LICENSE.txt has the terms of use. The rules are those of UTS #39,
Unicode Security Mechanisms.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent
# The blocks IPA Extensions, Phonetic Extensions and Latin Extended-D.
_PHONETIC = (range(0x250, 0x2B0), range(0x1D00, 0x1D80), range(0xA720, 0xA800))
COMMON = frozenset({"Zyyy", "Zinh"})
"""The codes Common and Inherited: characters that belong to no single script, such as digits, punctuation, marks."""


def skeleton(text: str) -> str:
    """The skeleton of `text` (UTS #39 section 4): texts with the same skeleton look alike.

    Compare skeletons, but never show one. Refuse a text with an invisible character before (`is_invisible`): UTS #39
    removes such characters, and this function does not.
    """
    prototypes = _prototypes()
    mapped = "".join(prototypes.get(char, char) for char in unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFD", mapped)


def scripts_of(char: str) -> frozenset[str]:
    """The scripts that use a character (Script_Extensions), as four-letter codes of ISO 15924.

    Empty if the data do not have the character, because no name may contain it.
    """
    starts, ends, sets = _scripts()
    at = bisect_right(starts, ord(char)) - 1
    return sets[at] if at >= 0 and ord(char) <= ends[at] else frozenset()


def is_invisible(char: str) -> bool:
    """Whether a character has the property Default_Ignorable_Code_Point: it is invisible."""
    starts, ends = _invisible()
    at = bisect_right(starts, ord(char)) - 1
    return at >= 0 and ord(char) <= ends[at]


@cache
def _prototypes() -> dict[str, str]:
    found: dict[str, str] = {}
    small = _small_capitals()
    for line in _lines("confusables.txt"):
        prototype, sources = line.split(":")
        text = "".join(small.get(char, char) for char in (chr(int(code, 16)) for code in prototype.split()))
        found |= {chr(int(code, 16)): text for code in sources.split()}
    return found | small


def _small_capitals() -> dict[str, str]:
    """Phonetic letters like \u1d00, with the plain letter (a) of each. Unicode's list of look-alikes lacks some."""
    named = ((chr(code), unicodedata.name(chr(code), "")) for block in _PHONETIC for code in block)
    begin = "LATIN LETTER SMALL CAPITAL "
    return {
        char: name.removeprefix(begin).lower()
        for char, name in named
        if name.startswith(begin) and len(name) == len(begin) + 1
    }


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


def _ranges(text: str) -> Iterator[tuple[int, int]]:
    for part in text.split():
        first, _dash, last = part.partition("-")
        yield int(first, 16), int(last or first, 16)


def _lines(name: str) -> list[str]:
    return [line for line in (_FOLDER / name).read_text("ascii").splitlines() if not line.startswith("#")]
