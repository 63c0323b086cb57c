"""Classes of characters for the grammar, and which text is visible.

Sources: Unicode 15 (UnicodeData.txt, DerivedCoreProperties.txt: Default_Ignorable_Code_Point).
"""

import re
import unicodedata
from functools import lru_cache

ASCII_PUNCTUATION = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")

_CJK = re.compile(
    "[\u1100-\u11ff\u2e80-\u2fff\u3000-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\ufe30-\ufe4f\uff00-\uffef\U0001b000-\U0001b2ff\U00020000-\U0003ffff]"
)
# Thai, Lao, Tibetan, Myanmar, Khmer: like CJK, they are written without spaces between words.
_UNSPACED = re.compile("[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff]")

CJK_PUNCTUATION = (
    "\u3000-\u3004\u3008-\u3020\u3030\u303d-\u303f\u30fb\ufe30-\ufe4f"
    "\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65"
)
"""Ranges for a class of a regular expression."""

# Code points without a glyph that are not white space or of the category Cf: fillers, the blank Braille pattern,
# the null notehead, variation selectors and other default ignorables.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u2800\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U0001d159\U000e0000-\U000e0fff]"
)
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})


SPACE, PUNCTUATION, CJK, WORD, UNSPACED = 1, 2, 4, 8, 16
"""White space or the end of the text; categories P and S (CommonMark 0.31, section 2.1); Chinese, Japanese and Korean
scripts with their punctuation; letters, marks and digits of any script; scripts without spaces between words."""


def match_end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """The end of the match of `pattern` at `at`; `at` if there is none."""
    found = pattern.match(text, at)
    return found.end() if found else at


class _Kinds(dict[str, int]):
    """The kinds of each character, as a bit mask; the empty string is the end of the text."""

    def __missing__(self, character: str) -> int:
        if not character or character.isspace():
            kinds = SPACE
        else:
            major = unicodedata.category(character)[0]
            kinds = PUNCTUATION if major in "PS" else WORD if major in "LMN" else 0
        if _CJK.match(character):
            kinds |= CJK | UNSPACED
        elif _UNSPACED.match(character):
            kinds |= UNSPACED
        if len(self) < _KEPT:
            self[character] = kinds
        return kinds


_KEPT = 8192
KINDS = _Kinds()


def is_space(character: str) -> bool:
    """Whether it is white space, or the end of the text (an empty string)."""
    return bool(KINDS[character] & SPACE)


def is_cjk(character: str) -> bool:
    """Whether it belongs to a Chinese, Japanese or Korean script, punctuation included."""
    return bool(KINDS[character] & CJK)


def is_word(character: str) -> bool:
    """Whether it is a letter, a mark or a digit of any script."""
    return bool(KINDS[character] & WORD)


def is_unspaced(character: str) -> bool:
    """Whether it belongs to a script without spaces between words."""
    return bool(KINDS[character] & UNSPACED)


@lru_cache(maxsize=4096)
def is_blank(character: str) -> bool:
    """Whether it is invisible when it is alone: white space, controls, formats, fillers, variation selectors."""
    return unicodedata.category(character) in _UNSEEN_CATEGORIES or _BLANK.match(character) is not None


def is_visible(text: str) -> bool:
    """Whether `text` has a visible character."""
    return not all(map(is_blank, text))
