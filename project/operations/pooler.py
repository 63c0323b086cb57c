"""Support for pgbouncer in transaction mode: it lends a connection of PostgreSQL for one transaction at a time.

Without it, the time limits of `DATABASE_TIME_LIMITS` are start-up options of a connection, which pgbouncer refuses.
With it, they are settings of the database's role: `migrate` sets them, and `/readyz` checks that they apply.
"""

from django.conf import settings
from django.db import connection


def set_time_limits(**kwargs) -> None:
    """Set the time limits for all new connections of this role to this database. A receiver of `post_migrate`."""
    with connection.cursor() as cursor:
        database = connection.ops.quote_name(connection.settings_dict["NAME"])
        for name, value in settings.DATABASE_TIME_LIMITS.items():
            cursor.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {database} SET {name} = '{value}'")


def missing_time_limits() -> str | None:
    """A sentence about the first limit that the current connection lacks, or None."""
    with connection.cursor() as cursor:
        for name, value in settings.DATABASE_TIME_LIMITS.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            found = cursor.fetchone()[0]
            if found != value:
                return (
                    f"{name} is {found}, not {value}, behind the pooler: run manage.py migrate, then RECONNECT in "
                    "pgbouncer's console."
                )
