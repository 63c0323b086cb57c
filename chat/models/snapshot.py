"""Read-only transactions."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot():
    """A transaction in which all reads see the same state of the database.

    On PostgreSQL: REPEATABLE READ. On SQLite: a deferred transaction, because the immediate ones of the site take the
    lock that writers need. Inside another transaction this does nothing.
    """
    if connection.in_atomic_block:
        yield
        return
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                connection.transaction_mode = mode
                yield
        finally:
            connection.transaction_mode = mode
        return
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def lift_time_limits() -> None:
    """Lift the time limits of PostgreSQL for the current transaction. Only for long work that never locks the head of a
    room."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
