"""Writing a backup."""

from contextlib import contextmanager
from typing import BinaryIO

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.domain.errors import Forbidden
from chat.models.snapshot import snapshot, without_limits

from . import archive, tables


def write(stream: BinaryIO) -> int:
    """Write a backup of the whole site while people go on; returns the number of rows.

    All of it is one state of the database. Raises Forbidden when a newer version made the database: some of it would
    be left out.
    """
    with snapshot(), _row_by_row():
        without_limits()
        schema = tables.Schema()
        if schema.unknown:
            names = tables.named(schema.unknown)
            raise Forbidden(
                _("A newer version has changed this database (%(names)s): use that one.") % {"names": names}
            )
        header = archive.Header(made_at=timezone.now().isoformat(), migrations=schema.applied)
        writer = archive.Writer(stream, header)
        for table in schema.tables.values():
            writer.table(table.label, table.columns, table.rows(), tables.plain)
        return writer.end()


@contextmanager
def _row_by_row():
    """Read tables by a cursor of the database, also behind a pooler: within one transaction that is safe, and without
    it each table would be in memory as a whole."""
    settings = connection.settings_dict
    held = settings.get("DISABLE_SERVER_SIDE_CURSORS", False)
    settings["DISABLE_SERVER_SIDE_CURSORS"] = False
    try:
        yield
    finally:
        settings["DISABLE_SERVER_SIDE_CURSORS"] = held
