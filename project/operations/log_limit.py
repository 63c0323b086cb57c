"""Limits log lines that any client can cause, so that nobody can fill the log."""

import logging
import threading
import time

PERIOD_S = 60
MAX_LINES = 20
"""Different lines per period."""


class LimitedLog:
    """Writes warnings to `logger`: each different line once per period, and at most MAX_LINES of them.

    Lines that were left out are counted. The count is written when the next period begins.
    """

    def __init__(self, logger: logging.Logger, *, clock=time.monotonic):
        self._logger = logger
        self._clock = clock
        self._lock = threading.Lock()
        self._period_started_at = clock()
        self._written: set[str] = set()
        self._left_out = 0

    def warning(self, line: str) -> None:
        """Write the line, unless this period has it or is full. Thread-safe."""
        with self._lock:
            left_out = self._start_period_if_due()
            if is_new := line not in self._written and len(self._written) < MAX_LINES:
                self._written.add(line)
            else:
                self._left_out += 1
        if left_out:
            self._logger.warning("%d more requests were refused.", left_out)
        if is_new:
            self._logger.warning("%s", line)

    def _start_period_if_due(self) -> int:
        """The number of lines that the previous period left out, if a new period starts now; else 0."""
        if self._clock() - self._period_started_at < PERIOD_S:
            return 0
        left_out, self._left_out = self._left_out, 0
        self._period_started_at = self._clock()
        self._written.clear()
        return left_out
