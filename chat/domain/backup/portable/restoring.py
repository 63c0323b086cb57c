"""Restoring a portable backup."""

from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from chat.models.snapshot import lift_time_limits

from .. import files, target
from ..schema import Schema
from . import archive, former
from .tables import Table, tables_of


def restore(stream: BinaryIO) -> target.Restored:
    """Fill this empty site from a portable backup; see `backup.restore`."""
    start = stream.tell()
    header = archive.check(stream)
    schema = Schema()
    is_former = former.is_former(header.migrations)
    target.check_version(former.migrations_today(header.migrations) if is_former else header.migrations, schema)
    stream.seek(start)
    # Base64 has four characters for three bytes.
    total = archive.bytes_of(stream, files.TABLE) * 3 // 4
    files.check_room(total=total, largest=min(total, settings.MAX_FILE_BYTES))
    stream.seek(start)
    rows, tables = 0, tables_of(schema)
    batches = archive.batches(stream)
    with target.unfit_rows_refused(), files.restoring() as restorer, transaction.atomic():
        lift_time_limits()
        target.require_empty(schema)
        # Rows may come before those that they refer to: Django defers foreign keys to the end of the transaction.
        for label, columns, batch in former.converted(batches, tables) if is_former else batches:
            rows += len(batch)
            if label == files.TABLE:
                for row in batch:
                    restorer.store_row(columns, row)
            else:
                _insert(tables, label, columns, batch)
        connection.check_constraints()
        target.begin_new_epoch(schema)
    return target.Restored(header.made_at, rows)


def _insert(tables: dict[str, Table], label: str, columns: list[str], rows: list[list[Any]]) -> None:
    if label not in tables:
        raise target.unfit(_("there is no table %(name)s.") % {"name": label})
    if unknown := set(columns) - set(tables[label].columns):
        raise target.unfit(_("%(table)s has no column %(name)s.") % {"table": label, "name": min(unknown)})
    try:
        tables[label].insert(columns, rows)
    except ValidationError as error:
        raise target.unfit(" ".join(error.messages)) from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # What `to_python` and the database's driver raise for a value that is not of the column's type.
        raise target.unfit(error) from error
