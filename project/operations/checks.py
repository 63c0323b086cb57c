"""What a worker needs to serve people: each a function that returns None, or in words what is wrong."""

import shutil
from functools import cache
from pathlib import Path

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from . import pooler

TIMEOUT_S = 2.0
LEAST_FREE_BYTES = 16 * 2**20
"""On the disk of an SQLite database: its write-ahead log takes 4 MiB, and more while someone reads."""


def database() -> str | None:
    """Whether the database answers, and can store something."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if settings.DATABASE_POOLER:
            return pooler.missing_time_limits()
        if connection.vendor == "sqlite":
            return _full_disk(Path(connection.settings_dict["NAME"]).parent)
    except Error as error:
        return f"The database does not answer: {_first_line(error)}"
    finally:
        connection.close()


def _full_disk(folder: Path) -> str | None:
    try:
        left = shutil.disk_usage(folder).free
    except OSError as error:
        return f"The folder of the database cannot be looked at: {error}"
    if left < LEAST_FREE_BYTES:
        return f"The disk of {folder} is full: {left // 2**20} MiB are left. Nothing can be stored soon."


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
