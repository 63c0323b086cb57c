"""Writing a native backup."""

from typing import Any, BinaryIO

from django.db import connection
from django.utils import timezone

from chat.models.snapshot import lift_time_limits, snapshot

from .. import files
from ..schema import Schema
from . import container, postgresql, sqlite

ENGINES: dict[str, Any] = {"postgresql": postgresql, "sqlite": sqlite}
"""The module that copies rows, for each kind of database (`connection.vendor`)."""


def write(stream: BinaryIO) -> int:
    """Write a backup of the complete site while people use it; returns the number of rows. See `backup.write`."""
    with snapshot():
        lift_time_limits()
        schema = Schema()
        schema.require_known()
        header = container.Header(connection.vendor, timezone.now().isoformat(), schema.applied)
        archive = container.Writer(stream, header)
        rows: int = ENGINES[connection.vendor].write(archive, schema)
        for name, content in files.stored(schema):
            archive.add(f"{files.FOLDER}{name}", content)
        archive.close()
    return rows
