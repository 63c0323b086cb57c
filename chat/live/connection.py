"""One socket, as the hub sees it: who is behind it, what it watches, and a way to write that never waits."""

import asyncio
from collections import deque

from django.conf import settings

from chat.domain import people
from chat.events.shapes import Shape

from .frames import Frame
from .limits import NETWORK_FACTOR, TokenBucket, shared_buckets

EXTENSION = "parley.socket"
"""The server's own socket, offered in the ASGI scope's `extensions`: frames go straight to it."""


PRIVATE_CODES = 3000
"""Added to a close code that a server refuses to send: 4003 stands for 1003."""


class Connection:
    """A person's socket. `wire` is the server's socket when it offers one; else frames go through ASGI `send`."""

    __slots__ = (
        *("person", "user_id", "session_key", "token", "you", "_buckets"),
        *("watching", "closed", "wire", "_outlet"),
    )

    def __init__(self, scope, send):
        self.person = None
        self.user_id: int | None = None
        self.session_key: str | None = None
        self.token = ""
        self.you = None
        self.watching: set[str] = set()
        self.closed = False
        self._buckets: dict[str, TokenBucket] = {}
        self.wire = scope.get("extensions", {}).get(EXTENSION)
        self._outlet = None if self.wire else _Outlet(send)

    def identify(self, person, session_key: str | None, token: str) -> None:
        """Note who is behind the socket; `token` is what of the account a sign-out elsewhere would change."""
        self.person = person
        self.user_id = person.pk
        self.session_key = session_key
        self.token = token
        self.you = people.as_you(person)
        self._buckets = {self.key: shared_buckets.of(self.key)}
        if network := getattr(person, "network", ""):
            self._buckets[network] = shared_buckets.of(network, NETWORK_FACTOR)

    @property
    def key(self) -> str:
        """`u:ID` or `g:KEY`: the same for all sockets of a person."""
        return people.sender_key(self.person)

    def take(self, cost: int) -> float:
        """Take tokens from what this socket shares: with the person's others and, for a guest, with all guests of the
        address. Returns 0.0, or the seconds until there are so many."""
        return max((bucket.take(cost) for bucket in self._buckets.values()), default=0.0)

    def answer(self, shape: Shape) -> None:
        """Write one event that is for this socket alone."""
        self.send(Frame(shape.encode()))

    def send(self, frame: Frame) -> None:
        """Write one frame; it is queued when the socket is slow, and dropped when it is closed."""
        if self.closed:
            return
        if self.wire:
            self.wire.write(frame.wire)
        elif not self._outlet.put({"type": "websocket.send", "text": frame.text}, len(frame.text)):
            self.close(1013)

    def close(self, code: int) -> None:
        """Close the socket after what is queued."""
        if self.closed:
            return
        self.closed = True
        if self.wire:
            self.wire.close(code)
        else:
            self._outlet.put({"type": "websocket.close", "code": code}, 0)

    def gone(self) -> None:
        """The other side is gone: stop writing."""
        self.closed = True
        for key, bucket in self._buckets.items():
            shared_buckets.keep(key, bucket)
        if self._outlet:
            self._outlet.stop()


class _Outlet:
    """Plain ASGI `send` for any other server: a queue, and a task that empties it."""

    def __init__(self, send):
        self._send = send
        self._queue = deque()
        self._waiting = 0
        self._task = None

    def put(self, event: dict, size: int) -> bool:
        """Queue an event; false when more than MAX_UNSENT characters wait already."""
        if self._waiting + size > settings.MAX_UNSENT:
            return False
        self._waiting += size
        self._queue.append((event, size))
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._drain())
        return True

    async def _drain(self) -> None:
        try:
            while self._queue:
                event, size = self._queue.popleft()
                await self._hand_over(event)
                self._waiting -= size
        except Exception:
            # The peer went while we wrote: the consumer hears of it as a disconnect.
            self._queue.clear()
        finally:
            self._task = None

    async def _hand_over(self, event: dict) -> None:
        try:
            await self._send(event)
        except Exception:
            code = event.get("code", 0)
            if not 1000 < code < 3000:
                raise
            # Stock Daphne lets an application close with 1000 and 3000 to 4999 only, and stays open otherwise.
            await self._send({**event, "code": PRIVATE_CODES + code})

    def stop(self) -> None:
        if self._task:
            self._task.cancel()
