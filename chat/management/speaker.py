"""A person with a connection that comes back, who insists on an answer to what they say."""

import asyncio
import random

from websockets.exceptions import ConnectionClosed

from .wire import ANSWER_S, CommandRefused, Unreachable, Wire

FIRST_DELAY_S = 0.1
LONGEST_DELAY_S = 5
# The outcome is unknown, or not yet decided: say it again. Every other code is an answer.
TRY_AGAIN = {"slow_down", "unavailable"}


def growing_delays():
    """Yield seconds to wait before the first, second, third … new attempt: growing, jittered, bounded."""
    delay = FIRST_DELAY_S
    while True:
        yield delay * random.uniform(0.5, 1)
        delay = min(delay * 2, LONGEST_DELAY_S)


class Speaker:
    """Speaks at `url` as the person of a session, or as one guest, for as long as it takes.

    `patience` is how many seconds the site may be unreachable before that is raised as `Unreachable`. `options` go to
    `websockets.connect`.
    """

    def __init__(self, url: str, session: str = "", *, patience: float = 30, **options):
        self.url = url
        self.session = session
        self.patience = patience
        self.options = options
        self.resume: str | None = None
        self.wire: Wire | None = None
        self.connections = 0
        self._connecting = asyncio.Lock()

    async def connected(self) -> Wire:
        """Return the socket that stands, making a new one when there is none."""
        async with self._connecting:
            if self.wire is None or self.wire.ended:
                self.wire = await self._connect()
            return self.wire

    async def insist(self, type: str, **fields) -> dict:
        """Send a command until its outcome is certain: again after a broken socket, `slow_down` and `unavailable`.

        A `post` carries its `client_id`, so that it is said once. Returns the reply; raises `CommandRefused` for a
        definite no and `Unreachable`.
        """
        delays = growing_delays()
        while True:
            wire = await self.connected()
            try:
                return await wire.ask(type, **fields)
            except CommandRefused as refused:
                if refused.code not in TRY_AGAIN:
                    raise
                self.doubted(type, fields)
                await asyncio.sleep(refused.retry_after or next(delays))
            except (ConnectionClosed, TimeoutError):
                self.doubted(type, fields)
                await wire.close()

    async def close(self) -> None:
        """Hang up."""
        if self.wire:
            await self.wire.close()

    def heard(self, frame: dict) -> None:
        """Take a frame. A subclass that listens overrides it."""

    def doubted(self, type: str, fields: dict) -> None:
        """Note an attempt of `insist` whose outcome is unknown, before the next one."""

    async def arrived(self, wire: Wire) -> None:
        """What to do on a new socket before anything else is said on it; may raise what `ask` raises."""

    async def _connect(self) -> Wire:
        clock = asyncio.get_running_loop().time
        give_up = clock() + self.patience
        for delay in growing_delays():
            try:
                return await self._arrive()
            except (Unreachable, ConnectionClosed, TimeoutError) as error:
                if clock() + delay > give_up:
                    raise Unreachable(str(error)) from error
            await asyncio.sleep(delay)

    async def _arrive(self) -> Wire:
        listens = type(self).heard is not Speaker.heard
        heard = self.heard if listens else None
        wire = await Wire.connect(self.url, self.session, heard, resume=self.resume, **self.options)
        try:
            async with asyncio.timeout(ANSWER_S):
                # The same guest each time: a `client_id` is unique per sender.
                self.resume = (await wire.welcome())["resume"] or self.resume
            await self.arrived(wire)
        except BaseException:
            # Two sockets must never be heard at once: their frames would mix.
            await wire.close()
            raise
        self.connections += 1
        return wire
