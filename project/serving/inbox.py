"""What waits for the application of one socket."""

import asyncio


class Inbox(asyncio.Queue):
    """A queue that stops reading from its socket while it is long, and lets it go on at half of that.

    It is long with `max_waiting` messages, or with as many bytes as the largest message may have; `size` is in bytes.
    """

    def __init__(self, socket):
        super().__init__()
        self.size = 0
        self._socket = socket
        self._limit = socket.limits.max_waiting
        self._size_limit = socket.service.websocket_max_message_size

    def _put(self, item) -> None:
        super()._put(item)
        self.size += _size(item)
        if len(self._queue) > self._limit or self.size > self._size_limit:
            self._socket.hold(self._socket.HELD_BY_INBOX)

    def _get(self):
        item = super()._get()
        self.size -= _size(item)
        if len(self._queue) <= self._limit // 2 and self.size <= self._size_limit // 2:
            self._socket.release(self._socket.HELD_BY_INBOX)
        self._socket.note_taken()
        return item


def _size(item: dict) -> int:
    """The bytes of a message's payload; for text, its characters, which are no more."""
    return len(item.get("text") or item.get("bytes") or ())
