"""Django's admin application with this site's `AdminSite`."""

from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate

from .operations import pooler


class AdminConfig(DjangoAdminConfig):
    """Django's admin, with this site's `AdminSite`."""

    default_site = "project.admin.AdminSite"

    def ready(self):
        """Hide a new SQLite file from other users. `migrate` has no time limits; with pgbouncer it sets the role's."""
        super().ready()
        connection_created.connect(_hide_new_file, dispatch_uid="project.hide_new_file")
        if settings.DATABASE_POOLER:
            post_migrate.connect(pooler.set_time_limits, sender=self)
        else:
            pre_migrate.connect(_lift_time_limits, sender=self, dispatch_uid="project.lift_time_limits")


def _lift_time_limits(using: str, **kwargs) -> None:
    """Let a migration of a large table take longer than a query of a worker may. On a busy machine, PostgreSQL also
    waits longer than 3 seconds for its next statement. The limit for locks stays: workers serve meanwhile."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET idle_in_transaction_session_timeout = 0")
            cursor.execute("SET statement_timeout = 0")


def _hide_new_file(connection, **kwargs) -> None:
    """Set the mode of a new SQLite database to 0600: it holds password hashes and private messages.

    SQLite gives the files beside it (-wal, -shm) the same mode. The mode of an existing database is the owner's choice.
    """
    if connection.vendor == "sqlite":
        with suppress(OSError):
            path = Path(connection.settings_dict["NAME"])
            if path.stat().st_size == 0:
                path.chmod(0o600)
