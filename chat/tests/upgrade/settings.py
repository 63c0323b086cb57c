"""Settings of a site in the next version. NEXT_MIGRATIONS names the folder here that has its migrations."""

import os

from project.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]  # noqa: F405
if folder := os.environ.get("NEXT_MIGRATIONS"):
    MIGRATION_MODULES = {"chat": f"chat.tests.upgrade.{folder}"}
# The library of jobs created its tables step by step. Nothing used them before this project did, so no older worker
# meets these migrations. Whoever raises its version reads the migrations that are new in it.
MIGRATION_LINTER_OPTIONS = {"exclude_apps": ["django_tasks_database"]}
