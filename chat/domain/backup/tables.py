"""Which tables a backup holds, and their values as JSON has them.

Django's own serializers would cut every time to milliseconds, and run today's models over the tables. Here the tables
are as the migrations that were applied left them: so a backup can be made between new code and its `migrate`.
"""

import base64
import datetime
import uuid
from collections.abc import Callable, Iterable
from decimal import Decimal
from types import SimpleNamespace

from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.utils.duration import duration_string

from .archive import BATCH_ROWS
from .references import NAMES, References

LEFT_OUT = {
    "chat.session": "whoever has the file must not be signed in by it; people sign in again",
    "sessions.session": "what Django's own engine left there: see chat.session",
    "contenttypes.contenttype": "each database makes its own, with other numbers; rows name them",
    "auth.permission": "each database makes its own, with other numbers; rows name them",
}
"""Tables that no backup holds, by their models' labels, and why."""


class Schema:
    """The database's form: its `tables` by label, and of its migrations pairs of app and name.

    `applied`: those that made it; `unknown`: applied ones that this code lacks; `pending`: this code's that were not
    applied. Migrations of apps that have nothing in a backup do not count.
    """

    def __init__(self):
        loader = MigrationLoader(connection)
        known, applied = set(loader.graph.nodes), set(loader.applied_migrations)
        here = loader.project_state(sorted(known & applied)).apps
        made = [model for model in here.get_models(include_auto_created=True) if is_stored(model)]
        self.references = References(here.get_model)
        self.tables = {model._meta.label_lower: Table(model, self.references) for model in made}
        # But for apps all of whose tables are left out.
        ours = loader.migrated_apps - {"contenttypes", "sessions"}
        self.applied, self.unknown, self.pending = (
            sorted((app, name) for app, name in pairs if app in ours)
            for pairs in (known & applied, applied - set(loader.disk_migrations), known - applied)
        )


def named(migrations: Iterable[tuple[str, str]]) -> str:
    """Migrations, for a person."""
    return ", ".join(f"{app}.{name}" for app, name in sorted(migrations))


def is_stored(model: type[models.Model]) -> bool:
    """Whether a backup holds this model's table."""
    meta = model._meta
    return meta.managed and not meta.proxy and meta.label_lower not in LEFT_OUT


class Table:
    """One table: `label` of its model, and `columns`, all that is stored in it."""

    def __init__(self, model: type[models.Model], references: References):
        self.model = model
        self.label = model._meta.label_lower
        self._references = references
        # Local: a model that extends another one's table is a table of its own.
        self._fields = {f.attname: f for f in model._meta.local_concrete_fields if not f.generated}
        self.columns = list(self._fields)

    def rows(self) -> Iterable:
        """All rows, each with a value a column, read as they are asked for: inside a transaction only."""
        rows = self.model._base_manager.order_by("pk").values_list(*self.columns).iterator(chunk_size=BATCH_ROWS)
        names = {
            place: self._references.names(target)
            for place, field in enumerate(self._fields.values())
            if (target := _named_target(field))
        }
        if not names:
            return rows
        return ([names[at].get(value) if at in names else value for at, value in enumerate(row)] for row in rows)

    def insert(self, columns: list[str], rows: list[list]) -> None:
        """Store rows of a backup as they were, with their keys and times. KeyError for a column that is not here."""
        fields = [self._fields[column] for column in columns]
        readers = [self._reader(field) for field in fields]
        made = [
            SimpleNamespace(**{c: read(value) for c, read, value in zip(columns, readers, row, strict=True)})
            for row in rows
        ]
        size = max(1, connection.ops.bulk_batch_size(fields, made))
        for start in range(0, len(made), size):
            # Not bulk_create: it sets each `auto_now_add` to now. Django's fixtures are stored `raw`, too.
            self.model._base_manager._insert(made[start : start + size], fields, raw=True)

    def _reader(self, field: models.Field) -> Callable:
        target = _named_target(field)
        if target is None:
            return field.to_python
        return lambda name: None if name is None else self._references.number(target, name)


def plain(value):
    """What JSON has no word for, so that the field's `to_python` reads it again. Raises TypeError for other things."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, datetime.timedelta):
        return duration_string(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(f"A backup cannot hold a {type(value).__name__}")


def _named_target(field: models.Field) -> type[models.Model] | None:
    target = field.remote_field and field.remote_field.model
    return target if target and target._meta.label_lower in NAMES else None
