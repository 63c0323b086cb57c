"""Backs up a site into one file, and restores it.

A native backup is fast, and can be restored into the same kind of database. A portable one can be moved between
PostgreSQL and SQLite. Both have the same tables (`schema`), and need the same kind of empty site (`target`).
"""

from typing import BinaryIO

from . import native, portable
from .native.container import SIGNATURE
from .target import Restored

__all__ = ["Restored", "restore", "write"]


def write(stream: BinaryIO, *, portable_format: bool = False) -> int:
    """Write a backup of the complete site while people use it; returns the number of rows.

    It is a snapshot of the database at one moment. `stream` need not be seekable. Raises Forbidden if a newer version
    has migrated the database, because data of that version would be missing in the backup.
    """
    return portable.write(stream) if portable_format else native.write(stream)


def restore(stream: BinaryIO) -> Restored:
    """Fill this empty site from a backup of either kind. Begins a new epoch, so that browsers drop their copies.

    `stream` must be seekable: it is read twice, first to check it. Raises Invalid for a file that cannot be restored
    here, and Forbidden for a site that is not empty or has another version than the backup. After an error nothing has
    changed.
    """
    start = stream.tell()
    signature = stream.read(len(SIGNATURE))
    stream.seek(start)
    return native.restore(stream) if signature == SIGNATURE else portable.restore(stream)
