"""Lints the migrations on a PostgreSQL of its own: `python -m chat.tests.upgrade`. Exit code 1 when one would break.

Not on SQLite: there Django makes most changes by copying the table, which the linter takes for a new NOT NULL; and a
site on SQLite is one process, in which no two versions ever serve at once.
"""

import subprocess
import sys
import tempfile

from chat.tests.services import Postgres
from chat.tests.services.environment import ROOT, environment


def main() -> int:
    """Lint; returns the exit code."""
    postgres = Postgres()
    with tempfile.TemporaryDirectory(prefix="parley-lint-") as folder:
        try:
            url = postgres.start().new_url()
            env = environment(VAR_DIR=folder, DATABASE_URL=url, SECRET_KEY="of-a-lint", LOG_LEVEL="WARNING")
            env["DJANGO_SETTINGS_MODULE"] = "chat.tests.upgrade.settings"
            return subprocess.run([sys.executable, ROOT / "manage.py", "lintmigrations"], env=env, cwd=ROOT).returncode
        finally:
            postgres.remove()


if __name__ == "__main__":
    sys.exit(main())
