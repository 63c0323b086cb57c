"""Portable backups of the last commit before the site had its own user model (557363e).

They have users of `django.contrib.auth` and a table of name keys. Their other tables are those of the present initial
migrations, which may have more columns.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth import get_user_model

from chat.domain import names

from ..schema import Migrations
from .tables import Table

Batch = tuple[str, list[str], list[list[Any]]]
"""A table's label, its columns, and rows."""

LAST_MIGRATION = ("chat", "0012_guest_bars")
NAME_KEYS = "chat.namekey"
USERS = "auth.user"
RENAMED_TABLES = {"chat.guestbar": "chat.guestban"}
RENAMED_VALUES = {("chat.restriction", "kind", "barred"): "banned"}
"""By table, column and former value: the present value."""
INITIAL = "0001_initial"


def is_former(migrations: Migrations) -> bool:
    """Whether a backup with these migrations needs `migrations_today` and `converted`."""
    return LAST_MIGRATION in migrations


def migrations_today(migrations: Migrations) -> Migrations:
    """The present migrations, which create the tables for the converted rows."""
    others = [(app, name) for app, name in migrations if app != "chat"]
    return [*others, ("chat", INITIAL), (get_user_model()._meta.app_label, INITIAL)]


def converted(batches: Iterable[Batch], tables: dict[str, Table]) -> Iterator[Batch]:
    """The same batches, converted for the present tables."""
    label = get_user_model()._meta.label_lower
    convert_users = _UserConversion(tables[label])
    for table, columns, rows in batches:
        if table == NAME_KEYS:
            continue
        rows = [[_renamed(table, *named) for named in zip(columns, row, strict=True)] for row in rows]
        if table == USERS:
            yield label, *convert_users(columns, rows)
        else:
            # "auth.user_groups" is the table of a relation of users.
            name = RENAMED_TABLES.get(table, table.replace(f"{USERS}_", f"{label}_"))
            yield name, *_with_new_columns(tables.get(name), columns, rows)


def _renamed(table: str, column: str, value: Any) -> Any:
    """The present value. Content types and permissions of users name their model, which has another name now."""
    if isinstance(value, str):
        return RENAMED_VALUES.get((table, column, value), value)
    if isinstance(value, list) and value[:2] == USERS.split("."):
        return [*get_user_model()._meta.label_lower.split("."), *value[2:]]
    return value


def _with_new_columns(
    table: Table | None, columns: list[str], rows: list[list[Any]]
) -> tuple[list[str], list[list[Any]]]:
    """The same rows with the columns that the table has gained since, at their defaults."""
    fields = table.model._meta.local_concrete_fields if table else []
    new = {field.attname: field.get_default() for field in fields if field.attname not in columns}
    return [*columns, *new], [[*row, *new.values()] for row in rows]


class _UserConversion:
    """Converts rows of users. First and last names are dropped: no page shows them.

    Of two users whose names look alike the older one gets the keys of its name. The other one keeps its name, with keys
    that no name has.
    """

    def __init__(self, table: Table):
        self._fields = {field.attname: field for field in table.model._meta.local_concrete_fields}
        self._used: set[str] = set()

    def __call__(self, columns: list[str], rows: list[list[Any]]) -> tuple[list[str], list[list[Any]]]:
        found = [self._convert(dict(zip(columns, row, strict=True))) for row in rows]
        return list(self._fields), [[row[name] for name in self._fields] for row in found]

    def _convert(self, row: dict[str, Any]) -> dict[str, Any]:
        model = get_user_model()
        row[model.USERNAME_FIELD] = name = row.pop("username")
        new = {attname: field.get_default() for attname, field in self._fields.items() if attname not in row}
        if key_fields := getattr(model, "NAME_KEY_FIELDS", None):
            keys = (names.key(name), names.look_key(name))
            if self._used.intersection(keys):
                keys = (f"none-{row['id']}",) * 2
            self._used.update(keys)
            new |= zip(key_fields, keys, strict=True)
        return row | new
