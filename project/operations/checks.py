"""What a worker needs to serve people: each a function that returns None, or in words what is wrong."""

from functools import cache

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

TIMEOUT_S = 2.0


def database() -> str | None:
    """Whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return f"The database does not answer: {_first_line(error)}"
    finally:
        connection.close()


def migrations() -> str | None:
    """Whether the database has all that this version needs. Once it has, it is not asked again."""
    try:
        _require_migrations()
    except Error as error:
        return f"The database does not tell its migrations: {_first_line(error)}"
    except LookupError as error:
        return str(error)
    finally:
        connection.close()


@cache
def _require_migrations() -> None:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan)
        raise LookupError(f"Migrations wait to be applied (manage.py migrate): {names}")


def channel_layer() -> str | None:
    """Whether Redis answers, where the site has one."""
    if not settings.REDIS_URL:
        return None
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S
        ) as client:
            client.ping()
    except redis.RedisError as error:
        return f"Redis does not answer: {_first_line(error)}"


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]


CHECKS = {"database": database, "migrations": migrations, "redis": channel_layer}
