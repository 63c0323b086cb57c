"""Loads the settings where a process begins. What is wrong with them ends it: one line, exit code 1, no traceback."""

import json
import os
import sys
from datetime import UTC, datetime
from typing import NoReturn

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def load_settings() -> None:
    """Read the settings of DJANGO_SETTINGS_MODULE; without one, of this site. Ends the process for a bad one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    try:
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as error:
        stop(str(error))


def stop(problem: str) -> NoReturn:
    """End the process with one line on standard error: of JSON where LOG_FORMAT asks for it."""
    line = " ".join(problem.split())
    if os.environ.get("LOG_FORMAT", "").strip().lower() == "json":
        # As project.operations.logs writes it; logging is not configured yet.
        entry = {"time": datetime.now(UTC).isoformat(), "level": "CRITICAL", "logger": "parley.start", "message": line}
        line = json.dumps(entry, ensure_ascii=False)
    print(line, file=sys.stderr, flush=True)
    sys.exit(1)
