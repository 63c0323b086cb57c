"""A listener of the storm: someone who is removed from a private room again and again, and let in again."""

import asyncio
import time
from dataclasses import dataclass

from chat.management.wire import CommandRefused, Wire
from chat.tests.client import Client
from chat.tests.room_copy import RoomCopy


@dataclass(slots=True)
class Removal:
    """Someone was removed from the room at this version; `ended_at` (monotonic) is when they were about to be let in
    again."""

    user: int
    version: int
    ended_at: float = float("inf")


class Listener(Client):
    """One client, a member of the one room of its `part`. `versions`: of the messages heard, each with when."""

    def __init__(self, url: str, part: dict):
        options = {"open_timeout": 5, "close_timeout": 1, "ping_interval": None}
        super().__init__(url, part["session"], part["rooms"], patience=180, **options)
        self.user = part["user"]
        self.versions: list[tuple[float, int]] = []
        self._opening: set[asyncio.Task] = set()

    def heard(self, frame: dict) -> None:
        """Take a frame: note what is said, drop the copy of a room that went, begin one of a room that came."""
        for message in [*frame.get("messages", ()), *([frame["message"]] if "message" in frame else [])]:
            self.versions.append((time.monotonic(), message["version"]))
        match frame:
            case {"type": "welcome", "rooms": rooms}:
                # It is opened with the others, once one has arrived.
                for state in rooms:
                    self.copies.setdefault(state["slug"], RoomCopy(state["slug"]))
            case {"type": "room_removed", "room": slug}:
                self.copies.pop(slug, None)
            case {"type": "room_added", "room": slug} if slug not in self.copies:
                self.copies[slug] = RoomCopy(slug)
                task = asyncio.create_task(self._mend())
                self._opening.add(task)
                task.add_done_callback(self._opening.discard)
        super().heard(frame)

    def leaks(self, removals: list[Removal]) -> list[str]:
        """What they heard that was said after a removal of theirs, before they were let in again."""
        mine = [removal for removal in removals if removal.user == self.user]
        return [
            f"user {self.user}, removed at version {removal.version}, heard version {version}"
            for removal in mine
            for at, version in self.versions
            if version > removal.version and at < removal.ended_at
        ]

    async def _open(self, wire: Wire, copy: RoomCopy) -> None:
        try:
            await super()._open(wire, copy)
        except CommandRefused as refused:
            if refused.code != "not_found":
                raise
            if self.copies.get(copy.slug) is copy:
                del self.copies[copy.slug]
