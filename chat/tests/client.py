"""A complete client of the protocol, for tests: it reconnects, keeps copies of rooms, and has an outbox."""

import asyncio
import contextlib
import uuid
from collections import deque
from collections.abc import Callable

from websockets.exceptions import ConnectionClosed

from chat.management.protocol_connection import CommandRefused, ProtocolConnection
from chat.management.reconnecting_client import RETRYABLE_CODES, ReconnectingClient
from chat.tests.room_copy import RoomCopy

PATIENCE_S = 90
REMEMBERED_FRAMES = 2000


class Client(ReconnectingClient):
    """A person at a page: `async with Client(url, session, rooms=["lobby"]) as alice:`.

    `copies` holds a `RoomCopy` of each watched room by its slug, `frames` the frames received last, `welcome` the
    newest welcome. `faults` lists frames that a correct server would not send.
    """

    def __init__(self, url: str, session: str = "", rooms=(), *, patience: float = PATIENCE_S, **options):
        super().__init__(url, session, patience=patience, **options)
        self.copies = {slug: RoomCopy(slug) for slug in rooms}
        self.frames: deque[dict] = deque(maxlen=REMEMBERED_FRAMES)
        self.welcome: dict = {}
        self._bye: dict | None = None
        self._frame_arrived = asyncio.Event()
        self._post_lock = asyncio.Lock()
        self._repairs: set[asyncio.Task] = set()
        self._reconnecting: asyncio.Task | None = None

    async def __aenter__(self):
        await self.ensure_connected()
        self._reconnecting = asyncio.create_task(self._reconnect())
        await self.until(lambda: self.welcome, "a welcome")
        return self

    async def __aexit__(self, *_):
        for task in [self._reconnecting, *self._repairs]:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.close()

    @property
    def faults(self) -> list[str]:
        """Descriptions of frames that a correct server would not send."""
        return [f"{copy.slug}: {fault}" for copy in self.copies.values() for fault in copy.faults]

    async def ask(self, type: str, **fields) -> dict:
        """Send a command once, on the current connection; see `ProtocolConnection.ask`."""
        return await (await self.ensure_connected()).ask(type, **fields)

    async def post_message(self, room: str, body: str, **fields) -> dict:
        """Post after earlier posts are stored, and repeat until the server has answered. Returns the stored message."""
        client_id = str(uuid.uuid4())
        async with self._post_lock:
            reply = await self.request_until_answered("post", room=room, client_id=client_id, body=body, **fields)
            return reply["message"]

    async def watch(self, room: str) -> RoomCopy:
        """Open one more room and keep a copy of it."""
        copy = self.copies.setdefault(room, RoomCopy(room))
        await self.request_until_answered("open", room=room, **copy.since())
        return copy

    async def unwatch(self, room: str) -> None:
        """Close a room and drop its copy."""
        self.copies.pop(room, None)
        await self.request_until_answered("close", room=room)

    async def load_all(self, room: str) -> RoomCopy:
        """Fetch the older pages of a room until its copy is complete."""
        copy = self.copies[room]
        while copy.more:
            await self.request_until_answered("history", room=room, before=copy.oldest, limit=100)
        return copy

    async def until(self, condition: Callable, what: str = "", timeout: float = PATIENCE_S):
        """Wait until `condition()` is true after some frame, and return its value; `TimeoutError` names `what`."""
        try:
            async with asyncio.timeout(timeout):
                while not (result := condition()):
                    self._frame_arrived.clear()
                    await self._frame_arrived.wait()
                return result
        except TimeoutError:
            raise TimeoutError(f"no {what or condition}; last received: {list(self.frames)[-5:]}") from None

    async def wait_for_frame(self, type: str, room: str | None = None, timeout: float = PATIENCE_S, **fields) -> dict:
        """Return a frame of this type and room with these fields: one that was received already, or the next one."""
        fields |= {"type": type} | ({"room": room} if room else {})

        def found():
            return next((f for f in self.frames if all(f.get(k) == v for k, v in fields.items())), None)

        return await self.until(found, f"a frame with {fields}", timeout)

    def on_frame(self, frame: dict) -> None:
        """Apply a frame to the copy of its room. Frames come in the order in which the server sent them."""
        self.frames.append(frame)
        copy = self.copies.get(frame.get("room"))
        if frame["type"] == "welcome":
            self.welcome = frame
        elif frame["type"] == "bye":
            self._bye = frame
        elif copy:
            before = copy.version
            self._take(copy, frame)
            if copy.version != before:
                self.advanced(copy, before)
        self._frame_arrived.set()

    def advanced(self, copy: RoomCopy, before: int | None) -> None:
        """Called when a copy has advanced from version `before`. Subclasses that measure override it."""

    async def _connect_once(self) -> ProtocolConnection:
        for copy in self.copies.values():
            copy.asked = True
        return await super()._connect_once()

    async def on_connected(self, wire: ProtocolConnection) -> None:
        """Open each watched room, since the version of its copy."""
        for copy in list(self.copies.values()):
            await self._open(wire, copy)

    def _take(self, copy: RoomCopy, frame: dict) -> None:
        if frame["type"] != "reply":
            copy.apply(frame)
        elif "upto" in frame:
            copy.opened(frame)
        elif "messages" in frame:
            copy.older(frame)
        if copy.version is not None and copy.behind and not self._repairs:
            task = asyncio.create_task(self._repair())
            self._repairs.add(task)
            task.add_done_callback(self._repairs.discard)

    async def _repair(self) -> None:
        """Open rooms again while versions are missing in their copies."""
        with contextlib.suppress(ConnectionClosed, TimeoutError):
            while behind := [copy for copy in self.copies.values() if copy.behind]:
                await self._open(await self.ensure_connected(), behind[0])

    async def _open(self, wire: ProtocolConnection, copy: RoomCopy) -> None:
        copy.asked = True
        try:
            await wire.ask("open", room=copy.slug, **copy.since())
        except CommandRefused as refused:
            if refused.code not in RETRYABLE_CODES:
                raise
            await asyncio.sleep(refused.retry_after or 0.5)
            await self._open(wire, copy)

    async def _reconnect(self) -> None:
        while True:
            wire = await self.ensure_connected()
            await wire.closed()
            if self._bye:
                delay, self._bye = self._bye["retry_after"], None
                await asyncio.sleep(delay)
