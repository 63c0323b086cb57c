"""The document of a text: all tokens by which a message or a file is found, in the form of each database. Pure.

Both databases get the same tokens at the same places, so they give the same answers. Three kinds of tokens have a mark
in front, a character of Unicode's private use area, so that no typed word is one of them: stems, words of the names of
files, and facts such as the room and the author.
"""

from collections.abc import Iterable

from . import normalise
from .stems import stems_of

STEM = "\ue000"
FACT = "\ue001"
FILE_NAME = "\ue002"
_BREAK = "\ue003"
"""Between tokens that must not count as neighbours, in SQLite's form."""

MAX_PLACES = 16_000
"""The first tokens of a document, which phrases are found in. The others are found as single words and pairs: a
`tsvector` has no places above 16,383."""
MAX_SAME = 250
"""Places of one token. A `tsvector` has at most 256."""
MAX_BYTES = 600_000
"""Of the different tokens of a document. A `tsvector` has at most 1 MB."""


class Document:
    """Collects the tokens of one document. `facts`: tokens by `fact`; `names`: of files."""

    def __init__(self, facts: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self._placed: list[str] = []
        self._pairs: list[tuple[int, str]] = []
        self._others: dict[str, None] = {}
        self._count: dict[str, int] = {}
        self._bytes = 0
        for token in facts:
            self._add_other(token)
        for name in names:
            for word in normalise.words(normalise.compose(name)):
                self._add_other(FILE_NAME + word.folded)

    def add(self, text: str) -> None:
        """Add a text. What is more than the limits is left out."""
        former: normalise.Word | None = None
        for word in normalise.words(normalise.compose(text)):
            folded, exact, _start, _end, parts, is_apart, joins = word
            is_placed = self._add_word(folded)
            if joins and former is not None:
                self._add_pair(normalise.pair(former, word), is_placed)
            former = word
            if exact != folded:
                self._add_other(exact)
            for part in parts:
                self._add_other(part)
            if not is_apart:
                for stem in stems_of(exact):
                    if stem != folded:
                        self._add_other(STEM + stem)
            if self._bytes > MAX_BYTES:
                return
        # No phrase goes from one text of a document to the next.
        self._placed.append(_BREAK)

    def for_sqlite(self) -> str:
        """The tokens in a row, for a tokenizer that splits at spaces."""
        row = list(self._placed)
        last = None
        for place, pair in self._pairs:
            if last is None or place != last + 1:
                row.append(_BREAK)
            row.append(pair)
            last = place
        for token in self._others:
            row += (_BREAK, token)
        return " ".join(row)

    def for_postgresql(self) -> str:
        """The text form of a `tsvector`. No token has a quotation mark or a backslash."""
        places: dict[str, list[str]] = {}
        for place, word in enumerate(self._placed, 1):
            if word is not _BREAK:
                places.setdefault(word, []).append(str(place))
        for place, pair in self._pairs:
            places.setdefault(pair, []).append(str(place))
        placed = [f"'{token}':{','.join(at)}" for token, at in places.items()]
        return " ".join([*placed, *(f"'{token}'" for token in self._others if token not in places)])

    def _add_word(self, token: str) -> bool:
        """Add a token at the next place; false if there is none left."""
        if len(self._placed) >= MAX_PLACES:
            self._add_other(token)
            return False
        self._placed.append(token if self._may_be_placed(token) else _BREAK)
        return True

    def _add_pair(self, pair: str, is_placed: bool) -> None:
        """Add a pair at the place of its first character."""
        if not is_placed:
            self._add_other(pair)
        elif self._may_be_placed(pair):
            self._pairs.append((len(self._placed) - 1, pair))

    def _may_be_placed(self, token: str) -> bool:
        count = self._count[token] = self._count.get(token, 0) + 1
        if count == 1:
            self._bytes += len(token.encode())
        return count <= MAX_SAME

    def _add_other(self, token: str) -> None:
        if token not in self._others:
            self._others[token] = None
            self._bytes += len(token.encode())


def fact(kind: str, value: object = "") -> str:
    """The token of a fact, such as `fact("r", room_id)`: see `facts`."""
    return f"{FACT}{kind}{value}"
