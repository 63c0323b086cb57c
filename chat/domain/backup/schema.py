"""Which tables a backup holds.

The tables are those of the applied migrations, not of the models in the code. So a backup can be made after an update
of the code and before its `migrate`.
"""

from collections.abc import Iterable

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model
from django.utils.translation import gettext as _

from chat.domain.errors import Forbidden

Migrations = list[tuple[str, str]]
"""Pairs of app and name."""

LEFT_OUT = {
    "chat.session": "whoever has the file must not be signed in by it; people sign in again",
    "sessions.session": "the same, if the site has used Django's own session engine before",
    "chat.searchdocument": "the index of search is built from the messages, by a job",
    "chat.searchindex": "the same: a restored site has not built it yet",
    "django_tasks_database.dbtaskresult": "jobs belong to the site that enqueued them: a copy must not mail again",
    "chat.roomactivity": "counted again from the messages",
    "chat.dailymessages": "counted again from the messages",
    "chat.useractivity": "counted again from the messages",
}
"""Models whose rows no backup holds, by label, and why."""

MADE_BY_MIGRATE = {"contenttypes.contenttype", "auth.permission"}
"""Models whose rows each database makes by itself, with other keys. Sites with only these rows are empty."""


class Schema:
    """The tables and migrations of this database. Migrations of apps that have nothing in a backup do not count.

    `models`: by label, as of the migrations that were applied; `applied`: those migrations; `unknown`: applied ones
    that this code lacks; `pending`: this code's that were not applied.
    """

    def __init__(self) -> None:
        loader = MigrationLoader(connection)
        known, applied = set(loader.graph.nodes), set(loader.applied_migrations)
        self.apps = loader.project_state(sorted(known & applied)).apps
        self.models: dict[str, type[Model]] = {
            model._meta.label_lower: model
            for model in self.apps.get_models(include_auto_created=True)
            if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in LEFT_OUT
        }
        ours = loader.migrated_apps - {"contenttypes", "sessions", "django_tasks_database"}
        self.applied, self.unknown, self.pending = (
            sorted((app, name) for app, name in pairs if app in ours)
            for pairs in (known & applied, applied - set(loader.disk_migrations), known - applied)
        )

    @property
    def site_models(self) -> dict[str, type[Model]]:
        """Those of `models` that are empty until somebody uses the site, but for the row of the site itself."""
        return {label: model for label, model in self.models.items() if label not in MADE_BY_MIGRATE}

    def require_known(self) -> None:
        """Raise Forbidden when a newer version has migrated the database: a backup would leave some of it out."""
        if self.unknown:
            raise Forbidden(
                _("A newer version has changed this database (%(names)s): use that one.")
                % {"names": named(self.unknown)}
            )


def named(migrations: Iterable[tuple[str, str]]) -> str:
    """Migrations, for a person."""
    return ", ".join(f"{app}.{name}" for app, name in sorted(migrations))


def columns_of(model: type[Model]) -> list[str]:
    """Names of the columns of a model's own table whose values are stored, not generated."""
    # Local: a model that extends another one's table is a table of its own.
    return [str(field.column) for field in model._meta.local_concrete_fields if not field.generated]


def quoted_columns(model: type[Model]) -> str:
    """The same columns as a list in SQL."""
    return ", ".join(map(connection.ops.quote_name, columns_of(model)))


def quoted_table(model: type[Model]) -> str:
    """The name of a model's table in SQL."""
    return connection.ops.quote_name(model._meta.db_table)
