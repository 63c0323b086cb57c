"""Answers what other threads of this process ask about connections: `chat.domain.connections`."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from chat.domain.connections import LostWorker

logger = logging.getLogger(__name__)

ANSWER_TIMEOUT_S = 1.5
"""How long a page waits for the event loop."""


class HubSource:
    """Answers questions about connections on the hub's event loop, for the threads that make pages."""

    def __init__(self, hub):
        self._hub = hub

    def people_in(self, rooms: list[str]) -> dict[str, int]:
        """How many people have each of these rooms open, on all workers."""
        return self._ask(self._people_in(rooms), {})

    def sockets_of(self, users: list[int]) -> dict[int, int]:
        """How many connections each of these users has, to all workers that answer."""
        return self._ask(self._sockets_of(users), {})

    def sockets(self) -> int:
        """The number of connections, to all workers that answer."""
        return self._ask(self._sockets(), 0)

    def lost_workers(self) -> list[LostWorker]:
        """Those that ended without saying so."""
        return self._ask(self._call(self._hub.workers.lost), [])

    def layer_answers(self) -> bool:
        """Whether the channel layer worked the last time."""
        return self._hub.relay.answers

    def _ask(self, work: Coroutine, default: Any) -> Any:
        # On the hub's loop: what it holds must not be read while the loop changes it.
        if self._hub.loop.is_closed() or not self._hub.loop.is_running():
            work.close()
            return default
        future = asyncio.run_coroutine_threadsafe(work, self._hub.loop)
        try:
            return future.result(ANSWER_TIMEOUT_S)
        except TimeoutError:
            future.cancel()
            logger.warning("The event loop did not answer a page within %s s.", ANSWER_TIMEOUT_S)
            return default

    async def _call(self, function: Callable) -> Any:
        return function()

    async def _people_in(self, rooms: list[str]) -> dict[str, int]:
        return {room: self._hub.presence.online(room) for room in rooms}

    async def _sockets_of(self, users: list[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for answer in (await self._hub.inquiries.ask("sockets", users)).values():
            for user, count in answer.get("sockets", {}).items():
                found[int(user)] = found.get(int(user), 0) + count
        return found

    async def _sockets(self) -> int:
        answers = await self._hub.inquiries.ask("connections")
        return sum(answer.get("connections", 0) for answer in answers.values())
