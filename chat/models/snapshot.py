"""Transactions for reading."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot():
    """A transaction for reading: all reads in it see one state of the database.

    Repeatable read on PostgreSQL. On SQLite a deferred transaction: the site's immediate ones would take the lock
    that writers need. Inside another transaction it changes nothing.
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


def without_limits() -> None:
    """Lift PostgreSQL's limits on the time of statements and pauses for the current transaction. For long work that
    runs beside the site and never locks a room's head."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
