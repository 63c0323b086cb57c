"""Writing a backup."""

from typing import BinaryIO

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
    with snapshot():
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
