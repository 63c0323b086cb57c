"""`manage.py migrate`: Django's own, with a hint for databases from before the site's user model."""

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.recorder import MigrationRecorder

FORMER = ("chat", "0001_log")
"""A migration that only those databases have."""


class Command(migrate.Command):
    """Migrate the database."""

    def handle(self, *args, **options):
        """Run Django's command. Raises CommandError for a database that cannot be migrated."""
        try:
            return super().handle(*args, **options)
        except InconsistentMigrationHistory as error:
            if FORMER not in MigrationRecorder(connections[options["database"]]).applied_migrations():
                raise
            raise CommandError(
                "This database was made before Parley had its own user model, and cannot be migrated. Move the "
                "site with a backup: see “From a former trial version” in docs/operating.md."
            ) from error
