"""Splits texts into the tokens by which they are found. Pure; the same for documents and for queries.

Neither database splits a text itself: SQLite's and PostgreSQL's own parsers disagree about identifiers, addresses and
most scripts, and neither finds a word within a Chinese sentence. Here a token is

- a word: letters, marks and digits, in NFKC, without case and accents. `foo_bar.baz` are three words that follow each
  other, so a search for it looks for these words in a row; it is found whole and in parts
- one character of a script that is written without spaces (Chinese, Japanese, Thai …). Hangul counts as one, because
  particles stick to Korean words. Each two neighbours also make a *pair*, by which longer runs are found quickly
- an emoji or another symbol. `:tada:`, the name of an emoji as people write it, is that emoji; its words find it, too.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

from chat.domain.emoji import by_name

MAX_TOKEN = 64
"""Characters of a token. What follows is cut off, in documents and queries."""

_JOINERS = "\u00ad\u200c\u200d"
"""Invisible characters within words: soft hyphen, the two joiners of Persian and Indic scripts."""
_APART = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u1100-\u11ff\u3130-\u318f\uac00-\ud7ff"  # Hangul
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u303c\u3040-\u30fa\u30fc-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uffdc\U00016fe0-\U00018cff\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
_SYMBOLS = "\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001f3fa\U0001f400-\U0001faff"
_STRIPPED = re.compile(
    "[\u0300-\u036f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # points of Hebrew
    "\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"  # of Arabic, and its stretched lines
    f"{_JOINERS}]+"
)
_WITHOUT_ACCENT = str.maketrans(
    {"ı": "i", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
"""Letters that Unicode does not decompose."""
_NAME = r"(?P<name>:[a-z0-9+-][a-z0-9_+-]{0,59}(?=:))"
"""What may be the name of an emoji, without the colon at its end, with which the next one may begin."""
_HUMP = re.compile(r"[a-z0-9][A-Z]|[A-Z]{2}[a-z]")
_HUMPS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


class Word(NamedTuple):
    """A token at its place in a text. `folded`: without accents. `exact`: with them. `parts`: of a name in camel case.
    `is_apart`: a character of a script without spaces. `joins`: it follows such a character directly."""

    folded: str
    exact: str
    start: int
    end: int
    parts: tuple[str, ...] = ()
    is_apart: bool = False
    joins: bool = False


def compose(text: str) -> str:
    """The text in NFC: the form that the places of `words` refer to."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def words(text: str) -> list[Word]:
    """The tokens of a composed text (`compose`), in its order."""
    found: list[Word] = []
    for match in (_ASCII if text.isascii() else _any_script()).finditer(text):
        start, end = match.span()
        if match.lastgroup == "word":
            found += [Word(folded, exact, start, end, parts) for folded, exact, parts in _fold(match[0])]
        elif match.lastgroup == "apart":
            found += _set_apart(match[0], start)
        elif match.lastgroup == "name":
            found += _named(match[0][1:], start)
        else:
            found.append(Word(match[0], match[0], start, end))
    return found


def pair(first: Word, second: Word) -> str:
    """The token of two characters that follow each other."""
    return first.folded + second.folded


def fold(word: str) -> str:
    """A word without accents. Takes the result of `casefold`."""
    if word.isascii():
        return word
    bare = _STRIPPED.sub("", unicodedata.normalize("NFD", word)).translate(_WITHOUT_ACCENT)
    return unicodedata.normalize("NFC", bare)


def plain(text: str) -> str:
    """A text without case and accents: it contains the `folded` form of each of its words, but for names of emoji."""
    return text.lower() if text.isascii() else fold(unicodedata.normalize("NFKC", text).casefold())


_ASCII = re.compile(rf"{_NAME}|(?P<word>[A-Za-z0-9]+(?:(?:\+\+|#)(?![A-Za-z0-9_]))?)")


@cache
def _any_script() -> re.Pattern[str]:
    """Compiled at the first use: it looks at all marks of Unicode."""
    apart = re.compile(f"[{_APART}\ufe00-\ufe0f]")  # variation selectors only choose how a character looks
    marks = "".join(
        character
        for code in range(0x300, 0x1FFFF)
        if unicodedata.category(character := chr(code)) in ("Mn", "Mc", "Me") and not apart.match(character)
    )
    letter, mark = f"[^\\W_{_APART}]", f"[{re.escape(marks)}{_JOINERS}]"
    # `c++` and `c#` are names of languages.
    word = f"{letter}+(?:{mark}+{letter}*)*(?:(?:\\+\\+|#)(?!\\w))?"
    return re.compile(f"{_NAME}|(?P<word>{word})|(?P<apart>[{_APART}]+)|(?P<symbol>[{_SYMBOLS}])")


@lru_cache(maxsize=32_768)
def _fold(word: str) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """The tokens of one match of a word: rarely more than one, as of ½."""
    if word.isascii():
        lower = word.lower()[:MAX_TOKEN]
        parts = tuple(part.lower() for part in _HUMPS.findall(word)) if _HUMP.search(word) else ()
        if lower[-1] in "+#":
            parts += (lower.rstrip("+#"),)
        return ((lower, lower, parts[:MAX_TOKEN]),)
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", word).casefold())
    found = []
    for match in _any_script().finditer(plain):
        exact = re.sub(f"[{_JOINERS}]", "", match[0])[:MAX_TOKEN]
        folded = fold(exact)[:MAX_TOKEN]
        if folded:
            found.append((folded, exact, ()))
    return tuple(found)


def _named(name: str, colon: int) -> list[Word]:
    """The tokens of a name between colons, the first of which is at `colon`: the emoji that has this name, or words."""
    inside = words(name)
    emoji = by_name(name)
    symbols = words(emoji) if emoji is not None else []
    if not symbols:
        return [word._replace(start=word.start + colon + 1, end=word.end + colon + 1) for word in inside]
    parts = tuple(part for word in inside for part in (word.folded, *word.parts))
    end = colon + len(name) + 2
    return [word._replace(start=colon, end=end, parts=() if at else parts) for at, word in enumerate(symbols)]


def _set_apart(run: str, start: int) -> list[Word]:
    plain = unicodedata.normalize("NFKC", run).casefold()
    # Half-width letters may become one; then the places within the run are not known.
    is_same = len(plain) == len(run)
    return [
        Word(
            character,
            character,
            start + at if is_same else start,
            start + at + 1 if is_same else start + len(run),
            is_apart=True,
            joins=at > 0,
        )
        for at, character in enumerate(plain)
        if not character.isspace()
    ]
