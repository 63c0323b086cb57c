"""Stores when people were last connected, for the list of people in the admin: a few statements a minute."""

import asyncio
import logging
from datetime import datetime

from django.utils import timezone

from chat.domain import activity

from . import database

logger = logging.getLogger(__name__)

WRITE_EVERY_S = 60.0
ALL_EVERY = 10
"""Every tenth time also those who are connected: what a killed worker knew is at most ten minutes old."""
LIMIT = 20_000


class LastSeen:
    """The people who have left this worker since the last write."""

    def __init__(self, hub):
        self._hub = hub
        self._left: dict[int, datetime] = {}

    def note_left(self, user_id: int | None) -> None:
        """A connection has ended."""
        if user_id is not None and len(self._left) < LIMIT:
            self._left[user_id] = timezone.now()

    async def run(self) -> None:
        """Write every WRITE_EVERY_S seconds, as long as the hub exists."""
        number = 0
        while True:
            await asyncio.sleep(WRITE_EVERY_S)
            number += 1
            await self.write(also_connected=number % ALL_EVERY == 0)

    async def write(self, *, also_connected: bool = False) -> None:
        """Store what has been noted."""
        seen, self._left = self._left, {}
        if also_connected:
            now = timezone.now()
            seen |= dict.fromkeys(list(self._hub.roster.people)[:LIMIT], now)
        if not seen:
            return
        try:
            await database.write(activity.note_seen, seen)
        except database.UNAVAILABLE:
            # It is a column of a list: the next time these people come, it is right again.
            return
        except Exception:
            logger.exception("When people were last seen could not be stored.")
