"""A connection of the hub: its person, its watched rooms, and writes that do not block."""

import asyncio
from collections import deque

from django.conf import settings

from chat.domain import people
from chat.protocol.schema import Schema

from .frames import Frame
from .limits import NETWORK_FACTOR, TokenBucket, shared_buckets
from .observation import Observation

EXTENSION = "parley.socket"
"""The key in the ASGI scope's `extensions` under which project.server offers its socket, for direct writes."""

PRIVATE_CODES = 3000
"""Added to a close code that a server refuses to send: it sends 4003 for 1003."""


class Connection:
    """A person's WebSocket connection.

    `socket` is the server's socket if the server offers it; otherwise frames go through ASGI `send`. `observation` is
    set if this person wants to see the connection.
    """

    __slots__ = (
        *("person", "user_id", "session_key", "token", "you", "_buckets"),
        *("watching", "closed", "socket", "observation", "_send_queue"),
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
        self.socket = scope.get("extensions", {}).get(EXTENSION)
        self.observation: Observation | None = None
        self._send_queue = None if self.socket else _SendQueue(send)

    def identify(self, person, session_key: str | None, token: str) -> None:
        """Set the person of this connection. `token`: see `sessions.SocketIdentity`; it changes with the password."""
        self.person = person
        self.user_id = person.pk
        self.session_key = session_key
        self.token = token
        self.you = people.as_you(person)
        self._buckets = {self.key: shared_buckets.get(self.key)}
        if network := getattr(person, "network", ""):
            self._buckets[network] = shared_buckets.get(network, NETWORK_FACTOR)

    def renew(self, person) -> None:
        """Use this instance of the same person from now on: their profile has changed."""
        self.person = person
        self.you = people.as_you(person)

    @property
    def key(self) -> str:
        """`u:ID` or `g:KEY`: the same for all connections of a person."""
        return people.sender_key(self.person)

    def take_tokens(self, cost: int) -> float:
        """Take tokens from the buckets that are shared with the person's other connections and, for a guest, with all
        guests of the same network. Return 0.0, or the seconds until there are enough tokens."""
        return max((bucket.take(cost) for bucket in self._buckets.values()), default=0.0)

    def send_schema(self, schema: Schema) -> None:
        """Encode and send an event or a reply that is for this connection only."""
        self.send(Frame(schema.encode()))

    def send(self, frame: Frame) -> None:
        """Send one frame. A slow socket queues it; a closed one drops it."""
        if self.closed:
            return
        if self.socket:
            self.socket.write(frame.data)
        elif not self._send_queue.put({"type": "websocket.send", "text": frame.text}, len(frame.text)):
            self.close(1013)

    def close(self, code: int) -> None:
        """Close the connection after the queued frames."""
        if self.closed:
            return
        self.closed = True
        if self.socket:
            self.socket.close(code)
        else:
            self._send_queue.put({"type": "websocket.close", "code": code}, 0)

    def disconnected(self) -> None:
        """Stop sending: the peer has disconnected."""
        self.closed = True
        for key, bucket in self._buckets.items():
            shared_buckets.release(key, bucket)
        if self._send_queue:
            self._send_queue.stop()
        if self.observation:
            self.observation.stop()


class _SendQueue:
    """A queue for ASGI `send`, and a task that empties it. For servers that do not offer their socket."""

    def __init__(self, send):
        self._send = send
        self._queue = deque()
        self._waiting = 0
        self._task = None

    def put(self, event: dict, size: int) -> bool:
        """Queue an event. Return False if more than MAX_UNSENT characters would wait."""
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
            # The peer disconnected during the send; the consumer receives `websocket.disconnect`.
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
            # Stock Daphne accepts the codes 1000 and 3000 to 4999 only, and does not close with any other.
            await self._send({**event, "code": PRIVATE_CODES + code})

    def stop(self) -> None:
        if self._task:
            self._task.cancel()
