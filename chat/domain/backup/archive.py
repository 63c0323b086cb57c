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
        lines = "".join(f"{json.dumps(entry, default=default, separators=(',', ':'))}\n" for entry in entries).encode()
        self._digest.update(lines)
        self._file.write(lines)


def check(stream: BinaryIO) -> Header:
    """Read all of it, from where `stream` stands, and return the header.

    Raises Invalid unless it is a backup, of a format known here, whole and as it was written.
    """
    digest, rows, last = hashlib.sha256(), 0, b""
    header = None
    for line in _lines(stream):
        header = header or _known(line)
        digest.update(last)
        rows += last.startswith(b"[")
        last = line
    if header is None:
        raise _foreign()
    if _object(last) != {"rows": rows, "sha256": digest.hexdigest()}:
        raise _damaged()
    return Header(header["made_at"], [tuple(pair) for pair in header["migrations"]])


def batches(stream: BinaryIO) -> Iterator[tuple[str, list[str], list[list]]]:
    """What a checked file holds: a table's label, its columns, and some of its rows, at most BATCH_ROWS."""
    table, rows = {}, []
    for line in _lines(stream):
        entry = json.loads(line)
        if isinstance(entry, list):
            rows.append(entry)
        if rows and (len(rows) == BATCH_ROWS or isinstance(entry, dict)):
            yield table["table"], table["columns"], rows
            rows = []
        if isinstance(entry, dict):
            table = entry


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=stream, mode="rb") as file:
        try:
            yield from file
        except gzip.BadGzipFile:
            raise _damaged() if file.tell() else _foreign() from None
        except (EOFError, zlib.error):
            raise _damaged() from None


def _known(line: bytes) -> dict:
    header = _object(line)
    if header.get("format") != FORMAT:
        raise _foreign()
    if header.get("version") != VERSION:
        raise Invalid(_("This backup was made by a newer version: its format is not known here."))
    return header


def _object(line: bytes) -> dict:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _foreign() -> Invalid:
    return Invalid(_("This is not a backup."))


def _damaged() -> Invalid:
    return Invalid(_("This backup is damaged, or a part of it is missing."))
