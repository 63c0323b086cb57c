"""A SQLite database as a copy of its file, made by SQLite's backup API.

The copy is a temporary file in the folder of the database, because `/tmp` may be too small.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection
from django.db.models import Model
from django.utils.translation import gettext as _

from chat.domain.errors import Forbidden, Invalid

from ..schema import Schema, columns_of, quoted_columns, quoted_table
from .container import CHUNK_BYTES, Reader, Writer

MEMBER = "database.sqlite3"
MIGRATIONS = "django_migrations"
CACHE = "PRAGMA main.cache_size = -64000"
"""In KiB, for a restore: the cache of a site (16 MB) is too small to build indexes of a million rows quickly."""


def write(archive: Writer, schema: Schema) -> int:
    """Add the copy; returns the number of rows. It is the state of the database in the caller's transaction."""
    with _temporary_file() as path:
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            connection.connection.backup(copy)
            # One file without a write-ahead log. `secure_delete` overwrites the bytes of deleted sessions.
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.execute("PRAGMA secure_delete = ON")
            _drop_virtual_tables(copy)
            for table in _tables_of(copy) - {model._meta.db_table for model in schema.models.values()} - {MIGRATIONS}:
                copy.execute(f"DELETE FROM {_quoted(table)}")
            rows = sum(_count(copy, model) for model in schema.models.values())
        archive.add(MEMBER, _chunks(path), {"rows": rows})
    return rows


@contextmanager
def source(archive: Reader, schema: Schema) -> Iterator[None]:
    """Context manager that attaches the database of the backup under the name `backup`.

    Raises Invalid for a file that is damaged or has other tables, and Forbidden if the disk has too little space.
    """
    member = archive.members.get(MEMBER)
    if member is None:
        raise Invalid(_("This backup has no database in it."))
    with _temporary_file() as path:
        if member.size > shutil.disk_usage(path.parent).free:
            raise Forbidden(_("The disk has no room for this backup (%(size)d bytes).") % {"size": member.size})
        with path.open("wb") as file:
            file.writelines(archive.read(member))
        uri = f"{path.as_uri()}?mode=ro&immutable=1"
        _check_file(uri, schema)
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("ATTACH DATABASE %s AS backup", [uri])
            cursor.execute(CACHE)
        try:
            yield
        finally:
            # The next connection has the normal cache size again. `DETACH` would fail while statements are open.
            connection.close()


def load(_archive: Reader, schema: Schema) -> int:
    """Fill the empty tables from `source`; returns the number of rows. Raises IntegrityError for rows that do not fit.

    Indexes are dropped first and created again at the end, which writes them sequentially.
    """
    names = {model._meta.db_table for model in schema.models.values()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name, sql FROM main.sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        indexes = [(name, sql) for name, table, sql in cursor.fetchall() if table in names]
        for name, _sql in indexes:
            cursor.execute(f"DROP INDEX main.{_quoted(name)}")
        rows = 0
        for model in schema.models.values():
            table, columns = quoted_table(model), quoted_columns(model)
            cursor.execute(f"DELETE FROM main.{table}")
            # NOT INDEXED: in the order of the rows, so that they are appended.
            cursor.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM backup.{table} NOT INDEXED")
            rows += cursor.rowcount
        for _name, sql in indexes:
            cursor.execute(sql)
    return rows


def _check_file(uri: str, schema: Schema) -> None:
    try:
        with closing(sqlite3.connect(uri, uri=True)) as file:
            if file.execute("PRAGMA quick_check(1)").fetchall() != [("ok",)]:
                raise Invalid(_("This backup is damaged, or a part of it is missing."))
            tables = _tables_of(file)
            for label, model in schema.models.items():
                name = model._meta.db_table
                found = {row[1] for row in file.execute(f"PRAGMA table_info({quoted_table(model)})")}
                # A view with that name is refused, because reading it would run SQL of a possibly forged file.
                if name not in tables or found != set(columns_of(model)):
                    raise Invalid(_("The columns of %(name)s are not those of this database.") % {"name": label})
    except sqlite3.Error:
        raise Invalid(_("This backup is damaged, or a part of it is missing.")) from None


def _drop_virtual_tables(file: sqlite3.Connection) -> None:
    """Drop the index of search, which no backup has: the ordinary tables that FTS5 keeps it in, and its triggers."""
    found = file.execute(
        "SELECT type, name FROM sqlite_master WHERE type = 'trigger' "
        "OR (type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%') ORDER BY type DESC"
    )
    for kind, name in found.fetchall():
        file.execute(f"DROP {kind} {_quoted(name)}")


def _tables_of(file: sqlite3.Connection) -> set[str]:
    """Names of the ordinary tables: no views, no virtual tables, no tables of SQLite itself."""
    found = file.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0")
    return {name for (name,) in found if not name.startswith("sqlite_")}


def _count(file: sqlite3.Connection, model: type[Model]) -> int:
    return int(file.execute(f"SELECT count(*) FROM {quoted_table(model)}").fetchone()[0])


@contextmanager
def _temporary_file() -> Iterator[Path]:
    """The path of a file that only this user may read, in the folder of the database."""
    folder = Path(connection.settings_dict["NAME"]).resolve().parent
    with tempfile.TemporaryDirectory(dir=folder, prefix=".parley-backup-") as own:
        yield Path(own) / MEMBER


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
