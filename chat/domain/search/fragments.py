"""The parts of a message and its files that show why it was found."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from chat.domain.quotes import plain_text
from chat.models import Message

from . import documents, normalise
from .query_types import FilterName, Query, Term
from .stems import stems_of

WHOLE = 320
"""Characters: a text that is not longer is shown whole."""
AROUND = 70
"""Characters before and after the first mark of a fragment."""
MAX_FRAGMENTS = 3
"""Of one text."""
MAX_FILES = 4
"""Of one message: files whose text is read for fragments."""
MAX_READ = 80_000
"""Characters that are split into words for one page of hits. This is the slow part, so the time of an answer does not
grow with the texts of files: behind that, files are shown without fragments."""
_SEARCHED = 200_000
"""Characters of the text of a file in which marks are looked for."""
_PIECE = 4_000
"""Characters that are looked at together: a piece without the words is not split."""


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a plain text, and the places in it that were searched for: pairs of start and end, in code points.

    `file`: the id of the file that has it, None for the message's own text. `is_name`: it is the name of the file.
    `is_cut_before`, `is_cut_after`: whether the text goes on there.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    file: int | None = None
    is_name: bool = False
    is_cut_before: bool = False
    is_cut_after: bool = False


def of_messages(
    query: Query, messages: list[Message], parts: dict[int, set[int]]
) -> Iterator[tuple[Message, list[Fragment]]]:
    """The messages with their fragments: of their text, then of the files that have what was searched for. One query,
    none without files. `parts`: of each message, the documents that were found (see `chat.models.search.PARTS`)."""
    matcher = _Matcher(query)
    files = [file for message in messages for file in _found_files(message, parts)] if matcher.has_words else []
    texts = documents.beginnings_of(files, _SEARCHED) if files else {}
    for message in messages:
        yield message, _of_message(matcher, message, texts)


def _found_files(message: Message, parts: dict[int, set[int]]) -> list[int]:
    """The ids of the files of a message whose text was found."""
    files = documents.files_of(message)
    found = sorted(part for part in parts.get(message.pk, ()) if 0 < part <= len(files))
    return [files[part - 1]["id"] for part in found[:MAX_FILES]]


def _of_message(matcher: "_Matcher", message: Message, texts: dict[int, str]) -> list[Fragment]:
    lines = (" ".join(line.split()) for line in plain_text(message.html).splitlines())
    body = normalise.compose("\n".join(line for line in lines if line))
    found = _fragments(body, matcher.marks(body))
    for file in message.attachments or ():
        name = normalise.compose(str(file["name"]))
        marks = matcher.marks(name, is_name=True)
        text = normalise.compose(" ".join(texts.get(file["id"], "").split()))
        in_text = matcher.marks(text) if text else []
        if marks or in_text:
            found.append(Fragment(name, tuple(marks), file["id"], is_name=True))
        if in_text:
            found += _fragments(text, in_text, file["id"])
    return found


def _fragments(text: str, marks: list[tuple[int, int]], file: int | None = None) -> list[Fragment]:
    if not text:
        return []
    if len(text) <= WHOLE and file is None:
        return [Fragment(text, tuple(marks))]
    if not marks:
        return [_cut(text, 0, 2 * AROUND, [], file)]
    found: list[Fragment] = []
    upto = 0
    for start, end in marks:
        if start < upto:
            continue
        if len(found) == MAX_FRAGMENTS:
            break
        first, upto = max(upto, start - AROUND), min(len(text), end + AROUND)
        found.append(_cut(text, first, upto, marks, file))
        upto = first + len(found[-1].text)
    return found


def _cut(text: str, first: int, after: int, marks: list[tuple[int, int]], file: int | None) -> Fragment:
    """The text from `first` to `after`, a little less where that would cut a word."""
    if first > 0:
        space = text.find(" ", first, first + 20)
        first = space + 1 if space >= 0 else first
    if after < len(text):
        space = text.rfind(" ", after - 20, after)
        after = space if space > first else after
    inside = tuple((start - first, end - first) for start, end in marks if first <= start and end <= after)
    return Fragment(text[first:after], inside, file, False, first > 0, after < len(text))


def _common_beginning(texts: list[str]) -> str:
    same = takewhile(lambda column: len(set(column)) == 1, zip(*texts, strict=False))
    return "".join(column[0] for column in same)


class _Matcher:
    """Finds the words of a query in texts, by the same rules as the index does. Splits MAX_READ characters at most."""

    def __init__(self, query: Query) -> None:
        self._rows = [row for terms in query.groups for term in terms if (row := _Row(term)).words]
        named = [Term(each.value, is_prefix=True) for each in query.filters if each.name is FilterName.FILE]
        self._name_rows = [row for term in named if (row := _Row(term)).words]
        self._left = MAX_READ

    @property
    def has_words(self) -> bool:
        """Whether anything can be marked in a text."""
        return bool(self._rows)

    def marks(self, text: str, is_name: bool = False) -> list[tuple[int, int]]:
        """The places in a composed text, in order, without overlaps; of a long text those for its fragments."""
        rows = [*self._rows, *self._name_rows] if is_name else self._rows
        merged: list[tuple[int, int]] = []
        start = 0
        while rows and start < len(text) and self._left > 0:
            end = start + _PIECE
            if end < len(text):
                space = text.rfind(" ", end - 200, end)
                end = space if space > start else end
            piece = text[start:end]
            plain = normalise.plain(piece)
            if any(row.beginning in plain for row in rows):
                self._left -= len(piece)
                for first, after in self._places(piece, rows):
                    merged.append((start + first, start + after))
                if len(text) > WHOLE and _is_enough(merged):
                    break
            start = end
        return merged

    def _places(self, text: str, rows: list["_Row"]) -> list[tuple[int, int]]:
        words = normalise.words(text)
        by_first: dict[str, list[int]] = {}
        for at, word in enumerate(words):
            by_first.setdefault(word.folded, []).append(at)
        places = sorted({place for row in rows for place in row.places(words, by_first)})
        merged: list[tuple[int, int]] = []
        for start, end in places:
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((start, end))
        return merged


def _is_enough(marks: list[tuple[int, int]]) -> bool:
    """Whether there are marks for all fragments of a text."""
    count, upto = 0, -1
    for start, end in marks:
        if start > upto:
            count, upto = count + 1, end + 2 * AROUND
    return count > MAX_FRAGMENTS


class _Row:
    """The words of one term, which follow each other in a text."""

    def __init__(self, term: Term) -> None:
        self.words = normalise.words(normalise.compose(term.text))
        self._is_prefix = term.is_prefix
        self._stems: frozenset[str] = frozenset()
        if len(self.words) == 1 and not term.is_phrase and not self.words[0].is_apart:
            self._stems = frozenset(stems_of(self.words[0].exact))
        first = self.words[0].folded if self.words else ""
        if len(self.words) > 1 and self.words[1].joins:
            first = normalise.pair(self.words[0], self.words[1])
        self.beginning = _common_beginning([first, *self._stems])
        """What a text with these words contains, in the form of `normalise.plain`."""

    def places(self, words: list[Any], by_first: dict[str, list[int]]) -> Iterator[tuple[int, int]]:
        """The places in a text with these words; `by_first`: where each word is."""
        if len(self.words) == 1:
            own = self.words[0]
            for word in words:
                if self._fits(own, word):
                    yield word.start, word.end
            return
        for at in by_first.get(self.words[0].folded, ()):
            there = words[at : at + len(self.words)]
            if len(there) == len(self.words) and all(map(self._is_next, self.words, there)):
                yield there[0].start, there[-1].end

    def _is_next(self, own: Any, word: Any) -> bool:
        if own.folded == word.folded:
            return True
        is_last = own is self.words[-1]
        return bool(is_last and self._is_prefix and not own.is_apart and word.folded.startswith(own.folded))

    def _fits(self, own: Any, word: Any) -> bool:
        if self._is_next(own, word) or own.folded in word.parts:
            return True
        if not self._stems or word.is_apart:
            return False
        return word.folded in self._stems or not self._stems.isdisjoint(stems_of(word.exact))
