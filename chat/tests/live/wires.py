"""Sockets without a server, and a hub that hears what the test lets it hear."""

import asyncio
import json
from collections.abc import Callable

from websockets.protocol import Protocol, Side

from chat.live import commands, database
from chat.live.connection import EXTENSION, Connection
from chat.live.hub import Hub
from chat.tests.room_copy import RoomCopy
from chat.tests.talk import say

PATIENCE_S = 20


class Wire:
    """The server's socket, as the application sees it: what is written to it is parsed as a client would."""

    def __init__(self):
        self.writes = 0
        self.code: int | None = None
        self.drains = False
        self._frames: list[dict] = []
        self._client = Protocol(Side.CLIENT, max_size=None)

    def write(self, data: bytes) -> None:
        """Take complete frames; nothing any more once closed."""
        if self.code is None:
            self.writes += 1
            self._client.receive_data(data)

    def close(self, code: int, reason: str = "") -> None:
        """Note the code."""
        self.code = self.code or code

    @property
    def frames(self) -> list[dict]:
        """All that was written."""
        self._frames += [json.loads(frame.data) for frame in self._client.events_received()]
        return self._frames

    def of(self, *types: str) -> list[dict]:
        """The frames of these types."""
        return [frame for frame in self.frames if frame["type"] in types]


def connect(hub: Hub, person, *, rooms=(), session_key: str | None = None) -> Connection:
    """A socket of `person`, known to the hub, with `rooms` (of `timeline.rooms_of`) on their list."""
    connection = Connection({"extensions": {EXTENSION: Wire()}}, None)
    connection.identify(person, session_key, getattr(person, "password", ""))
    hub.add(connection, rooms)
    return connection


async def open_room(hub: Hub, connection: Connection, slug: str, **since) -> RoomCopy:
    """Send `open`, and return a copy made of the answer."""
    await commands.Open(room=slug, **since).run(connection, hub)
    copy = RoomCopy(slug)
    copy.opened(connection.wire.of("reply")[-1])
    return copy


async def post(room, author, body: str = "Ahoy"):
    """Say something, on a thread as a socket's command does."""
    return await database.write(say, room, author, body)


async def until(condition: Callable, what: str = "") -> object:
    """Let the loop run until `condition()` is true, and return its value."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not (value := condition()):
                await asyncio.sleep(0.005)
            return value
    except TimeoutError:
        raise AssertionError(f"It did not come to pass: {what or condition}") from None


async def settle() -> None:
    """Let everything that was begun on this loop go as far as it can without waiting for anything."""
    for _ in range(10):
        await asyncio.sleep(0)


def texts(wire: Wire) -> list[str]:
    """What a watcher was told was said, in the order it came."""
    said = []
    for frame in wire.of("message", "changes"):
        said += [message["text"] for message in frame.get("messages", [frame.get("message")])]
    return said
