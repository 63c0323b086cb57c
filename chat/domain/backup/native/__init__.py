"""Backups in the database's own form: fast, and restored into the same kind of database only.

PostgreSQL writes its rows by COPY, as `pg_dump` does; SQLite copies the database file by its backup API. Both are put
into one ZIP archive (`container`). A restore loads rows only. The tables, indexes and constraints are those that the
migrations made in the database that is restored: no SQL is taken from the file.

Why not `pg_dump` and `pg_restore`:

- `pg_restore` runs the SQL of the file, with the rights of the site's database role. In docker-compose.yml that role is
  a superuser, so a forged file could run programs on the database's machine.
- They must be at least as new as the server. Debian 12 has version 15, the server of docker-compose.yml is 17.
- Through pgbouncer in transaction mode `pg_dump` changes `search_path` of connections that other clients get next.
"""

from .restoring import restore
from .writing import write

__all__ = ["restore", "write"]
