"""Database work of connections, on a small pool of threads.

`database_sync_to_async` would use one thread for all connections of a process (asgiref's thread-sensitive mode).
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
"""What Django and the pool raise if the database does not answer. The outcome of the work is unknown."""


@cache
def _readers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(settings.LIVE_THREADS, thread_name_prefix="live")


@cache
def _writers() -> ThreadPoolExecutor:
    # SQLite has one writer at a time. The queue of the pool is fair; waiting for the lock of SQLite is not.
    if connection.vendor == "sqlite":
        return ThreadPoolExecutor(1, thread_name_prefix="live-write")
    return _readers()


async def read(work: Callable[..., R], *args, **kwargs) -> R:
    """Run `work` on a thread and return its result. For work that only reads."""
    return await _run(_readers(), work, args, kwargs)


async def write(work: Callable[..., R], *args, **kwargs) -> R:
    """Run `work` on a thread and return its result. For work that writes."""
    return await _run(_writers(), work, args, kwargs)


async def _run(pool: ThreadPoolExecutor, work, args, kwargs):
    # In the caller's context, so that log lines of the thread name the same connection.
    run = copy_context().run
    return await asyncio.get_running_loop().run_in_executor(pool, run, _with_connection, work, args, kwargs)


def waiting() -> int:
    """How many calls wait for a thread."""
    return sum(pool._work_queue.qsize() for pool in {_readers(), _writers()})


def call_when_done(loop: asyncio.AbstractEventLoop, call: Callable, *args) -> None:
    """Call `call` on `loop`: at once, or at the end of the work if this is a thread of the pool.

    If it was called earlier, the loop would write to a thousand sockets while this thread still works, and each of
    those system calls passes the interpreter's lock to the thread and back.
    """
    deferred = getattr(_thread, "deferred", None)
    if deferred is None:
        loop.call_soon_threadsafe(call, *args)
    else:
        deferred.append((loop, call, args))


def _with_connection(work, args, kwargs):
    # On PostgreSQL this returns the connection to the pool; on SQLite it stays with the thread.
    close_old_connections()
    _thread.deferred = []
    try:
        return work(*args, **kwargs)
    except OperationalError as error:
        _log_storage_fault(error)
        raise
    except InternalError as error:
        # This process was stopped within a transaction, for longer than the database keeps the lock of the room.
        if isinstance(error.__cause__, IdleInTransactionSessionTimeout):
            raise OperationalError(*error.args) from error
        raise
    finally:
        deferred, _thread.deferred = _thread.deferred, None
        close_old_connections()
        for loop, call, arguments in deferred:
            loop.call_soon_threadsafe(call, *arguments)


def _log_storage_fault(error: OperationalError) -> None:
    """Log that the disk is full or broken, once a minute: people only see that they should try again."""
    global _logged_at
    cause = error.__cause__
    # The low byte is the kind of error; the higher bytes are details.
    code = (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF
    if code not in _STORAGE_CODES and not isinstance(cause, DiskFull):
        return
    now = time.monotonic()
    if now - _logged_at >= STORAGE_LOG_EVERY_S:
        _logged_at = now
        logger.error("The database cannot store anything: %s", error)
