"""The text of office documents: zip archives of XML. Runs in the child process of `text_reading`.

Everything is read in small pieces and counted, because a small archive may hold any number of bytes. A document type
declaration ends the reading: office programs write none, and entities could make the text a billion times longer.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.parsers import expat

from .text_types import EXCEL, MAX_CHARACTERS, OPEN_DOCUMENT, POWERPOINT, WORD

MAX_XML_BYTES = 64 * 1024 * 1024
"""Of all parts of a document together, after decompression."""
MAX_PARTS = 500
_PIECE_BYTES = 64 * 1024
_PARTS = {
    WORD: re.compile(r"word/(document|footnotes|endnotes|comments|header\d+|footer\d+)\.xml"),
    EXCEL: re.compile(r"xl/(sharedStrings|worksheets/sheet\d+)\.xml"),
    POWERPOINT: re.compile(r"ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml"),
    **dict.fromkeys(OPEN_DOCUMENT, re.compile(r"content\.xml")),
}
TYPES = frozenset(_PARTS)
_BREAKS = {"p", "h", "br", "tab", "tr", "row", "c", "si", "line-break", "s", "table-cell"}
"""Elements after which a word does not go on."""


class TooMuch(Exception):
    """The text, or the XML, has reached its limit."""


def read(source: Path, media_type: str) -> str:
    """The text of a document; what could be read of a damaged one. Raises zipfile.BadZipFile for no archive."""
    collector = _Collector(is_excel=media_type == EXCEL, takes_all=media_type in OPEN_DOCUMENT)
    with zipfile.ZipFile(source) as archive:
        names = [name for name in archive.namelist() if _PARTS[media_type].fullmatch(name)]
        names.sort(key=lambda name: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)])
        try:
            for name in names[:MAX_PARTS]:
                collector.read(_pieces(archive, name))
        except TooMuch:
            pass
    return collector.text


def _pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as part:
        while piece := part.read(_PIECE_BYTES):
            yield piece


class _Collector:
    def __init__(self, is_excel: bool, takes_all: bool) -> None:
        self._is_excel, self._takes_all = is_excel, takes_all
        self._parts: list[str] = []
        self._characters = self._bytes = 0
        self._is_text = takes_all
        self._cell_type = ""

    @property
    def text(self) -> str:
        """What was collected."""
        return "".join(self._parts)[:MAX_CHARACTERS]

    def read(self, pieces: Iterator[bytes]) -> None:
        """Add the text of one part. A damaged one ends where it is damaged."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._characters_found
        try:
            for piece in pieces:
                self._bytes += len(piece)
                if self._bytes > MAX_XML_BYTES:
                    raise TooMuch
                parser.Parse(piece)
        except (expat.ExpatError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError):
            pass
        self._add("\n")
        self._is_text = self._takes_all

    def _refuse(self, *_declaration: Any) -> None:
        raise TooMuch

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if self._is_excel and name == "c":
            self._cell_type = attributes.get("t", "")
        if not self._takes_all:
            # `v` is a number, or for `s` the place of a shared text.
            self._is_text = name == "t" or (self._is_excel and name == "v" and self._cell_type != "s")

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        if name in _BREAKS:
            self._add("\n" if name in ("p", "h", "row", "tr", "si") else " ")
        self._is_text = self._takes_all

    def _characters_found(self, text: str) -> None:
        if self._is_text:
            self._add(text)

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self._characters += len(text)
        if self._characters > MAX_CHARACTERS:
            raise TooMuch
