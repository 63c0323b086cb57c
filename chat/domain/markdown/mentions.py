"""Mentions: `@name`, for the names that the caller knows.

The caller looks up names before the text is parsed: `candidates` returns the keys of all names that could be meant.
Then the parser takes the longest known name after each `@`, so a name needs no mark at its end:
`@佐藤さん` and `@bob请看` mention 佐藤 and bob.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice

from .characters import is_unspaced, is_word

SIGNS = "@＠﹫"
MAX_NAME = 150
"""Characters, as in Django's own users."""
WORDS = 4
"""Limit of words in a name that can be mentioned, such as "Ann van der Berg"."""
ENDS = 24
"""Limit of positions where the name after one @ may end. Each is a name to look up."""
SIGNS_INSIDE = 3
"""Limit of @ inside a name, such as "ann@example.org"."""
SIGNS_READ = 1000
"""Limit of @ in a message after which `candidates` looks for names."""
CANDIDATES = 400
"""Limit of names to look up for one message."""

TRIES = 200
"""Limit of @ in a message after which the parser looks for a known name."""

_APOSTROPHES = str.maketrans("’ʼ＇‘", "''''")
_SIGN = re.compile(f"[{SIGNS}]")
_MAIL_CHARACTERS = "_.+-%"
_LOOK_BACK = 64
_SITE = re.compile(r"[\w-]\.[\w-]|://")
_JOINERS = "\u200c\u200d"  # parts of words in Persian and in scripts of India
_SEPARATORS = ".+-'’ʼ＇·"


def key(name: str) -> str:
    """The key of a name, equal for its different spellings: NFKC, case folded (Unicode 15, section 3.13, D147)."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded).translate(_APOSTROPHES)


def is_mentionable(name: str) -> bool:
    """Whether `@name` mentions exactly this name in any place of a text. Required of names of accounts.

    Letters, marks and digits of any script, `_`, and between them `.`, `+`, `-`, `@`, apostrophes and single spaces;
    at most MAX_NAME characters and WORDS words; first and last a letter, a mark, a digit or `_`.
    """
    return bool(name) and len(name) <= MAX_NAME and _is_inner(name[-1]) and len(name) in set(_ends(name, 0))


def candidates(text: str) -> set[str]:
    """The keys of all names that `text` could mention, `all` and `here` included; at most CANDIDATES."""
    found: set[str] = set()
    for sign in islice(_SIGN.finditer(text), SIGNS_READ):
        if begins(text, sign.start()):
            found.update(key(text[sign.end() : end]) for end in _ends(text, sign.end()))
            if len(found) > CANDIDATES:
                break
    return found


class Known(dict[str, object]):
    """The names that one message may mention, by their `key`; `tries`: how many more @ are examined."""

    def __init__(self, names: Mapping[str, object]) -> None:
        super().__init__(names)
        self.tries = TRIES


def find(text: str, at: int, names: Known) -> tuple[int, object] | None:
    """The end of the longest of `names` after the @ at `at`, and its value in `names`."""
    if not names or not names.tries or not begins(text, at):
        return None
    names.tries -= 1
    for end in reversed(list(_ends(text, at + 1))):
        who = names.get(key(text[at + 1 : end]))
        if who is not None:
            return end, who
    return None


def begins(text: str, at: int) -> bool:
    """Whether a mention may begin with the @ at `at`: not inside a word, an e-mail address or a URL."""
    before = text[at - 1 : at]
    if not before or before.isspace():
        return True
    if before in SIGNS:
        return False
    if before == "/":
        # Look back to the last space: "medium.com/@bob" is a URL, "@ann/@bob" are two people.
        return not _SITE.search(text[max(0, at - _LOOK_BACK) : at].split()[-1])
    if before in _MAIL_CHARACTERS:
        before = text[max(0, at - _LOOK_BACK) : at].rstrip(_MAIL_CHARACTERS)[-1:]
    return not is_word(before) or is_unspaced(before)


def _ends(text: str, start: int) -> Iterator[int]:
    """The positions where a name that begins at `start` may end, at most ENDS."""
    if not _is_inner(text[start : start + 1]):
        return
    given, words, signs = 0, 1, 0
    for end in range(start + 1, min(len(text), start + MAX_NAME) + 1):
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
        # `@bob@example.org` is an address on another server.
        return not is_word(text[end + 1 : end + 2])
    if not is_word(after):
        return not after or after not in _JOINERS
    if unicodedata.category(after)[0] == "M":
        return False
    return is_word(last) and (is_unspaced(last) or is_unspaced(after))


def _is_inner(character: str) -> bool:
    return is_word(character) or character == "_" or (bool(character) and character in _JOINERS)
