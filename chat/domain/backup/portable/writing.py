"""Writing a portable backup."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.db import connection
from django.utils import timezone

from chat.models.snapshot import lift_time_limits, snapshot

from .. import files
from ..schema import Schema
from . import archive, tables


def write(stream: BinaryIO) -> int:
    """Write a backup that both kinds of database restore; see `backup.write`."""
    with snapshot(), _server_side_cursors():
        lift_time_limits()
        schema = Schema()
        schema.require_known()
        header = archive.Header(made_at=timezone.now().isoformat(), migrations=schema.applied)
        writer = archive.Writer(stream, header)
        for table in tables.tables_of(schema).values():
            writer.table(table.label, table.columns, table.rows(), tables.plain)
        pieces = (row for name, content in files.stored(schema) for row in files.rows_of(name, content))
        writer.table(files.TABLE, files.COLUMNS, pieces, tables.plain, batch_rows=1)
        return writer.end()


@contextmanager
def _server_side_cursors() -> Iterator[None]:
    """Use server-side cursors, also behind a pooler: without them a complete table would be in memory.

    Within one transaction they are safe there."""
    settings = connection.settings_dict
    held = settings.get("DISABLE_SERVER_SIDE_CURSORS", False)
    settings["DISABLE_SERVER_SIDE_CURSORS"] = False
    try:
        yield
    finally:
        settings["DISABLE_SERVER_SIDE_CURSORS"] = held
