"""The consumer: one a socket. Frames in become commands, one after the other; refusals become error frames."""

import asyncio
import logging

from channels.consumer import AsyncConsumer
from django.conf import settings
from django.http import parse_cookie

from chat.domain import sessions
from chat.domain.errors import Barred, Internal, NotFound, Refused, SlowDown, Unavailable
from chat.events import shapes
from chat.events.nouns import RESUME_COOKIE

from . import database, parsing
from .connection import Connection
from .hub import Hub
from .limits import FLOOD_STRIKES, connection_bucket, cost_of

logger = logging.getLogger(__name__)

PROTOCOL = "chat"
PATHS = {"/", "/chat"}
TOO_MANY_RETRY_S = 60


class ChatConsumer(AsyncConsumer):
    """One socket's conversation, from the handshake to the end.

    Channels' own loop is replaced: it opens a channel of the layer for every socket, and `dispatch` closes database
    connections in a thread on every event (about 140 µs). Our hub has the one channel; database work closes its own.
    """

    async def __call__(self, scope, receive, send):
        await receive()  # websocket.connect
        offered = scope.get("subprotocols") or []
        if scope["path"] not in PATHS or (offered and PROTOCOL not in offered):
            await send({"type": "websocket.close"})
            return
        self.hub = Hub.current()
        self.connection = Connection(scope, send)
        self.bucket = connection_bucket()
        self.strikes = 0
        # Before the database is asked: a thousand who come back at once are in, and wait for their welcome.
        await send({"type": "websocket.accept", "subprotocol": PROTOCOL if offered else None})
        try:
            await self._welcome(_cookies(scope), (scope.get("client") or [""])[0])
            await self._talk(receive)
        finally:
            self.connection.gone()
            self.hub.remove(self.connection)

    async def _welcome(self, cookies: dict[str, str], address: str) -> None:
        """Find out who this is, and greet them; or close, when they cannot come in now."""
        try:
            session_key, resume = cookies.get(settings.SESSION_COOKIE_NAME), cookies.get(RESUME_COOKIE)
            arrival = await database.read(sessions.arrive, session_key, address, resume)
        except database.UNAVAILABLE:
            self.connection.close(1013)
            return
        except Barred as barred:
            self.connection.answer(_error(barred))
            self.hub.sign_out(self.connection, reason="barred")
            return
        except Refused as refused:
            self.connection.answer(_error(refused))
            self.connection.close(1008)
            return
        self.connection.identify(arrival.person, arrival.session_key, arrival.token)
        most = settings.MAX_CONNECTIONS_PER_PERSON
        if most and self.hub.roster.count_of_person(self.connection.user_id) >= most:
            self.connection.answer(shapes.Bye(reason="too_many_connections", retry_after=TOO_MANY_RETRY_S))
            self.connection.close(1013)
            return
        self.connection.answer(arrival.welcome)
        self.hub.add(self.connection, arrival.welcome.rooms)
        if self.connection.wire:
            self.connection.wire.drains = True

    async def _talk(self, receive) -> None:
        while True:
            event = await receive()
            kind = event["type"]
            if kind == "websocket.disconnect":
                return
            if self.connection.closed:
                continue
            if kind == "server.drain":
                self._say_bye(event["retry_after"])
            elif event.get("text") is None:
                self.connection.close(1003)
            else:
                await self._hear(event["text"])

    async def _hear(self, text: str) -> None:
        cost = cost_of(text)
        wait_s = self._pace(cost)
        if wait_s:
            if not self.connection.closed:
                refused = _error(SlowDown(retry_after=round(wait_s, 2)))
                refused.ref = parsing.ref_in(text)
                self.connection.answer(refused)
            return
        if cost > 1:
            # A queue that holds more is read without a pause: others come first.
            await asyncio.sleep(0)
        data = None
        try:
            data = parsing.read_object(text)
            reply = await parsing.build(data).run(self.connection, self.hub)
        except Refused as refused:
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
            self.connection.answer(reply)

    def _pace(self, cost: int) -> float:
        """Seconds until a command of this cost may be taken; 0.0 for now. The socket of a client that floods on closes.

        Nothing of the frame has been read yet.
        """
        wait_s = self.bucket.take(cost) or self.connection.take(cost)
        self.strikes = self.strikes + cost if wait_s else max(0, self.strikes - 1)
        if self.strikes > FLOOD_STRIKES:
            self.connection.close(1008)
        return wait_s

    def _say_bye(self, retry_after: float) -> None:
        self.hub.begin_drain()
        self.hub.flush()
        self.connection.answer(shapes.Bye(reason="restart", retry_after=retry_after))
        self.connection.close(1012)


def _error(refused: Refused) -> shapes.ErrorOut:
    return shapes.ErrorOut(
        code=refused.code, detail=str(refused.detail), field=refused.field, retry_after=refused.retry_after
    )


def _cookies(scope) -> dict[str, str]:
    """The cookies of the handshake; of two of a name the first."""
    cookies: dict[str, str] = {}
    for name, value in scope["headers"]:
        if name == b"cookie":
            cookies = parse_cookie(value.decode("latin1")) | cookies
    return cookies
