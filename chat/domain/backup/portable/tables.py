"""Tables, and the conversion of their values to and from JSON.

Django's serializers are not used: they truncate times to milliseconds, and read tables with the current models.
"""

import base64
import datetime
import uuid
from collections.abc import Callable, Iterable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db import connection, models
from django.utils.duration import duration_string

from ..schema import Schema
from .archive import BATCH_ROWS
from .references import NAMES, References


def tables_of(schema: Schema) -> dict[str, "Table"]:
    """The tables of a portable backup, by the labels of their models. Tables that `migrate` fills are not among them:
    references to their rows are names."""
    references = References(schema.apps.get_model)
    return {label: Table(model, references) for label, model in schema.site_models.items()}


class Table:
    """A table. `label`: of its model; `columns`: all stored columns."""

    def __init__(self, model: type[models.Model], references: References):
        self.model = model
        self.label = model._meta.label_lower
        self._references = references
        # Local: a model that extends another one's table is a table of its own.
        self._fields = {f.attname: f for f in model._meta.local_concrete_fields if not f.generated}
        self.columns = list(self._fields)

    def rows(self) -> Iterable[Any]:
        """All rows, as lists of values, read in batches. Call it inside a transaction."""
        rows = self.model._base_manager.order_by("pk").values_list(*self.columns).iterator(chunk_size=BATCH_ROWS)
        names = {
            place: self._references.names(target)
            for place, field in enumerate(self._fields.values())
            if (target := _named_target(field))
        }
        if not names:
            return rows
        return ([names[at].get(value) if at in names else value for at, value in enumerate(row)] for row in rows)

    def insert(self, columns: list[str], rows: list[list[Any]]) -> None:
        """Insert rows with the keys and times of the backup. Raises KeyError for an unknown column."""
        fields = [self._fields[column] for column in columns]
        readers = [self._reader(field) for field in fields]
        made = [
            SimpleNamespace(**{c: read(value) for c, read, value in zip(columns, readers, row, strict=True)})
            for row in rows
        ]
        size = max(1, connection.ops.bulk_batch_size(fields, made))
        for start in range(0, len(made), size):
            # Not bulk_create: it sets each `auto_now_add` to now. Django loads fixtures with `raw`, too.
            manager: Any = self.model._base_manager
            manager._insert(made[start : start + size], fields, raw=True)

    def _reader(self, field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
        target = _named_target(field)
        if target is None:
            return field.to_python
        return lambda name: None if name is None else self._references.number(target, name)


def plain(value: Any) -> Any:
    """Convert a value that JSON has no type for, so that the field's `to_python` reads it. Otherwise TypeError."""
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    if isinstance(value, datetime.timedelta):
        return duration_string(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(f"A backup cannot hold a {type(value).__name__}")


def _named_target(field: "models.Field[Any, Any]") -> type[models.Model] | None:
    target = field.remote_field and field.remote_field.model
    return target if target and target._meta.label_lower in NAMES else None
