"""A client of the protocol that reconnects, and repeats commands until they are answered."""

import asyncio
import random

from websockets.exceptions import ConnectionClosed

from .protocol_connection import ANSWER_S, CommandRefused, ProtocolConnection, Unreachable

FIRST_DELAY_S = 0.1
MAX_DELAY_S = 5
# Error codes after which a command is sent again. All other codes are final.
RETRYABLE_CODES = {"slow_down", "unavailable"}


def backoff_delays():
    """Yield the seconds to wait before each new attempt: exponential backoff with jitter, at most MAX_DELAY_S."""
    delay = FIRST_DELAY_S
    while True:
        yield delay * random.uniform(0.5, 1)
        delay = min(delay * 2, MAX_DELAY_S)


class ReconnectingClient:
    """Connects to `url` as the person of a session, or as one guest, who stays the same after a reconnect.

    When the site was unreachable for `patience` seconds, `Unreachable` is raised. `options` are passed to
    `websockets.connect`.
    """

    def __init__(self, url: str, session: str = "", *, patience: float = 30, **options):
        self.url = url
        self.session = session
        self.patience = patience
        self.options = options
        self.resume: str | None = None
        self.wire: ProtocolConnection | None = None
        self.connections = 0
        self._connecting = asyncio.Lock()

    async def ensure_connected(self) -> ProtocolConnection:
        """Return the open connection; open a new one if there is none."""
        async with self._connecting:
            if self.wire is None or self.wire.ended:
                self.wire = await self._connect()
            return self.wire

    async def request_until_answered(self, type: str, **fields) -> dict:
        """Send a command until its outcome is known: again after a lost connection, `slow_down` and `unavailable`.

        Give a `post` a `client_id`, so that it is stored once. Returns the reply. Raises `CommandRefused` for any other
        error code, and `Unreachable`.
        """
        delays = backoff_delays()
        while True:
            wire = await self.ensure_connected()
            try:
                return await wire.ask(type, **fields)
            except CommandRefused as refused:
                if refused.code not in RETRYABLE_CODES:
                    raise
                self.on_unknown_outcome(type, fields)
                await asyncio.sleep(refused.retry_after or next(delays))
            except (ConnectionClosed, TimeoutError):
                self.on_unknown_outcome(type, fields)
                await wire.close()

    async def close(self) -> None:
        """Close the connection."""
        if self.wire:
            await self.wire.close()

    def on_frame(self, frame: dict) -> None:
        """Handle a frame. Override it to get all frames; otherwise events are not parsed."""

    def on_unknown_outcome(self, type: str, fields: dict) -> None:
        """Called after an attempt of `request_until_answered` whose outcome is unknown, before the next attempt."""

    async def on_connected(self, wire: ProtocolConnection) -> None:
        """Called with a new connection, before other commands are sent on it. May raise what `ask` raises."""

    async def _connect(self) -> ProtocolConnection:
        clock = asyncio.get_running_loop().time
        give_up = clock() + self.patience
        for delay in backoff_delays():
            try:
                return await self._connect_once()
            except (Unreachable, ConnectionClosed, TimeoutError) as error:
                if clock() + delay > give_up:
                    raise Unreachable(str(error)) from error
            await asyncio.sleep(delay)

    async def _connect_once(self) -> ProtocolConnection:
        is_overridden = type(self).on_frame is not ReconnectingClient.on_frame
        on_frame = self.on_frame if is_overridden else None
        wire = await ProtocolConnection.connect(self.url, self.session, on_frame, resume=self.resume, **self.options)
        try:
            async with asyncio.timeout(ANSWER_S):
                # The same guest each time: a `client_id` is unique per sender.
                self.resume = (await wire.welcome())["resume"] or self.resume
            await self.on_connected(wire)
        except BaseException:
            # Close it before a new one is opened: frames of two connections must not mix.
            await wire.close()
            raise
        self.connections += 1
        return wire
