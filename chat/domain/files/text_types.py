"""Which types of files have a text that search finds."""

from .media_types import EXCERPT_TYPES

PDF = "application/pdf"
_OOXML = "application/vnd.openxmlformats-officedocument."
WORD = f"{_OOXML}wordprocessingml.document"
EXCEL = f"{_OOXML}spreadsheetml.sheet"
POWERPOINT = f"{_OOXML}presentationml.presentation"
OPEN_DOCUMENT = frozenset(
    f"application/vnd.oasis.opendocument.{kind}" for kind in ("text", "spreadsheet", "presentation")
)
READABLE = EXCERPT_TYPES | {PDF, WORD, EXCEL, POWERPOINT} | OPEN_DOCUMENT
MAX_CHARACTERS = 1_000_000
"""Of the text of a file. What follows is not found."""
