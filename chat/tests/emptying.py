"""How a test that commits empties the database at its end.

Django's own way empties all tables, most of which are empty, and makes the content types and permissions anew: ten
times the work.
"""

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.db import connection

KEPT = {ContentType._meta.db_table, Permission._meta.db_table}
"""Tables that migrations fill and tests do not change."""
GUARDS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'record_never_%'"


def install() -> None:
    """Let the command `flush`, which such a test calls, delete the rows of the tables that have some, also of those
    whose triggers refuse it."""
    connection.ops.sql_flush = _deletes
    flush.emit_post_migrate_signal = lambda *args, **kwargs: None


def _deletes(style, tables, *, reset_sequences=False, allow_cascade=False) -> list[str]:
    filled = _filled([connection.ops.quote_name(table) for table in tables if table not in KEPT])
    deletes = [f"DELETE FROM {table}" for table in filled]
    if connection.vendor != "sqlite":
        # No trigger runs, until the end of the transaction of the flush.
        return ["SET LOCAL session_replication_role = replica", *deletes]
    with connection.cursor() as cursor:
        cursor.execute(GUARDS)
        triggers = cursor.fetchall()
    drops = [f'DROP TRIGGER "{name}"' for name, _sql in triggers]
    return [*drops, *deletes, *(sql for _name, sql in triggers)]


def _filled(tables: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT {n} WHERE EXISTS (SELECT 1 FROM {t})" for n, t in enumerate(tables)))
        return [tables[number] for (number,) in cursor.fetchall()]
