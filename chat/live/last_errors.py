"""The last errors of this process, for the live page. The settings of logging name the handler."""

import logging
from collections import deque

KEPT = 20
MAX_TEXT = 300

_kept: deque[dict] = deque(maxlen=KEPT)


class LastErrors(logging.Handler):
    """Keeps the newest errors: when, which logger, the first line and the last one of the traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one record, as the formatter of the handler writes it: without secrets."""
        try:
            lines = self.format(record).strip().splitlines() or [""]
        except Exception:
            self.handleError(record)
            return
        text = lines[0] if len(lines) == 1 else f"{lines[0]} · {lines[-1]}"
        _kept.append({"at": record.created, "logger": record.name[:100], "text": text[:MAX_TEXT]})


def newest(count: int) -> list[dict]:
    """The newest ones, the last one first: `at` (seconds since 1970), `logger`, `text`."""
    return list(_kept)[-count:][::-1]
