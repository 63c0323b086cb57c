"""A client that is removed from a private room and added again, repeatedly."""

import asyncio
import time
from dataclasses import dataclass

from chat.management.protocol_connection import CommandRefused, ProtocolConnection
from chat.tests.client import Client
from chat.tests.room_copy import RoomCopy


@dataclass(slots=True)
class Removal:
    """A user was removed from the room at this version. `ended_at`: the time (monotonic) just before they were added
    again."""

    user: int
    version: int
    ended_at: float = float("inf")


class RemovedMember(Client):
    """One client, a member of the private room. `versions`: (time, version) of each received message."""

    def __init__(self, url: str, part: dict):
        options = {"open_timeout": 5, "close_timeout": 1, "ping_interval": None}
        super().__init__(url, part["session"], part["rooms"], patience=180, **options)
        self.user = part["user"]
        self.versions: list[tuple[float, int]] = []
        self._opening: set[asyncio.Task] = set()

    def on_frame(self, frame: dict) -> None:
        """Handle a frame: note versions; drop the copy of a removed room, and start one for an added room."""
        for message in [*frame.get("messages", ()), *([frame["message"]] if "message" in frame else [])]:
            self.versions.append((time.monotonic(), message["version"]))
        match frame:
            case {"type": "welcome", "rooms": rooms}:
                # The client opens it with its other rooms after the welcome.
                for state in rooms:
                    self.copies.setdefault(state["slug"], RoomCopy(state["slug"]))
            case {"type": "room_removed", "room": slug}:
                self.copies.pop(slug, None)
            case {"type": "room_added", "room": slug} if slug not in self.copies:
                self.copies[slug] = RoomCopy(slug)
                task = asyncio.create_task(self._repair())
                self._opening.add(task)
                task.add_done_callback(self._opening.discard)
        super().on_frame(frame)

    def leaks(self, removals: list[Removal]) -> list[str]:
        """Messages that this user received although they were posted between a removal and its end."""
        mine = [removal for removal in removals if removal.user == self.user]
        return [
            f"user {self.user}, removed at version {removal.version}, received version {version}"
            for removal in mine
            for at, version in self.versions
            if version > removal.version and at < removal.ended_at
        ]

    async def _open(self, wire: ProtocolConnection, copy: RoomCopy) -> None:
        try:
            await super()._open(wire, copy)
        except CommandRefused as refused:
            if refused.code != "not_found":
                raise
            if self.copies.get(copy.slug) is copy:
                del self.copies[copy.slug]
