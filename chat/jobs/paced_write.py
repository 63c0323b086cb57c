"""Pauses between the writes of the queue on SQLite, which has one writer at a time: other writers come first."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from django.db import connection

MIN_PAUSE_S = 0.01
PAUSE_FACTOR = 3

_lock = threading.Lock()


@contextmanager
def paced_write() -> Iterator[None]:
    """Context manager around a short transaction of the queue. On SQLite: one at a time in this process, and after it a
    pause that is longer than it was.

    Whoever waits for the lock of SQLite asks for it again after 1, 2, 5, 10 … ms, and is in no queue. Two threads that
    write without a pause kept posts waiting for up to 0.9 s.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with _lock:
        began = monotonic()
        try:
            yield
        finally:
            sleep(max(MIN_PAUSE_S, PAUSE_FACTOR * (monotonic() - began)))
