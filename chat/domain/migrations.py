"""Which migrations of this version the database lacks."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

_is_complete = False


def pending() -> list[str]:
    """The names of the migrations that are not applied, as `app.name`. Raises `django.db.Error`.

    The database is asked until there is none: after that, only a new version of the code can have others.
    """
    global _is_complete
    if _is_complete:
        return []
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    _is_complete = not plan
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
