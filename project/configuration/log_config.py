"""Django's LOGGING: one handler that writes to standard error, as text lines or as JSON lines."""

from typing import Any


def log_config(log_format: str, level: str) -> dict[str, Any]:
    """The value of LOGGING. `log_format` is "line" or "json"; `level` is the lowest level that is written."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": "project.operations.logs.LineFormatter",
                "fmt": "{asctime} {levelname} {name}: {message}",
                "style": "{",
            },
            "json": {"()": "project.operations.logs.JSONFormatter"},
            "message": {"()": "project.operations.logs.LineFormatter", "fmt": "{message}", "style": "{"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": log_format},
            # For the live page of the admin.
            "last_errors": {"class": "chat.live.last_errors.LastErrors", "level": "ERROR", "formatter": "message"},
        },
        "root": {"handlers": ["console", "last_errors"], "level": level},
        "loggers": {
            # One line per request and socket: only for programs that collect JSON.
            "parley.access": {"level": "INFO" if log_format == "json" else "WARNING"},
            "daphne": {"level": "WARNING"},
            "django.channels.server": {"level": "WARNING"},
            # HostMiddleware logs a page that was requested with an unknown host. Django would log a second line when
            # a static file is redirected to TLS.
            "django.security.DisallowedHost": {"level": "CRITICAL"},
        },
    }
