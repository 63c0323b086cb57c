"""Joins the writes of one iteration of the event loop."""

import asyncio


class FlushScheduler:
    """The sockets for which `write_soon` has collected frames in this iteration of the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop = loop
        self._sockets: list = []

    def add(self, socket) -> None:
        """Call `socket.flush()` after the callbacks that are ready now."""
        if not self._sockets:
            self._loop.call_soon(self._flush)
        self._sockets.append(socket)

    def _flush(self) -> None:
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            socket.flush()
