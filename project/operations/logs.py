"""Log lines, as text or as JSON: each with the id of its request or socket, none with a secret."""

import logging
import re
import secrets
from contextvars import ContextVar
from datetime import datetime

from pythonjsonlogger.json import JsonFormatter

current_id: ContextVar[str] = ContextVar("current_id", default="")
"""The id of the request or socket that is being served, '' outside of any. Threads that do its work have it too."""

_LINKS = re.compile(r"(/(?:setup|join|reset)/)[^\s\"'?#]+")
# PostgreSQL's DETAIL shows the row that it refused. What is in a row may be anything: all up to the next exception.
_DETAIL = re.compile(r"\bDETAIL: .*?(?=\n\n(?:The above exception was|During handling of the above)|\Z)", re.DOTALL)
PLAIN = str | int | float | datetime | None


def new_id() -> str:
    """An id for a request or a socket."""
    return secrets.token_hex(8)


def masked(text: str) -> str:
    """`text` without what opens a door: a link that is good for one person keeps its first word, `/join/…`."""
    return _LINKS.sub(r"\1…", text)


class _Discreet(logging.Formatter):
    def formatException(self, ei) -> str:
        """The traceback, without rows of the database."""
        return _DETAIL.sub("DETAIL: …", super().formatException(ei))


class LineFormatter(_Discreet):
    """A record as a line for people; a traceback follows it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        return masked(super().format(record))


class JSONFormatter(_Discreet, JsonFormatter):
    """A record as one line of JSON: `time`, `level`, `logger`, `message`, `id`, and what `extra` says."""

    def __init__(self):
        fields = ["levelname", "name", "message"]
        names = {"levelname": "level", "name": "logger", "exc_info": "traceback"}
        super().__init__(fields, timestamp="time", rename_fields=names, json_ensure_ascii=False)

    def add_fields(self, log_data: dict, record: logging.LogRecord, message_dict: dict) -> None:
        """Fill in the fields. An `id` in `extra` goes before the current one."""
        super().add_fields(log_data, record, message_dict)
        if "id" not in log_data and (current := current_id.get()):
            log_data["id"] = current

    def process_log_record(self, log_data: dict) -> dict:
        """Mask every text. Objects that a line brings along (Django's own: the request) are left out."""
        plain = {name: value for name, value in log_data.items() if isinstance(value, PLAIN)}
        return {name: masked(value) if isinstance(value, str) else value for name, value in plain.items()}
