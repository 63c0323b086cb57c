"""The site that a backup is restored into: is it empty, does the backup fit, and what a restore changes in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.management.color import no_style
from django.db import DataError, IntegrityError, connection
from django.utils.translation import gettext as _

from chat.domain.errors import Forbidden, Invalid
from chat.models.site import new_epoch

from .schema import Migrations, Schema, named

SITE = "chat.site"


@dataclass(frozen=True)
class Restored:
    """What a restore has loaded: the number of `rows`, of a backup that was made at `made_at` (ISO 8601)."""

    made_at: str
    rows: int


def check_version(migrations: Migrations, schema: Schema) -> None:
    """Raise Invalid or Forbidden unless the backup has the form of this database, by the migrations of both."""
    there, here = set(migrations), set(schema.applied)
    if lacking := there - here - set(schema.pending):
        raise Invalid(_("This backup is of a version that is not known here: %(names)s.") % {"names": named(lacking)})
    if there - here:
        raise Forbidden(_("This site's database is not ready: run manage.py migrate first."))
    if here - there:
        back = " && ".join(f"manage.py migrate {app} {name}" for app, name in _newest(migrations, here - there))
        raise Forbidden(
            _(
                "This backup is older than this site's database. Take the empty site back to it: %(back)s; "
                "then restore, and run manage.py migrate."
            )
            % {"back": back}
        )


def require_empty(schema: Schema) -> None:
    """Delete the row of the site, which exists from the start. Raises Forbidden if there are any other rows."""
    # First, because a set-up updates this row: one that runs at the same time waits, or finds no row to update.
    schema.models[SITE]._base_manager.all().delete()
    full = [label for label, model in schema.site_models.items() if model._base_manager.exists()]
    if full:
        raise Forbidden(
            _("This site is not empty (%(names)s): restore into a site that was only migrated.")
            % {"names": ", ".join(sorted(full))}
        )


def begin_new_epoch(schema: Schema) -> None:
    """Set a new epoch, remove the set-up link, and advance the sequences of primary keys past the loaded rows."""
    schema.models[SITE]._base_manager.update(epoch=new_epoch(), setup_token_hash="")
    # Rows were inserted with their keys, which does not advance the sequences of PostgreSQL.
    for statement in connection.ops.sequence_reset_sql(no_style(), list(schema.models.values())):
        with connection.cursor() as cursor:
            cursor.execute(statement)


@contextmanager
def unfit_rows_refused() -> Iterator[None]:
    """Convert the errors of the database about rows to Invalid."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise unfit(error) from error


def unfit(error: Any) -> Invalid:
    """The refusal of a backup whose contents do not fit into this database."""
    # Only the first line: PostgreSQL adds the values of the row on further lines.
    error = (str(error).splitlines() or [type(error).__name__])[0]
    return Invalid(_("This backup does not fit into this database: %(error)s") % {"error": error})


def _newest(migrations: Migrations, beyond: set[tuple[str, str]]) -> Migrations:
    """Of each app with migrations beyond the backup's: the backup's last one, or `zero`."""
    apps = sorted({app for app, _name in beyond})
    return [(app, max((name for own, name in migrations if own == app), default="zero")) for app in apps]
