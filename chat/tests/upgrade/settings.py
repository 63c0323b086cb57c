"""A site's settings in the version that follows: FOLLOWING names the folder here with its migrations."""

import os

from project.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "django_migration_linter"]  # noqa: F405
if following := os.environ.get("FOLLOWING"):
    MIGRATION_MODULES = {"chat": f"chat.tests.upgrade.{following}"}
