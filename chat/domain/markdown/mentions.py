"""Mentions: `@name`, for the names that the caller knows.

Whom a text may mention has to be asked before it is parsed: `candidates` gives the keys of all names that could be
meant. The parser then takes the longest name that is known at each `@`, so that a name needs no mark at its end:
`@佐藤さん` and `@bob请看` mention 佐藤 and bob.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice

from .characters import is_unspaced, is_word

SIGNS = "@＠﹫"
LONGEST_NAME = 150
"""Characters, as in Django's own users."""
WORDS = 4
"""Words of a name that can be mentioned: "Ann van der Berg"."""
ENDS = 24
"""Places where the name after one @ may end, at most: that many names are looked up."""
SIGNS_INSIDE = 3
"""An @ inside a name: "ann@example.org"."""
SIGNS_READ = 1000
"""Signs at which names are looked for in one message, at most."""
CANDIDATES = 400
"""Names looked up for one message, at most."""

TRIES = 200
"""Mentions that are looked for in one message, at most."""

_APOSTROPHES = str.maketrans("’ʼ＇‘", "''''")
_SIGN = re.compile(f"[{SIGNS}]")
_MAIL_CHARACTERS = "_.+-%"
_LOOK_BACK = 64
_SITE = re.compile(r"[\w-]\.[\w-]|://")
_JOINERS = "\u200c\u200d"  # parts of words in Persian and in the scripts of India
_SEPARATORS = ".+-'’ʼ＇·"


def key(name: str) -> str:
    """What two spellings of a name have in common: NFKC, case folded (Unicode 15, section 3.13, D147)."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded).translate(_APOSTROPHES)


def is_mentionable(name: str) -> bool:
    """Whether `@name` can mention exactly this name, wherever it stands: what a name needs when it is given.

    Letters, marks and digits of any script, `_`, and between them `.`, `+`, `-`, `@`, apostrophes and single spaces;
    at most LONGEST_NAME characters and WORDS words; first and last a letter, a mark, a digit or `_`.
    """
    return bool(name) and len(name) <= LONGEST_NAME and _is_inner(name[-1]) and len(name) in set(_ends(name, 0))


def candidates(text: str) -> set[str]:
    """The keys of all names that `text` could mention, `all` and `here` included; at most CANDIDATES."""
    found: set[str] = set()
    for sign in islice(_SIGN.finditer(text), SIGNS_READ):
        if begins(text, sign.start()):
            found.update(key(text[sign.end() : end]) for end in _ends(text, sign.end()))
            if len(found) > CANDIDATES:
                break
    return found


class Known(dict):
    """The names that one message may mention, by their `key`, and how often they may still be looked for."""

    def __init__(self, names: Mapping[str, object]):
        super().__init__(names)
        self.tries = TRIES


def find(text: str, at: int, names: Known) -> tuple[int, object] | None:
    """The end of the longest of `names` after the @ at `at`, and what it stands for in `names`."""
    if not names or not names.tries or not begins(text, at):
        return None
    names.tries -= 1
    for end in reversed(list(_ends(text, at + 1))):
        who = names.get(key(text[at + 1 : end]))
        if who is not None:
            return end, who
    return None


def begins(text: str, at: int) -> bool:
    """Whether a mention may begin with the @ at `at`: not inside a word, an e-mail address or an address of a page."""
    before = text[at - 1 : at]
    if not before or before.isspace():
        return True
    if before in SIGNS:
        return False
    if before == "/":
        # Up to the last space: "medium.com/@bob" is a page, "@ann/@bob" are two people.
        return not _SITE.search(text[max(0, at - _LOOK_BACK) : at].split()[-1])
    if before in _MAIL_CHARACTERS:
        before = text[max(0, at - _LOOK_BACK) : at].rstrip(_MAIL_CHARACTERS)[-1:]
    return not is_word(before) or is_unspaced(before)


def _ends(text: str, start: int) -> Iterator[int]:
    """The places after `start` where a name that begins there may end, at most ENDS."""
    if not _is_inner(text[start : start + 1]):
        return
    given, words, signs = 0, 1, 0
    for end in range(start + 1, min(len(text), start + LONGEST_NAME) + 1):
        last, after = text[end - 1], text[end : end + 1]
        if _is_end(text, end, last, after):
            yield end
            given += 1
            if given == ENDS:
                return
        if after == " ":
            words += 1
            if words > WORDS or not _is_inner(text[end + 1 : end + 2]):
                return
        elif after == "@":
            signs += 1
            if signs > SIGNS_INSIDE:
                return
        elif not (_is_inner(after) or (after and after in _SEPARATORS)):
            return


def _is_end(text: str, end: int, last: str, after: str) -> bool:
    """Whether a name may end with `last`, before `after`."""
    if last == " ":
        return False
    if after == "_":
        # As in `_@bob_`, but not in `@bob_smith`.
        rest = text[end : end + _LOOK_BACK].lstrip("_")
        return not is_word(rest[:1])
    if after == "@":
        # `@bob@example.org` is an address of somewhere else.
        return not is_word(text[end + 1 : end + 2])
    if not is_word(after):
        return not after or after not in _JOINERS
    if unicodedata.category(after)[0] == "M":
        return False
    return is_word(last) and (is_unspaced(last) or is_unspaced(after))


def _is_inner(character: str) -> bool:
    return is_word(character) or character == "_" or (bool(character) and character in _JOINERS)
