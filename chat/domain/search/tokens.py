"""Splits a query into tokens: words, phrases in quotation marks, operators with their values, and OR. Pure.

Keyboards of telephones write curved quotation marks, those for Chinese and Japanese full-width signs: all count.
"""

from collections.abc import Container, Iterator
from dataclasses import dataclass

_QUOTES = frozenset('"“”„‟＂')
_COLONS = frozenset(":：")
_MINUS = frozenset("-－−")
_OR = frozenset({"OR", "|", "||"})
_LONGEST_OPERATOR = 12


@dataclass(frozen=True, slots=True)
class Token:
    """A part of a query, from `start` to `end`. `operator` is "" for words and phrases."""

    value: str
    start: int
    end: int
    operator: str = ""
    is_quoted: bool = False
    is_negated: bool = False
    is_unclosed: bool = False
    is_or: bool = False


def read_tokens(text: str, operators: Container[str]) -> Iterator[Token]:
    """The tokens of a text, in its order. `operators` are the names that may stand before a colon, in lower case."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _read_token(text, at, operators)
        yield token
        at = token.end


def _read_token(text: str, start: int, operators: Container[str]) -> Token:
    at = start
    is_negated = text[at] in _MINUS and at + 1 < len(text) and not text[at + 1].isspace()
    if is_negated:
        at += 1
    operator, at = _read_operator(text, at, operators)
    if at < len(text) and text[at] in _QUOTES:
        end = _end_of_phrase(text, at + 1)
        is_unclosed = end == len(text)
        value = " ".join(text[at + 1 : end].split())
        return Token(value, start, min(end + 1, len(text)), operator, True, is_negated, is_unclosed)
    end = _end_of_word(text, at)
    value = text[at:end]
    is_or = not operator and not is_negated and value in _OR
    return Token(value, start, end, operator, is_negated=is_negated, is_or=is_or)


def _read_operator(text: str, start: int, operators: Container[str]) -> tuple[str, int]:
    """The name of the operator at `start` and the place after its colon; "" and `start` if there is none."""
    for at in range(start, min(len(text), start + _LONGEST_OPERATOR)):
        if text[at] in _COLONS:
            name = text[start:at].lower()
            # `from::` and `in://` are words.
            follows = text[at + 1 : at + 2]
            return (name, at + 1) if name in operators and follows not in (":", "/") else ("", start)
        if not (text[at].isalpha() or text[at] == "-"):
            break
    return "", start


def _end_of_phrase(text: str, start: int) -> int:
    """The place of the quotation mark that ends a phrase; the end of the text without one."""
    return next((at for at in range(start, len(text)) if text[at] in _QUOTES), len(text))


def _end_of_word(text: str, start: int) -> int:
    """The place of the space after a word, or of a quotation mark that begins a phrase."""
    for at in range(start, len(text)):
        if text[at].isspace():
            return at
        # `6"` is a word: a quotation mark within it begins a phrase only if the phrase has an end.
        if text[at] in _QUOTES and at > start and _end_of_phrase(text, at + 1) < len(text):
            return at
    return len(text)
