"""The messages of one WebSocket that wait for the application."""

import asyncio


class ReceiveQueue(asyncio.Queue):
    """A queue that pauses reading from its socket while it is long, and resumes it at half of that length.

    It is long with `Limits.max_waiting` messages, or with as many bytes as the largest message may have. `size` is in
    bytes.
    """

    def __init__(self, connection):
        super().__init__()
        self.size = 0
        self._connection = connection
        self._limit = connection.limits.max_waiting
        self._size_limit = connection.service.websocket_max_message_size

    def _put(self, item) -> None:
        super()._put(item)
        self.size += _size(item)
        if len(self._queue) > self._limit or self.size > self._size_limit:
            self._connection.pause_reading(self._connection.PAUSED_BY_QUEUE)

    def _get(self):
        item = super()._get()
        self.size -= _size(item)
        if len(self._queue) <= self._limit // 2 and self.size <= self._size_limit // 2:
            self._connection.resume_reading(self._connection.PAUSED_BY_QUEUE)
        self._connection.message_taken()
        return item


def _size(item: dict) -> int:
    """The payload's length in bytes; for text in characters, which is at most that."""
    return len(item.get("text") or item.get("bytes") or ())
