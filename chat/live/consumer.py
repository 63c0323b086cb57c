"""The consumer, one for each connection: parses frames, executes commands one after the other, sends their answers."""

import asyncio
import logging
import math

from channels.consumer import AsyncConsumer
from django.conf import settings

from chat.domain import acting, sessions
from chat.domain.errors import Banned, DomainError, Internal, NotFound, SlowDown, Unavailable
from chat.protocol import errors, events
from chat.protocol.handshake import OBSERVE_QUERY, RESUME_COOKIE, SUBPROTOCOL

from . import database, parsing
from .connection import Connection
from .cookies import cookies_of
from .execution import execute
from .hub import Hub
from .limits import FLOOD_STRIKES, connection_bucket, cost_of
from .observation import Observation

logger = logging.getLogger(__name__)

PATHS = {"/", "/chat"}
TOO_MANY_RETRY_S = 60


class ChatConsumer(AsyncConsumer):
    """One connection, from the handshake to the end.

    It replaces the loop of Channels, which opens a channel of the layer for each connection, and whose `dispatch`
    closes database connections in a thread for each event (about 140 µs). Here the hub has the only channel, and
    `database` closes its own connections.
    """

    async def __call__(self, scope, receive, send):
        await receive()  # websocket.connect
        offered = scope.get("subprotocols") or []
        if scope["path"] not in PATHS or (offered and SUBPROTOCOL not in offered):
            await send({"type": "websocket.close"})
            return
        self.hub = Hub.current()
        self.connection = Connection(scope, send)
        chosen = SUBPROTOCOL if offered else None
        if scope.get("query_string") == OBSERVE_QUERY:
            self.connection.observation = Observation(scope, self.connection.socket, chosen)
        self.bucket = connection_bucket()
        self.strikes = 0
        # Before the first query: when a thousand clients reconnect, all are accepted first, and then wait.
        await send({"type": "websocket.accept", "subprotocol": chosen})
        try:
            await self._welcome(cookies_of(scope), (scope.get("client") or [""])[0])
            await self._receive_frames(receive)
        finally:
            self.connection.disconnected()
            self.hub.remove(self.connection)

    async def _welcome(self, cookies: dict[str, str], address: str) -> None:
        """Identify the person and send `welcome`; or close, if they may not connect."""
        try:
            session_key, resume = cookies.get(settings.SESSION_COOKIE_NAME), cookies.get(RESUME_COOKIE)
            arrival = await database.read(sessions.identify_socket, session_key, address, resume)
        except database.UNAVAILABLE:
            self.connection.close(1013)
            return
        except Banned as banned:
            self.connection.send_schema(_error(banned))
            self.hub.sign_out(self.connection, reason="banned")
            return
        except DomainError as refused:
            self.connection.send_schema(_error(refused))
            self.connection.close(1008)
            return
        self.connection.identify(arrival.person, arrival.session_key, arrival.token)
        # Each connection has a task, and the threads of `database` get its context.
        acting.begin(arrival.person, address)
        most = settings.MAX_CONNECTIONS_PER_PERSON
        if most and self.hub.roster.count_of_person(self.connection.user_id) >= most:
            self.connection.send_schema(events.Bye(reason="too_many_connections", retry_after=TOO_MANY_RETRY_S))
            self.connection.close(1013)
            return
        self.connection.send_schema(arrival.welcome)
        self.hub.add(self.connection, arrival.welcome)
        if self.connection.socket:
            self.connection.socket.drains = True

    async def _receive_frames(self, receive) -> None:
        while True:
            event = await receive()
            kind = event["type"]
            if kind == "websocket.disconnect":
                return
            if self.connection.closed:
                continue
            if kind == "server.drain":
                self._send_bye(event["retry_after"])
            elif event.get("text") is None:
                self.connection.close(1003)
            else:
                await self._handle_frame(event["text"])

    async def _handle_frame(self, text: str) -> None:
        cost = cost_of(text)
        wait_s = self._take_tokens(cost)
        if wait_s:
            if not self.connection.closed:
                # Rounded up: who waits so long is not refused again.
                refused = _error(SlowDown(retry_after=math.ceil(wait_s * 100) / 100))
                refused.ref = parsing.ref_in_frame(text)
                self.connection.send_schema(refused)
            return
        if cost > 1:
            # Commands that are already queued are read without a pause; let other connections go first.
            await asyncio.sleep(0)
        data = None
        try:
            data = parsing.parse_object(text)
            reply = await execute(parsing.parse_command(data), self.connection, self.hub)
        except DomainError as refused:
            if isinstance(refused, NotFound) and refused.field == "room" and isinstance(data.get("room"), str):
                self.hub.drop_watch(self.connection, data["room"])
            reply = _error(refused)
        except database.UNAVAILABLE:
            reply = _error(Unavailable(retry_after=1))
        except Exception:
            logger.exception("A command failed.")
            reply = _error(Internal())
        if reply is None:
            return
        reply.ref = parsing.ref_of(data)
        if reply.ref is not None or reply.type == "error":
            self.connection.send_schema(reply)

    def _take_tokens(self, cost: int) -> float:
        """Take the tokens for a command. Return 0.0, or the seconds until there are enough.

        Called before the frame is parsed. Closes the connection of a client that keeps on sending too fast.
        """
        wait_s = self.bucket.take(cost) or self.connection.take_tokens(cost)
        self.strikes = self.strikes + cost if wait_s else max(0, self.strikes - 1)
        if self.strikes > FLOOD_STRIKES:
            self.connection.close(1008)
        return wait_s

    def _send_bye(self, retry_after: float) -> None:
        self.hub.begin_drain()
        self.hub.watches.flush()
        self.connection.send_schema(events.Bye(reason="restart", retry_after=retry_after))
        self.connection.close(1012)


def _error(refused: DomainError) -> errors.Error:
    return errors.Error(
        code=refused.code, detail=str(refused.detail), field=refused.field, retry_after=refused.retry_after
    )
