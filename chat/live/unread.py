"""Counts for those who have a room on their list and not open."""

import asyncio
import logging
from collections import Counter

from chat.domain import lists
from chat.events import shapes

from . import database
from .frames import Frame

logger = logging.getLogger(__name__)

GATHER_S = 0.1
"""News of a room are gathered this long before its unread messages are counted."""
REST_FACTOR = 4
"""A count that took t seconds is followed by a rest of t times this: it never takes more than a fifth of a thread."""


class UnreadCounter:
    """Counts, by one query a room, what those here who do not watch it have not read, and tells them."""

    def __init__(self, hub):
        self._hub = hub
        self._rooms: dict[str, int] = {}
        self._wake = asyncio.Event()

    def note(self, slug: str, room_id: int) -> None:
        """Something durable happened in a room."""
        self._rooms[slug] = room_id
        self._wake.set()

    @property
    def waiting(self) -> int:
        """How many rooms wait to be counted."""
        return len(self._rooms)

    async def run(self) -> None:
        """Count and tell, as long as the hub lives."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_S)
            self._wake.clear()
            rooms, self._rooms = self._rooms, {}
            began = self._hub.loop.time()
            for slug, room_id in rooms.items():
                try:
                    await self._tell(slug, room_id)
                except Exception:
                    logger.exception("What is unread in a room could not be counted.")
            await asyncio.sleep((self._hub.loop.time() - began) * REST_FACTOR)

    async def _tell(self, slug: str, room_id: int) -> None:
        users = self._who_are_away(slug)
        if not users:
            return
        try:
            counts = await database.read(lists.unread_counts, room_id, users)
        except database.UNAVAILABLE:
            self.note(slug, room_id)
            await asyncio.sleep(1)
            return
        for user, unread, mentions in counts:
            frame = Frame(shapes.Unread(room=slug, unread=unread, mentions=mentions).encode())
            for connection in self._away(user, slug):
                connection.send(frame)

    def _who_are_away(self, slug: str) -> list[int]:
        """The people with this room on their list and more sockets than watch it."""
        roster = self._hub.roster
        watching = Counter(connection.user_id for connection in self._hub.watches.get(slug, ()))
        return [user for user in roster.members.get(slug, ()) if len(roster.people[user]) > watching[user]]

    def _away(self, user: int, slug: str):
        return (connection for connection in self._hub.roster.people.get(user, ()) if slug not in connection.watching)
