"""Hints that may be asked for often: at most one in a while for each room, and one more at its end if others came."""

import asyncio
from collections.abc import Callable

from chat.dispatch.envelope import Envelope

PAUSE_S = 2.0
"""Between two hints of one room."""


class PacedHints:
    """Passes the first hint of a room on at once. Those that come within PAUSE_S become one at its end."""

    def __init__(self, loop: asyncio.AbstractEventLoop, deliver: Callable[[Envelope], None]):
        self._loop = loop
        self._deliver = deliver
        self._waiting: dict[str, Envelope | None] = {}

    def offer(self, envelope: Envelope) -> None:
        """Deliver a hint, now or later."""
        if envelope.room in self._waiting:
            self._waiting[envelope.room] = envelope
            return
        self._waiting[envelope.room] = None
        self._loop.call_later(PAUSE_S, self._rested, envelope.room)
        self._deliver(envelope)

    def _rested(self, room: str) -> None:
        latest = self._waiting.pop(room)
        if latest is not None:
            self.offer(latest)
