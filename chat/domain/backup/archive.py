"""A backup's file: what its lines say, and whether all of them are there. No database.

Lines of JSON, compressed by gzip: a header `{"format": …}`; for each table a line `{"table": …, "columns": […]}`, then
a list a row, its values in the order of the columns; and an end `{"rows": …, "sha256": …}` about all lines before it.
Whoever has nothing left but the file can read it with `zcat`.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from django.utils.translation import gettext as _

from chat.domain.errors import Invalid

FORMAT = "parley backup"
VERSION = 1
COMPRESSION = 3
BATCH_ROWS = 1000
LINE_BYTES = 8 * 1024 * 1024
"""Of one row, at most: a longer line is refused before it is read. The longest message takes a tenth of it."""
BATCH_BYTES = LINE_BYTES


@dataclass(frozen=True)
class Header:
    """`made_at`: when, as ISO 8601; `migrations`: pairs of app and name, in which form its tables are."""

    made_at: str
    migrations: list[tuple[str, str]]


class Writer:
    """Writes to `stream`, a batch of lines at a time: what is in memory does not grow with the site."""

    def __init__(self, stream: BinaryIO, header: Header):
        self._file = gzip.GzipFile(fileobj=stream, mode="wb", compresslevel=COMPRESSION)
        self._digest = hashlib.sha256()
        self._rows = 0
        self._write([{"format": FORMAT, "version": VERSION, **vars(header)}])

    def table(self, label: str, columns: list[str], rows: Iterable, default: Callable) -> None:
        """Add a table; `default` says what JSON has no word for, as `json.dumps` asks it to."""
        self._write([{"table": label, "columns": columns}])
        batch = []
        for row in rows:
            batch.append(row)
            self._rows += 1
            if len(batch) == BATCH_ROWS:
                self._write(batch, default)
                batch.clear()
        self._write(batch, default)

    def end(self) -> int:
        """Write the end; returns the number of rows. Without it nobody restores the file."""
        self._write([{"rows": self._rows, "sha256": self._digest.hexdigest()}])
        self._file.close()
        return self._rows

    def _write(self, entries: list, default: Callable | None = None) -> None:
        # ASCII: half a character, which SQLite may hold, has no other form that JSON can read again.
        lines = [f"{json.dumps(entry, default=default, separators=(',', ':'))}\n".encode() for entry in entries]
        if any(len(line) > LINE_BYTES for line in lines):
            raise Invalid(_("A row is longer than %(limit)d bytes: no backup can hold it.") % {"limit": LINE_BYTES})
        for line in lines:
            self._digest.update(line)
            self._file.write(line)


def check(stream: BinaryIO) -> Header:
    """Read all of it, from where `stream` stands, and return the header.

    Raises Invalid unless it is a backup, of a format known here, whole and as it was written. At most LINE_BYTES of it
    are in memory.
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


def batches(stream: BinaryIO) -> Iterator[tuple[str, list[str], list[list]]]:
    """What a checked file holds: a table's label, its columns, and some of its rows: at most BATCH_ROWS, and about
    BATCH_BYTES. Raises Invalid for what is neither a row nor a table."""
    table, rows, size = None, [], 0
    for line in _lines(stream):
        entry = _parsed(line)
        is_row = isinstance(entry, list)
        if is_row:
            if table is None:
                raise _malformed()
            rows.append(entry)
            size += len(line)
        if rows and (len(rows) == BATCH_ROWS or size >= BATCH_BYTES or not is_row):
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


def _table(entry) -> tuple[str, list[str]] | None:
    """A table's label and columns; None for the header and the end, which no row may follow."""
    if not isinstance(entry, dict):
        raise _malformed()
    if "table" not in entry:
        return None
    if not isinstance(entry["table"], str) or not _is_list_of_text(entry.get("columns")):
        raise _malformed()
    return entry["table"], entry["columns"]


def _object(line: bytes) -> dict:
    try:
        value = _parsed(line)
    except Invalid:
        return {}
    return value if isinstance(value, dict) else {}


def _parsed(line: bytes):
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise _malformed() from None


def _is_list_of_text(value) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _foreign() -> Invalid:
    return Invalid(_("This is not a backup."))


def _damaged() -> Invalid:
    return Invalid(_("This backup is damaged, or a part of it is missing."))


def _malformed() -> Invalid:
    return Invalid(_("This backup has a line that no backup has."))
