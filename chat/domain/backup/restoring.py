"""Restoring a backup."""

from dataclasses import dataclass
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from chat.domain.errors import Forbidden, Invalid
from chat.models.site import new_epoch
from chat.models.snapshot import without_limits

from . import archive, tables

SITE = "chat.site"


@dataclass(frozen=True)
class Restored:
    """`made_at`: when the backup was made, as ISO 8601."""

    made_at: str
    rows: int


def restore(stream: BinaryIO) -> Restored:
    """Fill this empty site from a backup, and begin a new epoch: copies that browsers hold are dropped.

    `stream` can be sought: it is read twice, for nothing is written before all of it was found whole. All or nothing:
    raises Invalid for a file that cannot be restored here, Forbidden for a site that is not empty or is of another
    version than the backup, and leaves the site as it was.
    """
    start = stream.tell()
    header = archive.check(stream)
    schema = tables.Schema()
    _check_version(header, schema)
    stream.seek(start)
    rows = 0
    try:
        with transaction.atomic():
            without_limits()
            _make_way(schema)
            # In whatever order: foreign keys are deferred in Django's tables, so they are checked below and at the end.
            for label, columns, batch in archive.batches(stream):
                _insert(schema, label, columns, batch)
                rows += len(batch)
            connection.check_constraints()
            _begin_anew(schema)
    except (DataError, IntegrityError) as error:
        raise _unfit(error) from error
    return Restored(header.made_at, rows)


def _insert(schema: tables.Schema, label: str, columns: list[str], rows: list[list]) -> None:
    if label not in schema.tables:
        raise _unfit(_("there is no table %(name)s.") % {"name": label})
    if unknown := set(columns) - set(schema.tables[label].columns):
        raise _unfit(_("%(table)s has no column %(name)s.") % {"table": label, "name": min(unknown)})
    try:
        schema.tables[label].insert(columns, rows)
    except ValidationError as error:
        raise _unfit(" ".join(error.messages)) from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # What `to_python` and the database's driver raise for a value that is not of the column's type.
        raise _unfit(error) from error


def _unfit(error) -> Invalid:
    # PostgreSQL adds the whole row, on lines of their own.
    error = (str(error).splitlines() or [type(error).__name__])[0]
    return Invalid(_("This backup does not fit into this database: %(error)s") % {"error": error})


def _check_version(header: archive.Header, schema: tables.Schema) -> None:
    there, here = set(header.migrations), set(schema.applied)
    if lacking := there - here - set(schema.pending):
        raise Invalid(
            _("This backup is of a version that is not known here: %(names)s.") % {"names": tables.named(lacking)}
        )
    if there - here:
        raise Forbidden(_("This site's database is not ready: run manage.py migrate first."))
    if here - there:
        back = " && ".join(f"manage.py migrate {app} {name}" for app, name in _newest(header, here - there))
        raise Forbidden(
            _(
                "This backup is older than this site's database. Take the empty site back to it: %(back)s; "
                "then restore, and run manage.py migrate."
            )
            % {"back": back}
        )


def _newest(header: archive.Header, beyond: set) -> list[tuple[str, str]]:
    """Of each app with migrations beyond the backup's: the backup's last one, or `zero`."""
    apps = sorted({app for app, _name in beyond})
    return [(app, max((name for own, name in header.migrations if own == app), default="zero")) for app in apps]


def _make_way(schema: tables.Schema) -> None:
    """Take the row that each site makes by itself away; raises Forbidden if anything else is there."""
    # First: this row is what a set-up claims, so that none of them comes between.
    schema.tables[SITE].model._base_manager.all().delete()
    full = [table.label for table in schema.tables.values() if table.model._base_manager.exists()]
    if full:
        raise Forbidden(
            _("This site is not empty (%(names)s): restore into a site that was only migrated.")
            % {"names": ", ".join(sorted(full))}
        )


def _begin_anew(schema: tables.Schema) -> None:
    schema.tables[SITE].model._base_manager.update(epoch=new_epoch(), setup_token_hash="")
    models = [table.model for table in schema.tables.values()]
    # Rows came with their keys: PostgreSQL's sequences know nothing of them.
    for statement in connection.ops.sequence_reset_sql(no_style(), models):
        with connection.cursor() as cursor:
            cursor.execute(statement)
