"""Unread counts for those who have a room on their list, but not open; and unread threads whose events were lost."""

import asyncio
import logging
from collections import Counter

from chat.domain import room_lists, thread_log
from chat.protocol import events

from . import database
from .frames import Frame

logger = logging.getLogger(__name__)

GATHER_S = 0.1
"""Changes of a room are collected for this time before its unread messages are counted."""
REST_FACTOR = 4
"""After a count that took t seconds, there is a pause of t times this: counting uses at most a fifth of a thread."""


class UnreadCounter:
    """Counts, with one query for each room, what members who do not watch it have not read, and sends it to them.

    A verb tells people itself which followed threads have unread replies (the event `follow`). If such an event may be
    lost, the unread threads of the room are read for all its members here.
    """

    def __init__(self, hub):
        self._hub = hub
        self._rooms: dict[str, int] = {}
        self._threads: dict[str, int] = {}
        # Rooms with a change that is not of a silent message.
        self._notified: set[str] = set()
        self._wake = asyncio.Event()

    def note(self, slug: str, room_id: int, is_silent: bool = False) -> None:
        """A room has a durable change: count it soon. `is_silent`: it is that of a silent message."""
        if not is_silent:
            self._notified.add(slug)
        self._rooms[slug] = room_id
        self._wake.set()

    def note_lost(self, slug: str, room_id: int) -> None:
        """Events of a room were lost: read the unread threads of its members soon."""
        self._threads[slug] = room_id
        self._wake.set()

    @property
    def waiting(self) -> int:
        """How many rooms wait to be counted."""
        return len(self._rooms) + len(self._threads)

    async def run(self) -> None:
        """Count and send, as long as the hub exists."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_S)
            self._wake.clear()
            rooms, self._rooms = self._rooms, {}
            threads, self._threads = self._threads, {}
            began = self._hub.loop.time()
            for send, noted in ((self._send_counts, rooms), (self._send_threads, threads)):
                for slug, room_id in noted.items():
                    try:
                        await send(slug, room_id)
                    except Exception:
                        logger.exception("Unread messages of a room could not be counted.")
            await asyncio.sleep((self._hub.loop.time() - began) * REST_FACTOR)

    async def _send_counts(self, slug: str, room_id: int) -> None:
        users = self._members_not_watching(slug)
        if not users:
            self._notified.discard(slug)
            return
        is_silent = slug not in self._notified
        self._notified.discard(slug)
        try:
            counts = await database.read(room_lists.unread_counts, room_id, users)
        except database.UNAVAILABLE:
            self.note(slug, room_id, is_silent)
            await asyncio.sleep(1)
            return
        for user, unread, mentions, hidden, active_at in counts:
            counted = {"unread": unread, "mentions": mentions, "hidden": hidden, "active_at": active_at}
            event = events.Unread(room=slug, **counted, silent=is_silent)
            frame = Frame(event.encode())
            for connection in self._connections_not_watching(user, slug):
                connection.send(frame)

    async def _send_threads(self, slug: str, room_id: int) -> None:
        users = list(self._hub.roster.members.get(slug, ()))
        if not users:
            return
        try:
            unread = await database.read(thread_log.unread_roots, room_id, users)
        except database.UNAVAILABLE:
            self.note_lost(slug, room_id)
            await asyncio.sleep(1)
            return
        for user, threads in unread.items():
            frame = Frame(events.UnreadThreads(room=slug, threads=threads).encode())
            for connection in self._hub.roster.of_person(user):
                connection.send(frame)

    def _members_not_watching(self, slug: str) -> list[int]:
        """The people who have this room on their list, and a connection that does not watch it."""
        roster = self._hub.roster
        watching = Counter(connection.user_id for connection in self._hub.watches.get(slug, ()))
        return [user for user in roster.members.get(slug, ()) if len(roster.people[user]) > watching[user]]

    def _connections_not_watching(self, user: int, slug: str):
        return (connection for connection in self._hub.roster.people.get(user, ()) if slug not in connection.watching)
