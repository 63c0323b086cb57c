"""Rows of PostgreSQL as text of COPY: the format of `pg_dump`, which all versions of PostgreSQL read.

`snapshot` and the restore's transaction are open when these functions are called.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from chat.domain.errors import Invalid

from .. import files
from ..schema import Schema, columns_of, quoted_columns, quoted_table
from .container import CHUNK_BYTES, HEADER, Reader, Writer

FORMATS = "SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL extra_float_digits = 3"
"""The text form of times and numbers must not depend on the server's configuration."""
INDEX_MEMORY = "SET LOCAL maintenance_work_mem = '256MB'"


def write(archive: Writer, schema: Schema) -> int:
    """Add one member for each table; returns the number of rows."""
    rows = 0
    with connection.cursor() as cursor:
        cursor.execute(FORMATS)
        for label, model in schema.models.items():
            about: dict[str, Any] = {"columns": columns_of(model)}
            archive.add(_member(label), _copied(cursor, model, about), about)
            rows += about["rows"]
    return rows


@contextmanager
def source(archive: Reader, schema: Schema) -> Iterator[None]:
    """Raise Invalid unless the archive has all tables, with their columns, and beside files nothing else."""
    expected = {_member(label): columns_of(model) for label, model in schema.models.items()}
    tables = {name for name in archive.members if name != HEADER and not name.startswith(files.FOLDER)}
    for name in expected.keys() ^ tables:
        raise Invalid(_("This backup does not fit into this database: %(error)s") % {"error": ascii(name)})
    for name, columns in expected.items():
        if archive.members[name].about.get("columns") != columns:
            raise Invalid(_("The columns of %(name)s are not those of this database.") % {"name": name})
    yield


def load(archive: Reader, schema: Schema) -> int:
    """Fill the empty tables; returns the number of rows.

    Indexes and constraints are dropped first and created again at the end: a third of the time of keeping them.
    Raises IntegrityError or DataError for rows that do not fit.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"{FORMATS}; {INDEX_MEMORY}")
        drops, creations = _indexes_and_constraints(cursor, schema)
        for statement in drops:
            cursor.execute(statement)
        rows = sum(_load_table(cursor, archive, label, model) for label, model in schema.models.items())
        for statement in creations:
            cursor.execute(statement)
        # Without statistics, PostgreSQL would use sequential scans for the first queries of the site.
        cursor.execute(f"ANALYZE {', '.join(map(quoted_table, schema.models.values()))}")
    return rows


def _copied(cursor: Any, model: type[Model], about: dict[str, Any]) -> Iterator[bytes]:
    """Yield the rows of a table in chunks. At the end, sets `about["rows"]` to their number."""
    with connection.wrap_database_errors:
        chunk = bytearray()
        with cursor.copy(f"COPY {quoted_table(model)} ({quoted_columns(model)}) TO STDOUT") as copy:
            for row in copy:
                chunk += row
                if len(chunk) >= CHUNK_BYTES:
                    yield bytes(chunk)
                    chunk.clear()
        about["rows"] = cursor.rowcount
        yield bytes(chunk)


def _load_table(cursor: Any, archive: Reader, label: str, model: type[Model]) -> int:
    member = archive.members[_member(label)]
    cursor.execute(f"DELETE FROM {quoted_table(model)}")
    with (
        connection.wrap_database_errors,
        cursor.copy(f"COPY {quoted_table(model)} ({quoted_columns(model)}) FROM STDIN") as copy,
    ):
        for chunk in archive.read(member):
            copy.write(chunk)
    # A line `\.` in a damaged or forged archive would end COPY early.
    if cursor.rowcount != member.about.get("rows"):
        raise Invalid(_("This backup does not have all rows of %(name)s.") % {"name": label})
    return int(cursor.rowcount)


def _indexes_and_constraints(cursor: Any, schema: Schema) -> tuple[list[str], list[str]]:
    """The statements that drop indexes, keys and foreign keys of the tables, and those that create them again."""
    tables = [model._meta.db_table for model in schema.models.values()]
    # Foreign keys of other tables, such as sessions, depend on the primary keys of these tables.
    cursor.execute(
        """
        SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid), contype = 'f'
        FROM pg_constraint
        WHERE contype IN ('p', 'u', 'f')
            AND (conrelid = ANY(%(tables)s::regclass[]) OR confrelid = ANY(%(tables)s::regclass[]))
        ORDER BY contype = 'f', conname
        """,
        {"tables": list(map(connection.ops.quote_name, tables))},
    )
    constraints = cursor.fetchall()
    cursor.execute(
        """
        SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
        FROM pg_index
        WHERE indrelid = ANY(%(tables)s::regclass[])
            AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
        ORDER BY 1
        """,
        {"tables": list(map(connection.ops.quote_name, tables))},
    )
    indexes = cursor.fetchall()
    # A foreign key needs the key that it refers to, so it is dropped before that key and created after it.
    drops = [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _definition, _foreign in constraints[::-1]]
    drops += [f"DROP INDEX {name}" for name, _definition in indexes]
    keys, foreign_keys = (
        [
            f"ALTER TABLE {table} ADD CONSTRAINT {name} {text}"
            for table, name, text, foreign in constraints
            if foreign is kind
        ]
        for kind in (False, True)
    )
    return drops, [*keys, *(definition for _name, definition in indexes), *foreign_keys]


def _member(label: str) -> str:
    return f"tables/{label}.copy"
