"""The types of files whose text is read for the search."""

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
"""Only so many characters of a file's text are kept, from its beginning. Search does not find what follows."""
