"""A socket to a running site, from a program: commands out, answers and events in.

What it says is PROTOCOL in docs/protocol.md. Commands and tests talk through it; the site itself does not need it.
"""

import asyncio
import itertools
import json
from collections.abc import Callable

from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from chat.events.nouns import RESUME_COOKIE

ANSWER_S = 30


class CommandRefused(Exception):
    """The site answered a command with an `error` frame; its fields are the attributes."""

    def __init__(self, frame: dict):
        self.code: str = frame["code"]
        self.detail: str = frame["detail"]
        self.field: str | None = frame.get("field")
        self.retry_after: float | None = frame.get("retry_after")
        super().__init__(f"{self.code}: {self.detail}")


class Unreachable(ConnectionError):
    """No socket: the site is down, or it refused the handshake. The text says which."""


class Wire:
    """One WebSocket. `heard` is called with every frame (a dict) as it comes, answers included: their order counts.

    Without `heard`, events are not even decoded: a person of a replay only speaks.
    """

    def __init__(self, socket: ClientConnection, heard: Callable[[dict], None] | None = None):
        self.socket = socket
        self.heard = heard
        self._refs = itertools.count(1)
        self._waiting: dict[int, asyncio.Future] = {}
        self._welcome: asyncio.Future = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, url: str, session: str = "", heard=None, *, resume: str | None = None, **options) -> "Wire":
        """Open a socket at `url`, as the person of the `session` key or, without one, as a guest: the one of the
        `resume` token of an earlier welcome, or a new one.

        `options` go to `websockets.connect`. Raises `Unreachable`.
        """
        cookies = {settings.SESSION_COOKIE_NAME: session or None, RESUME_COOKIE: resume}
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items() if value is not None)}
        options = {"proxy": None, "compression": None, "subprotocols": ["chat"], "max_size": None} | options
        try:
            socket = await connect(url, additional_headers=headers if headers["Cookie"] else None, **options)
        except (OSError, TimeoutError, InvalidHandshake, ConnectionClosed) as error:
            raise Unreachable(f"{url}: {error or type(error).__name__}") from error
        return cls(socket, heard)

    async def ask(self, type: str, *, timeout: float = ANSWER_S, **fields) -> dict:
        """Send a command and return its `reply` frame.

        Raises `CommandRefused` for an `error` frame, `ConnectionClosed` when the socket ends first (the outcome is
        unknown then) and `TimeoutError` after `timeout` seconds.
        """
        ref = next(self._refs)
        answer = self._waiting[ref] = asyncio.get_running_loop().create_future()
        try:
            await self.socket.send(json.dumps({"type": type, "ref": ref, **fields}))
            if self.ended:
                raise self.socket.protocol.close_exc
            return await asyncio.wait_for(answer, timeout)
        finally:
            del self._waiting[ref]
            if answer.done() and not answer.cancelled():
                answer.exception()  # Looked at: the socket may have ended while we were still sending.

    async def welcome(self) -> dict:
        """The `welcome` frame. Raises `ConnectionClosed` when the socket ends without one."""
        return await asyncio.shield(self._welcome)

    @property
    def ended(self) -> bool:
        """Whether the socket is gone."""
        return self._reading.done()

    async def closed(self) -> None:
        """Wait until the socket has ended and the last frame was handed on. Raises what `heard` raised."""
        await asyncio.shield(self._reading)

    async def close(self) -> None:
        """End the socket in good order."""
        await self.socket.close()
        await self.closed()

    async def _read(self) -> None:
        try:
            while True:
                text = await self.socket.recv()
                # Quotes inside a message's text are escaped in JSON, so this finds the key only.
                if self.heard or '"ref":' in text or not self._welcome.done():
                    self._take(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            await self.socket.close()
            for answer in [self._welcome, *self._waiting.values()]:
                if not answer.done():
                    answer.set_exception(self.socket.protocol.close_exc)
                    answer.exception()  # Looked at: perhaps nobody waits for it.

    def _take(self, frame: dict) -> None:
        if frame["type"] == "welcome" and not self._welcome.done():
            self._welcome.set_result(frame)
        if self.heard:
            self.heard(frame)
        answer = self._waiting.get(frame.get("ref"))
        if answer is None or answer.done():
            return
        if frame["type"] == "error":
            answer.set_exception(CommandRefused(frame))
        else:
            answer.set_result(frame)
