"""The checks of `/readyz`: each returns None, or a sentence that says what is wrong."""

import shutil
from pathlib import Path

import redis
from django.conf import settings
from django.db import Error, connection

from chat.domain.migrations import pending

from . import pooler

TIMEOUT_S = 2.0
MIN_FREE_BYTES = 16 * 2**20
"""Free space that the disk of an SQLite database needs: its write-ahead log takes 4 MiB, and more while a reader is
active."""


def database() -> str | None:
    """Check that the database answers and has room to store something."""
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
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return f"The folder of the database cannot be examined: {error}"
    if free < MIN_FREE_BYTES:
        return f"The disk of {folder} is full: {free // 2**20} MiB are left. Messages will soon be refused."


def migrations() -> str | None:
    """Check that all migrations of this version are applied."""
    try:
        if names := pending():
            return f"Migrations are not applied (run manage.py migrate): {', '.join(names)}"
    except Error as error:
        return f"The applied migrations cannot be read from the database: {_first_line(error)}"
    finally:
        connection.close()


def channel_layer() -> str | None:
    """Check that Redis answers, if the site has one."""
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
