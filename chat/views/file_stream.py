"""Sends a part of a file in pieces: read by threads of its own, and stopped when its reader may no longer see it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from time import monotonic
from typing import BinaryIO

from django.db import close_old_connections

PIECE_BYTES = 256 * 1024
CHECK_EVERY_S = 0.5
THREADS = 4
"""Reading a piece takes less than a millisecond, unless the disk is busy."""


class NoLongerAllowed(Exception):
    """The reader may no longer see the file."""


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, thread_name_prefix="files")


class FileStream:
    """`length` bytes of `file` from its present position. `is_allowed` is asked every CHECK_EVERY_S seconds."""

    def __init__(self, file: BinaryIO, length: int, is_allowed: Callable[[], bool]):
        self._file = file
        self._left = length
        self._is_allowed = is_allowed
        self._checked_at = monotonic()

    def __iter__(self) -> Iterator[bytes]:
        """The pieces, for WSGI."""
        while piece := self.read():
            yield piece

    def read(self) -> bytes:
        """The next piece; b"" at the end. Raises NoLongerAllowed."""
        if monotonic() - self._checked_at >= CHECK_EVERY_S:
            self._check()
        piece = self._file.read(min(PIECE_BYTES, self._left))
        self._left -= len(piece)
        return piece

    def close(self) -> None:
        """Close the file. Django calls it at the end of the response."""
        self._file.close()

    def _check(self) -> None:
        close_old_connections()
        try:
            if not self._is_allowed():
                raise NoLongerAllowed
        finally:
            close_old_connections()
        self._checked_at = monotonic()


class AsyncFileStream:
    """The same for ASGI: a piece is read on a thread when the one before it was sent."""

    def __init__(self, stream: FileStream):
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        loop = asyncio.get_running_loop()
        try:
            while piece := await loop.run_in_executor(_threads(), self._stream.read):
                yield piece
        except NoLongerAllowed:
            # Django takes it for a reader who left, and sends no end: the server then closes the connection, so that
            # the client knows that something is missing.
            raise asyncio.CancelledError from None
        finally:
            # Django does not close the response when the client left.
            self.close()

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
