"""A whole client of the protocol for tests: it reconnects, keeps copies of rooms, and has an outbox."""

import asyncio
import contextlib
import uuid
from collections import deque
from collections.abc import Callable

from websockets.exceptions import ConnectionClosed

from chat.management.speaker import TRY_AGAIN, Speaker
from chat.management.wire import CommandRefused, Wire
from chat.tests.room_copy import RoomCopy

PATIENCE_S = 60
REMEMBERED_FRAMES = 2000


class Client(Speaker):
    """A person at a page: `async with Client(url, session, rooms=["lobby"]) as alice:`.

    `copies` holds a `RoomCopy` of each watched room by its slug, `frames` the last frames heard, `welcome` the newest
    of its kind. Faults that the server made are collected in `faults`.
    """

    def __init__(self, url: str, session: str = "", rooms=(), *, patience: float = PATIENCE_S, **options):
        super().__init__(url, session, patience=patience, **options)
        self.copies = {slug: RoomCopy(slug) for slug in rooms}
        self.frames: deque[dict] = deque(maxlen=REMEMBERED_FRAMES)
        self.welcome: dict = {}
        self._bye: dict | None = None
        self._news = asyncio.Event()
        self._turn = asyncio.Lock()
        self._mending: set[asyncio.Task] = set()
        self._staying: asyncio.Task | None = None

    async def __aenter__(self):
        await self.connected()
        self._staying = asyncio.create_task(self._stay())
        await self.until(lambda: self.welcome, "a welcome")
        return self

    async def __aexit__(self, *_):
        for task in [self._staying, *self._mending]:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self.close()

    @property
    def faults(self) -> list[str]:
        """What the server sent that no server may."""
        return [f"{copy.slug}: {fault}" for copy in self.copies.values() for fault in copy.faults]

    async def ask(self, type: str, **fields) -> dict:
        """Send a command once, on the socket that stands; see `Wire.ask`."""
        return await (await self.connected()).ask(type, **fields)

    async def say(self, room: str, body: str, **fields) -> dict:
        """Post through the outbox: in order, and as often as it takes. Returns the message as stored."""
        client_id = str(uuid.uuid4())
        async with self._turn:
            return (await self.insist("post", room=room, client_id=client_id, body=body, **fields))["message"]

    async def watch(self, room: str) -> RoomCopy:
        """Open one more room and keep a copy of it."""
        copy = self.copies.setdefault(room, RoomCopy(room))
        await self.insist("open", room=room, **copy.since())
        return copy

    async def unwatch(self, room: str) -> None:
        """Close a room and drop its copy."""
        self.copies.pop(room, None)
        await self.insist("close", room=room)

    async def load_all(self, room: str) -> RoomCopy:
        """Fetch the older pages of a room until its copy is complete."""
        copy = self.copies[room]
        while copy.more:
            await self.insist("history", room=room, before=copy.oldest, limit=100)
        return copy

    async def until(self, condition: Callable, what: str = "", timeout: float = 30):
        """Wait until `condition()` is true after some frame, and return its value; `TimeoutError` names `what`."""
        try:
            async with asyncio.timeout(timeout):
                while not (result := condition()):
                    self._news.clear()
                    await self._news.wait()
                return result
        except TimeoutError:
            raise TimeoutError(f"still waiting for {what or condition}; last heard: {list(self.frames)[-5:]}") from None

    async def hears(self, type: str, room: str | None = None, timeout: float = 30, **fields) -> dict:
        """Wait for a frame (or find one already heard) of this type, room and with these fields; return it."""
        fields |= {"type": type} | ({"room": room} if room else {})

        def found():
            return next((f for f in self.frames if all(f.get(k) == v for k, v in fields.items())), None)

        return await self.until(found, f"a frame with {fields}", timeout)

    def heard(self, frame: dict) -> None:
        """Take a frame, in the order of the wire: into the copy that it is about."""
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
        self._news.set()

    def advanced(self, copy: RoomCopy, before: int | None) -> None:
        """A copy moved on from version `before`. For a subclass that measures."""

    async def _arrive(self) -> Wire:
        for copy in self.copies.values():
            copy.asked = True
        return await super()._arrive()

    async def arrived(self, wire: Wire) -> None:
        """Open what is watched, since where each copy stands."""
        for copy in list(self.copies.values()):
            await self._open(wire, copy)

    def _take(self, copy: RoomCopy, frame: dict) -> None:
        if frame["type"] != "reply":
            copy.apply(frame)
        elif "upto" in frame:
            copy.opened(frame)
        elif "messages" in frame:
            copy.older(frame)
        if copy.version is not None and copy.behind and not self._mending:
            task = asyncio.create_task(self._mend())
            self._mending.add(task)
            task.add_done_callback(self._mending.discard)

    async def _mend(self) -> None:
        """Close holes that the server left open."""
        with contextlib.suppress(ConnectionClosed, TimeoutError):
            while behind := [copy for copy in self.copies.values() if copy.behind]:
                await self._open(await self.connected(), behind[0])

    async def _open(self, wire: Wire, copy: RoomCopy) -> None:
        copy.asked = True
        try:
            await wire.ask("open", room=copy.slug, **copy.since())
        except CommandRefused as refused:
            if refused.code not in TRY_AGAIN:
                raise
            await asyncio.sleep(refused.retry_after or 0.5)
            await self._open(wire, copy)

    async def _stay(self) -> None:
        while True:
            wire = await self.connected()
            await wire.closed()
            if self._bye:
                delay, self._bye = self._bye["retry_after"], None
                await asyncio.sleep(delay)
