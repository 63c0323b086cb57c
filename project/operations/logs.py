"""Log lines as text or as JSON. Each contains the id of its request or socket; secrets are masked."""

import logging
import re
import secrets
from contextvars import ContextVar
from datetime import datetime

from pythonjsonlogger.json import JsonFormatter

current_id: ContextVar[str] = ContextVar("current_id", default="")
"""The id of the request or socket that is being served, or "". Threads that work for it inherit the value."""

_SECRET_LINKS = re.compile(r"(/(?:setup|join|reset)/)[^\s\"'?#]+")
# PostgreSQL's DETAIL contains the row that it refused, which may span lines. It ends where the next exception begins.
_DETAIL = re.compile(r"\bDETAIL: .*?(?=\n\n(?:The above exception was|During handling of the above)|\Z)", re.DOTALL)
PLAIN_TYPES = str | int | float | datetime | None


def new_id() -> str:
    """A random id for a request or a socket."""
    return secrets.token_hex(8)


def masked(text: str) -> str:
    """`text` without the secret part of links for one person: `/join/…`."""
    return _SECRET_LINKS.sub(r"\1…", text)


class _MaskingFormatter(logging.Formatter):
    def formatException(self, ei) -> str:
        """The traceback, without rows of the database."""
        return _DETAIL.sub("DETAIL: …", super().formatException(ei))


class LineFormatter(_MaskingFormatter):
    """Formats a record as a line of text, followed by its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return masked(super().format(record))


class JSONFormatter(_MaskingFormatter, JsonFormatter):
    """Formats a record as one line of JSON: `time`, `level`, `logger`, `message`, `id`, and the fields of `extra`."""

    def __init__(self):
        fields = ["levelname", "name", "message"]
        names = {"levelname": "level", "name": "logger", "exc_info": "traceback"}
        super().__init__(fields, timestamp="time", rename_fields=names, json_ensure_ascii=False)

    def add_fields(self, log_data: dict, record: logging.LogRecord, message_dict: dict) -> None:
        """Fill in the fields. An `id` in `extra` takes precedence over the current id."""
        super().add_fields(log_data, record, message_dict)
        if "id" not in log_data and (current := current_id.get()):
            log_data["id"] = current

    def process_log_record(self, log_data: dict) -> dict:
        """Mask every text. Objects are left out: Django adds the request to some records."""
        plain = {name: value for name, value in log_data.items() if isinstance(value, PLAIN_TYPES)}
        return {name: masked(value) if isinstance(value, str) else value for name, value in plain.items()}
