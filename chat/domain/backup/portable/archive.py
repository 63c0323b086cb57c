"""The file of a portable backup. This module knows its layout and no database.

Lines of JSON, compressed by gzip: a header `{"format": …}`; for each table a line `{"table": …, "columns": […]}` and a
list for each row, with the values in the order of the columns; an end `{"rows": …, "sha256": …}` with the digest of all
lines before it. `zcat` shows the file.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from chat.domain.errors import Invalid

FORMAT = "parley backup"
VERSION = 1
COMPRESSION = 3
BATCH_ROWS = 1000
LINE_BYTES = 8 * 1024 * 1024
"""The longest line that is read. The longest message takes a tenth of it."""
BATCH_BYTES = LINE_BYTES


@dataclass(frozen=True)
class Header:
    """`made_at`: ISO 8601; `migrations`: pairs of app and name, those that made the tables."""

    made_at: str
    migrations: list[tuple[str, str]]


class Writer:
    """Writes batches of lines to `stream`. Memory use does not depend on the size of the site."""

    def __init__(self, stream: BinaryIO, header: Header):
        self._file = gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=COMPRESSION)
        self._digest = hashlib.sha256()
        self._rows = 0
        self._write([{"format": FORMAT, "version": VERSION, **vars(header)}])

    def table(
        self,
        label: str,
        columns: list[str],
        rows: Iterable[Any],
        default: Callable[[Any], Any],
        batch_rows: int = BATCH_ROWS,
    ) -> None:
        """Add a table. `default` converts values that JSON has no type for (see `json.dumps`). `batch_rows`: how many
        rows are held in memory."""
        self._write([{"table": label, "columns": columns}])
        batch = []
        for row in rows:
            batch.append(row)
            self._rows += 1
            if len(batch) == batch_rows:
                self._write(batch, default)
                batch.clear()
        self._write(batch, default)

    def end(self) -> int:
        """Write the end and return the number of rows. A file without it is not restored."""
        self._write([{"rows": self._rows, "sha256": self._digest.hexdigest()}])
        self._file.close()
        return self._rows

    def _write(self, entries: list[Any], default: Callable[[Any], Any] | None = None) -> None:
        # ASCII: SQLite may hold a lone surrogate, which JSON can only represent as an escape.
        lines = [f"{json.dumps(entry, default=default, separators=(',', ':'))}\n".encode() for entry in entries]
        if any(len(line) > LINE_BYTES for line in lines):
            raise Invalid(_("A row is longer than %(limit)d bytes: no backup can hold it.") % {"limit": LINE_BYTES})
        for line in lines:
            self._digest.update(line)
            self._file.write(line)


def check(stream: BinaryIO) -> Header:
    """Read `stream` to its end and return the header.

    Raises Invalid unless it is a complete, undamaged backup of a known format. At most LINE_BYTES are in memory.
    """
    digest, rows, last = hashlib.sha256(), 0, b""
    header = None
    for line in _lines(stream):
        header = header or _header(line)
        digest.update(last)
        rows += last.startswith(b"[")
        last = line
    if header is None:
        raise _foreign()
    if _object(last) != {"rows": rows, "sha256": digest.hexdigest()}:
        raise _damaged()
    return header


def bytes_of(stream: BinaryIO, label: str) -> int:
    """The bytes of the lines of one table of a checked file."""
    size, inside = 0, False
    for line in _lines(stream):
        if line.startswith(b"{"):
            inside = _object(line).get("table") == label
        elif inside:
            size += len(line)
    return size


def batches(stream: BinaryIO) -> Iterator[tuple[str, list[str], list[list[Any]]]]:
    """The contents of a checked file in batches: a table's label, its columns, and rows, at most BATCH_ROWS and about
    BATCH_BYTES. Raises Invalid for a line that is neither a row nor a table."""
    table: tuple[str, list[str]] | None = None
    rows: list[list[Any]] = []
    size = 0
    for line in _lines(stream):
        entry = _parsed(line)
        is_row = isinstance(entry, list)
        if is_row:
            if table is None:
                raise _malformed()
            rows.append(entry)
            size += len(line)
        if table and rows and (len(rows) == BATCH_ROWS or size >= BATCH_BYTES or not is_row):
            yield *table, rows
            rows, size = [], 0
        if not is_row:
            table = _table(entry)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=stream, mode="rb") as file:
        try:
            while line := file.readline(LINE_BYTES + 1):
                if len(line) > LINE_BYTES:
                    raise _malformed()
                yield line
        except gzip.BadGzipFile:
            raise _damaged() if file.tell() else _foreign() from None
        except (EOFError, zlib.error):
            raise _damaged() from None


def _header(line: bytes) -> Header:
    found = _object(line)
    if found.get("format") != FORMAT:
        raise _foreign()
    if found.get("version") != VERSION:
        raise Invalid(_("This backup was made by a newer version: its format is not known here."))
    made_at, migrations = found.get("made_at"), found.get("migrations")
    if not isinstance(made_at, str) or not isinstance(migrations, list):
        raise _malformed()
    if not all(_is_list_of_text(pair) and len(pair) == 2 for pair in migrations):
        raise _malformed()
    return Header(made_at, [tuple(pair) for pair in migrations])


def _table(entry: Any) -> tuple[str, list[str]] | None:
    """A table's label and columns; None for the header and the end, which no row may follow."""
    if not isinstance(entry, dict):
        raise _malformed()
    if "table" not in entry:
        return None
    if not isinstance(entry["table"], str) or not _is_list_of_text(entry.get("columns")):
        raise _malformed()
    return entry["table"], entry["columns"]


def _object(line: bytes) -> dict[str, Any]:
    try:
        value = _parsed(line)
    except Invalid:
        return {}
    return value if isinstance(value, dict) else {}


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise _malformed() from None


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _foreign() -> Invalid:
    return Invalid(_("This is not a backup."))


def _damaged() -> Invalid:
    return Invalid(_("This backup is damaged, or a part of it is missing."))


def _malformed() -> Invalid:
    return Invalid(_("This backup has a line that no backup has."))
