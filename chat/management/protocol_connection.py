"""A client connection to a running site: sends commands, and receives replies and events (see docs/protocol.md).

Management commands and tests use it; the site itself does not.
"""

import asyncio
import itertools
import json
from collections.abc import Callable

from django.conf import settings
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from chat.protocol.handshake import RESUME_COOKIE

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
    """No connection: the site is down, or it refused the handshake. The text says which."""


class ProtocolConnection:
    """One WebSocket. `on_frame` is called with each frame (a dict) in the order of arrival, replies included.

    Without `on_frame`, events are not parsed, which saves CPU in a replay.
    """

    def __init__(self, socket: ClientConnection, on_frame: Callable[[dict], None] | None = None):
        self.socket = socket
        self.on_frame = on_frame
        self._refs = itertools.count(1)
        self._waiting: dict[int, asyncio.Future] = {}
        self._welcome: asyncio.Future = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def connect(
        cls, url: str, session: str = "", on_frame=None, *, resume: str | None = None, **options
    ) -> "ProtocolConnection":
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
        return cls(socket, on_frame)

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
                # Mark the exception as retrieved: the connection may have ended during `send`, so nothing awaits it.
                answer.exception()

    async def welcome(self) -> dict:
        """The `welcome` frame. Raises `ConnectionClosed` when the socket ends without one."""
        return await asyncio.shield(self._welcome)

    @property
    def ended(self) -> bool:
        """Whether the connection has ended."""
        return self._reading.done()

    async def closed(self) -> None:
        """Wait until the connection has ended and the last frame was handled. Raises what `on_frame` raised."""
        await asyncio.shield(self._reading)

    async def close(self) -> None:
        """Close the connection with a closing handshake."""
        await self.socket.close()
        await self.closed()

    async def _read(self) -> None:
        try:
            while True:
                text = await self.socket.recv()
                # JSON escapes quotes in the text of a message, so `"ref":` can only be the key.
                if self.on_frame or '"ref":' in text or not self._welcome.done():
                    self._handle(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            await self.socket.close()
            for answer in [self._welcome, *self._waiting.values()]:
                if not answer.done():
                    answer.set_exception(self.socket.protocol.close_exc)
                    answer.exception()  # Mark the exception as retrieved: perhaps nothing awaits it.

    def _handle(self, frame: dict) -> None:
        if frame["type"] == "welcome" and not self._welcome.done():
            self._welcome.set_result(frame)
        if self.on_frame:
            self.on_frame(frame)
        answer = self._waiting.get(frame.get("ref"))
        if answer is None or answer.done():
            return
        if frame["type"] == "error":
            answer.set_exception(CommandRefused(frame))
        else:
            answer.set_result(frame)
