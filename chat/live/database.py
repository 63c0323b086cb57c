"""Database work of sockets: threads of our own, few and bounded, several at once.

`database_sync_to_async` would send all sockets of a process through one thread (asgiref's thread-sensitive mode).
"""

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cache
from math import inf
from typing import TypeVar

from django.conf import settings
from django.db import InterfaceError, InternalError, OperationalError, close_old_connections, connection

try:
    from psycopg.errors import DiskFull, IdleInTransactionSessionTimeout
    from psycopg_pool import PoolTimeout
except ImportError:  # SQLite alone
    DiskFull = IdleInTransactionSessionTimeout = PoolTimeout = InterfaceError

R = TypeVar("R")
_thread = threading.local()
logger = logging.getLogger(__name__)

_STORAGE_CODES = {
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_READONLY,
}
STORAGE_LOG_EVERY_S = 60
_logged_at = -inf

UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout)
"""What Django and the pool raise when the database does not answer: the outcome is unknown."""


@cache
def _readers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.LIVE_THREADS, thread_name_prefix="live")


@cache
def _writers() -> ThreadPoolExecutor:
    # SQLite has one writer at a time: waiting in our queue is fair, waiting for its lock is not.
    if connection.vendor == "sqlite":
        return ThreadPoolExecutor(1, thread_name_prefix="live-write")
    return _readers()


async def read(work: Callable[..., R], *args, **kwargs) -> R:
    """Run `work` on a thread and return what it returns; for work that only reads."""
    return await _run(_readers(), work, args, kwargs)


async def write(work: Callable[..., R], *args, **kwargs) -> R:
    """Run `work` on a thread and return what it returns; for work that changes something."""
    return await _run(_writers(), work, args, kwargs)


async def _run(pool: ThreadPoolExecutor, work, args, kwargs):
    # With the caller's context: what the thread logs is said to be of the same socket.
    run = copy_context().run
    return await asyncio.get_running_loop().run_in_executor(pool, run, _with_connection, work, args, kwargs)


def waiting() -> int:
    """How much work waits for a thread."""
    return sum(pool._work_queue.qsize() for pool in {_readers(), _writers()})


def call_when_done(loop: asyncio.AbstractEventLoop, call: Callable, *args) -> None:
    """Call on `loop` what a thread has to tell it: at the end of the work, when this thread is doing a socket's.

    A loop that is told earlier writes to a thousand sockets while this thread still works, and each of those system
    calls hands the interpreter's lock over and back.
    """
    held = getattr(_thread, "held", None)
    if held is None:
        loop.call_soon_threadsafe(call, *args)
    else:
        held.append((loop, call, args))


def _with_connection(work, args, kwargs):
    # On PostgreSQL this gives the connection back to the pool; on SQLite it stays with its thread.
    close_old_connections()
    _thread.held = []
    try:
        return work(*args, **kwargs)
    except OperationalError as error:
        _log_storage_fault(error)
        raise
    except InternalError as error:
        # This process was frozen amid a transaction, for longer than the database keeps the room's lock for it.
        if isinstance(error.__cause__, IdleInTransactionSessionTimeout):
            raise OperationalError(*error.args) from error
        raise
    finally:
        held, _thread.held = _thread.held, None
        close_old_connections()
        for loop, call, arguments in held:
            loop.call_soon_threadsafe(call, *arguments)


def _log_storage_fault(error: OperationalError) -> None:
    """Say in the log, once a minute, that the disk is full or broken: people are only told to try again."""
    global _logged_at
    cause = error.__cause__
    # The low byte is the kind; what is above says where it happened.
    code = (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF
    if code not in _STORAGE_CODES and not isinstance(cause, DiskFull):
        return
    now = time.monotonic()
    if now - _logged_at >= STORAGE_LOG_EVERY_S:
        _logged_at = now
        logger.error("The database cannot store anything: %s", error)
