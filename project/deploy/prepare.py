"""The job that runs before the workers start: `python -m project.deploy.prepare FOLDER`.

It waits for the database, migrates it, hands the static files to the proxy, and prints the set-up link of a new site.
One container does it, so that two workers never migrate at once; the workers wait for its end.
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

from project.configuration.startup import load_settings, stop, tell

WAIT_S = 60
RETRY_S = 0.5


def main(files: Path) -> None:
    """Do all of it; the proxy serves the folder `files`. Raises what goes wrong: the workers do not start then."""
    load_settings()
    if settings.SITE_ADDRESS and not os.environ.get("TLS_PUBLISHED"):
        stop(
            "SITE_ADDRESS: its ports are not published. Put COMPOSE_FILE=docker-compose.yml:docker-compose.tls.yml "
            "into .env, too."
        )
    django.setup()

    wait_for_database()
    command("migrate", interactive=False, verbosity=1)
    publish(Path(settings.STATIC_ROOT), files)
    command("setup", link=True)


def command(name: str, **options) -> None:
    """Run a command of `manage.py`; each line that it prints is one of our log. A line that ends with “at” goes on."""
    printed = io.StringIO()
    try:
        call_command(name, stdout=printed, no_color=True, **options)
    finally:
        text = re.sub(r" at\s+", " at ", printed.getvalue())
        for line in filter(str.strip, text.splitlines()):
            tell(line)


def wait_for_database(seconds: float = WAIT_S) -> None:
    """Return when the database answers; end the process with one line when it has not after so many seconds."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return connection.ensure_connection()
        except OperationalError as error:
            if time.monotonic() > deadline:
                stop(f"DATABASE_URL: the database does not answer after {seconds:.0f} s: {error}")
            time.sleep(RETRY_S)


def publish(source: Path, target: Path) -> None:
    """Copy files into a folder that is being served. What is there stays: open pages of an older version ask for it.

    Each file appears whole. A name with a hash that is there already holds the same.
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
