"""`python -m chat.tests.upgrade` lints the SQL of the migrations, on a temporary PostgreSQL.

The exit code is 1 if a migration would break workers of the version before it, which serve while it runs. Initial
migrations are ignored. SQLite is not checked: a site on SQLite is one process, so two versions never serve at once, and
the linter misreads Django's copies of tables as new NOT NULL columns.
"""

import subprocess
import sys
import tempfile

from chat.tests.services import Postgres
from chat.tests.services.environment import ROOT, TEST_SECRET_KEY, environment


def main() -> int:
    """Run the linter. Returns its exit code."""
    postgres = Postgres()
    with tempfile.TemporaryDirectory(prefix="parley-lint-") as folder:
        try:
            url = postgres.start().new_url()
            env = environment(VAR_DIR=folder, DATABASE_URL=url, SECRET_KEY=TEST_SECRET_KEY, LOG_LEVEL="WARNING")
            env["DJANGO_SETTINGS_MODULE"] = "chat.tests.upgrade.settings"
            return subprocess.run([sys.executable, ROOT / "manage.py", "lintmigrations"], env=env, cwd=ROOT).returncode
        finally:
            postgres.remove()


if __name__ == "__main__":
    sys.exit(main())
