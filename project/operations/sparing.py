"""Log lines that strangers can cause: each distinct one once in a while, and not too many of them."""

import logging
import threading
import time

PERIOD_S = 60
MAX_LINES = 20
"""In each period."""


class SparingLog:
    """Warnings of `logger`. What is left out of a period is counted, and told at the beginning of the next one."""

    def __init__(self, logger: logging.Logger, *, clock=time.monotonic):
        self._logger = logger
        self._clock = clock
        self._lock = threading.Lock()
        self._began = clock()
        self._written: set[str] = set()
        self._left_out = 0

    def warning(self, line: str) -> None:
        """Write the line, unless it was written in this period, or MAX_LINES others were. Any thread may call."""
        with self._lock:
            left_out = self._begin_period()
            if is_new := line not in self._written and len(self._written) < MAX_LINES:
                self._written.add(line)
            else:
                self._left_out += 1
        if left_out:
            self._logger.warning("%d more requests were refused.", left_out)
        if is_new:
            self._logger.warning("%s", line)

    def _begin_period(self) -> int:
        """How many lines the last period left out, if a new one begins now."""
        if self._clock() - self._began < PERIOD_S:
            return 0
        left_out, self._left_out = self._left_out, 0
        self._began = self._clock()
        self._written.clear()
        return left_out
