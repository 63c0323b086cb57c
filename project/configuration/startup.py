"""Loads the settings at the start of a process, and prints lines before logging is set up.

A process with a bad setting ends with one line.
"""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import NoReturn

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

logger = logging.getLogger("parley.start")


def load_settings() -> None:
    """Read the settings module of DJANGO_SETTINGS_MODULE, by default this site's. Ends the process for a bad one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    try:
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as error:
        exit_with_line(str(error))
    if writes_json():
        logging.captureWarnings(True)
        sys.excepthook = _log_exception


def exit_with_line(problem: str) -> NoReturn:
    """End the process with one line on standard error and exit code 1."""
    print(format_line(problem, "CRITICAL"), file=sys.stderr, flush=True)
    sys.exit(1)


def print_line(message: str) -> None:
    """Write one line to standard output. Not through logging, which would mask a link in it."""
    print(format_line(message, "INFO"), flush=True)


def format_line(message: str, level: str) -> str:
    """`message` as one line; as JSON, like the lines of the log, with LOG_FORMAT=json."""
    line = " ".join(message.split())
    if not writes_json():
        return line
    fields = {"time": datetime.now(UTC).isoformat(), "level": level, "logger": logger.name, "message": line}
    return json.dumps(fields, ensure_ascii=False)


def writes_json() -> bool:
    """Whether LOG_FORMAT asks for JSON. Works as well when the settings cannot be loaded."""
    variable = os.environ.get("LOG_FORMAT", "")
    try:
        return getattr(settings, "LOG_FORMAT", variable) == "json"
    except ImproperlyConfigured:
        return variable.strip().lower() == "json"


def _log_exception(kind, error, traceback) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        logger.critical("%s: %s", kind.__name__, error, exc_info=(kind, error, traceback))
