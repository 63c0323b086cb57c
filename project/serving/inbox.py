"""What waits for the application of one socket."""

import asyncio


class Inbox(asyncio.Queue):
    """A queue that stops reading from its socket while it is long, and lets it go on at half of that."""

    def __init__(self, socket):
        super().__init__()
        self._socket = socket
        self._limit = socket.service.limits.max_waiting

    def _put(self, item) -> None:
        super()._put(item)
        if len(self._queue) > self._limit:
            self._socket.hold(self._socket.HELD_BY_INBOX)

    def _get(self):
        item = super()._get()
        if len(self._queue) <= self._limit // 2:
            self._socket.release(self._socket.HELD_BY_INBOX)
        return item
