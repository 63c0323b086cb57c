"""Connections without a server, and functions for tests of a hub."""

import asyncio
import json
from collections.abc import Callable

from websockets.protocol import Protocol, Side

from chat.live import database
from chat.live.connection import EXTENSION, Connection
from chat.live.execution import execute
from chat.live.hub import Hub
from chat.protocol import commands
from chat.protocol.events import Welcome
from chat.tests.room_copy import RoomCopy
from chat.tests.talk import post_message

PATIENCE_S = 90


class FakeSocket:
    """Stands for the server's socket: parses the frames that the application writes, as a client would."""

    def __init__(self):
        self.writes = 0
        self.code: int | None = None
        self.drains = False
        self._frames: list[dict] = []
        self._client = Protocol(Side.CLIENT, max_size=None)

    def write(self, data: bytes) -> None:
        """Take complete frames; ignore them after `close`."""
        if self.code is None:
            self.writes += 1
            self._client.receive_data(data)

    def close(self, code: int, reason: str = "") -> None:
        """Keep the code."""
        self.code = self.code or code

    @property
    def frames(self) -> list[dict]:
        """All frames that were written."""
        self._frames += [json.loads(frame.data) for frame in self._client.events_received()]
        return self._frames

    def of(self, *types: str) -> list[dict]:
        """The frames of these types."""
        return [frame for frame in self.frames if frame["type"] in types]


def connect(hub: Hub, person, *, rooms=(), session_key: str | None = None, people_version: int = 0) -> Connection:
    """A connection of `person`, registered with the hub, with `rooms` (of `timeline.rooms_of`) on their list.

    `people_version`: that of their welcome.
    """
    connection = Connection({"extensions": {EXTENSION: FakeSocket()}}, None)
    connection.identify(person, session_key, getattr(person, "password", ""))
    hub.add(connection, Welcome.model_construct(rooms=list(rooms), people_version=people_version))
    return connection


async def open_room(hub: Hub, connection: Connection, slug: str, **since) -> RoomCopy:
    """Execute `open`, and return a copy made of the answer."""
    await execute(commands.Open(room=slug, **since), connection, hub)
    copy = RoomCopy(slug)
    copy.opened(connection.socket.of("reply")[-1])
    return copy


async def post(room, author, body: str = "Ahoy"):
    """Post a message, on a thread of the pool as a command does."""
    return await database.write(post_message, room, author, body)


async def until(condition: Callable, what: str = "") -> object:
    """Let the loop run until `condition()` is true, and return its value."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not (value := condition()):
                await asyncio.sleep(0.005)
            return value
    except TimeoutError:
        raise AssertionError(f"This did not happen: {what or condition}") from None


async def settle() -> None:
    """Let all tasks of this loop run until they wait for something."""
    for _ in range(10):
        await asyncio.sleep(0)


def texts(wire: FakeSocket) -> list[str]:
    """The texts of the messages that a watcher got, in the order in which they came."""
    received_texts = []
    for frame in wire.of("message", "changes"):
        received_texts += [message["text"] for message in frame.get("messages", [frame.get("message")])]
    return received_texts
