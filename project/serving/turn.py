"""What is gathered within one turn of the event loop."""

import asyncio


class Turn:
    """The sockets for which `write_soon` collects frames in this turn of the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop):
        self._loop = loop
        self._sockets: list = []

    def add(self, socket) -> None:
        """Flush `socket` when the callbacks that are due now have run."""
        if not self._sockets:
            self._loop.call_soon(self._flush)
        self._sockets.append(socket)

    def _flush(self) -> None:
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            socket.flush()
