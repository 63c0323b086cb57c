"""Entries of Django's DATABASES, completed with the options that this site needs."""

from typing import Any

TIME_LIMITS = {
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "3s",
    "statement_timeout": "20s",
}
"""PostgreSQL's limits for each connection. A worker that freezes in a transaction must not block a room: the row of
the room's head is locked until the transaction ends."""

SPARE_CONNECTIONS = 8
"""Connections of a worker beyond one per thread."""


def with_options(entry: dict[str, Any], *, pooler: str, threads: int) -> dict[str, Any]:
    """`entry` with options for SQLite or PostgreSQL.

    `pooler` is "pgbouncer" or "". `threads` is the number of threads of a worker that use the database.
    """
    if entry["ENGINE"].endswith("sqlite3"):
        return _sqlite(entry)
    return _pgbouncer(_postgresql(entry, threads)) if pooler else _postgresql(entry, threads)


def _sqlite(entry: dict[str, Any]) -> dict[str, Any]:
    options = {
        "timeout": 20,
        # Otherwise a transaction that reads first and writes later fails with "database is locked" instead of waiting.
        "transaction_mode": "IMMEDIATE",
        # synchronous=FULL: an acknowledged message survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
    }
    return entry | {"CONN_MAX_AGE": None, "OPTIONS": entry.get("OPTIONS", {}) | options}


def _postgresql(entry: dict[str, Any], threads: int) -> dict[str, Any]:
    options = {
        "pool": {"min_size": 2, "max_size": threads + SPARE_CONNECTIONS, "timeout": 5},
        "connect_timeout": 5,
        # Parameters are sent beside the statement, so that PostgreSQL plans each statement once per connection.
        "server_side_binding": True,
        "prepare_threshold": 2,
        "options": " ".join(f"-c {name}={value}" for name, value in TIME_LIMITS.items()),
    }
    return entry | {"CONN_MAX_AGE": 0, "OPTIONS": entry.get("OPTIONS", {}) | options}


def _pgbouncer(entry: dict[str, Any]) -> dict[str, Any]:
    """Without state on the connection: pgbouncer may run the next transaction on another one.

    It also refuses start-up options. `migrate` sets the time limits on the role instead (project.operations.pooler).
    """
    options = {name: value for name, value in entry["OPTIONS"].items() if name != "options"}
    return entry | {"OPTIONS": options | {"prepare_threshold": None}, "DISABLE_SERVER_SIDE_CURSORS": True}
