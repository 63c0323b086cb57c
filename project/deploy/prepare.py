"""The job that runs before the workers start: `python -m project.deploy.prepare FOLDER`.

It waits for the database, migrates it, copies the static files to the proxy's FOLDER, and prints the set-up link of a
new site. One container does it, so that two workers never migrate at the same time; the workers start after it.
"""

import io
import os
import re
import shutil
import sys
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection

from project.configuration.startup import exit_with_line, load_settings, print_line

DATABASE_TIMEOUT_S = 60
RETRY_S = 0.5


def main(static_folder: Path) -> None:
    """Run all steps; the proxy serves `static_folder`. Errors are raised, and then the workers do not start."""
    load_settings()
    if settings.SITE_ADDRESS and not os.environ.get("TLS_PUBLISHED"):
        exit_with_line(
            "SITE_ADDRESS: its ports are not published. Put COMPOSE_FILE=docker-compose.yml:docker-compose.tls.yml "
            "into .env, too."
        )
    django.setup()

    wait_for_database()
    run_command("migrate", interactive=False, verbosity=1)
    publish(Path(settings.STATIC_ROOT), static_folder)
    run_command("setup", link=True)


def run_command(name: str, **options) -> None:
    """Run a command of `manage.py`, and print each of its lines like a line of our log.

    A line that ends with "at" is joined with the next one, which is a link.
    """
    output = io.StringIO()
    try:
        call_command(name, stdout=output, no_color=True, **options)
    finally:
        text = re.sub(r" at\s+", " at ", output.getvalue())
        for line in filter(str.strip, text.splitlines()):
            print_line(line)


def wait_for_database(seconds: float = DATABASE_TIMEOUT_S) -> None:
    """Return when the database answers. If it does not within `seconds`, end the process with one line."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            if time.monotonic() > deadline:
                exit_with_line(f"DATABASE_URL: the database does not answer after {seconds:.0f} s: {error}")
            time.sleep(RETRY_S)


def publish(source: Path, target: Path) -> None:
    """Copy files into a folder that is being served. Existing files stay: open pages of an older version need them.

    Each file appears complete. Names contain a hash of the content, so an existing file of the same name is the same.
    """
    for path in sorted(source.rglob("*")):
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            draft = copy.with_name(f".{copy.name}.draft")
            shutil.copyfile(path, draft)
            draft.replace(copy)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
