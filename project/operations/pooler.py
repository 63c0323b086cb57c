"""A pooler between the site and PostgreSQL that lends a connection for one transaction at a time.

The time limits of `DATABASE_TIME_LIMITS` are options of a connection otherwise, and pgbouncer refuses those. Here they
are settings of the database's role: `migrate` makes them, and `/readyz` sees that they are in force.
"""

from django.conf import settings
from django.db import connection


def set_time_limits(**kwargs) -> None:
    """Let each new connection of this role to this database have the time limits. A receiver of `post_migrate`."""
    with connection.cursor() as cursor:
        database = connection.ops.quote_name(connection.settings_dict["NAME"])
        for name, value in settings.DATABASE_TIME_LIMITS.items():
            cursor.execute(f"ALTER ROLE CURRENT_USER IN DATABASE {database} SET {name} = '{value}'")


def missing_time_limits() -> str | None:
    """What is wrong with the limits of a connection that the pooler lends now, in words; None if nothing is."""
    with connection.cursor() as cursor:
        for name, value in settings.DATABASE_TIME_LIMITS.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            found = cursor.fetchone()[0]
            if found != value:
                return (
                    f"{name} is {found}, not {value}, behind the pooler: run manage.py migrate, then RECONNECT in "
                    "pgbouncer's console."
                )
