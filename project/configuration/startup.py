"""Where a process begins: it loads the settings and says a few lines. What is wrong with them ends it with one line."""

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
    """Read the settings of DJANGO_SETTINGS_MODULE; without one, of this site. Ends the process for a bad one."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    try:
        _ = settings.INSTALLED_APPS
    except ImproperlyConfigured as error:
        stop(str(error))
    if writes_json():
        logging.captureWarnings(True)
        sys.excepthook = _log_exception


def stop(problem: str) -> NoReturn:
    """End the process with one line on standard error and exit code 1."""
    print(entry(problem, "CRITICAL"), file=sys.stderr, flush=True)
    sys.exit(1)


def tell(message: str) -> None:
    """Write one line to standard output, outside of logging: it may hold a link that the log would mask."""
    print(entry(message, "INFO"), flush=True)


def entry(message: str, level: str) -> str:
    """`message` in one line: as JSON, like the log's lines, where LOG_FORMAT asks for it."""
    line = " ".join(message.split())
    if not writes_json():
        return line
    fields = {"time": datetime.now(UTC).isoformat(), "level": level, "logger": logger.name, "message": line}
    return json.dumps(fields, ensure_ascii=False)


def writes_json() -> bool:
    """Whether each line that this process writes is a JSON object. Settings that cannot be read do not matter."""
    given = os.environ.get("LOG_FORMAT", "")
    try:
        return getattr(settings, "LOG_FORMAT", given) == "json"
    except ImproperlyConfigured:
        return given.strip().lower() == "json"


def _log_exception(kind, error, traceback) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, traceback)
    else:
        logger.critical("%s: %s", kind.__name__, error, exc_info=(kind, error, traceback))
