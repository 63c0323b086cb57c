"""The socket of the live page of the admin: staff with the permission get a text a second. It takes no commands."""

import asyncio
import contextlib

from channels.consumer import AsyncConsumer
from django.conf import settings

from chat.domain import live_board

from . import database
from .cookies import cookies_of
from .hub import Hub

PATH = "/admin/live/socket/"
CHECK_EVERY_S = 5.0
"""How soon the socket ends of somebody who has signed out, or has lost the permission."""
MAX_WATCHERS = 20
"""On one worker."""
MAX_WAITING = 3
"""Texts that wait for a slow reader; then the oldest is dropped."""
REFUSED, TOO_MANY, RESTART = 4001, 1013, 1012


class BoardConsumer(AsyncConsumer):
    """One page, from the handshake to the end."""

    _allowed = False

    async def __call__(self, scope, receive, send):
        await receive()  # websocket.connect
        self._send, self._session = send, cookies_of(scope).get(settings.SESSION_COOKIE_NAME)
        self._texts: asyncio.Queue[str] = asyncio.Queue(MAX_WAITING)
        hub = Hub.current()
        await send({"type": "websocket.accept"})
        if not await self._may_watch():
            await send({"type": "websocket.close", "code": REFUSED})
            return
        if hub.board.watchers >= MAX_WATCHERS:
            await send({"type": "websocket.close", "code": TOO_MANY})
            return
        hub.board.watch(self._put)
        tasks = [asyncio.ensure_future(work) for work in (self._write(), self._check(), self._until_end(receive, hub))]
        try:
            _done, _others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            hub.board.leave(self._put)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _put(self, text: str) -> None:
        if self._texts.full():
            self._texts.get_nowait()
        self._texts.put_nowait(text)

    async def _write(self) -> None:
        while True:
            await self._send({"type": "websocket.send", "text": await self._texts.get()})

    async def _check(self) -> None:
        while True:
            await asyncio.sleep(CHECK_EVERY_S)
            if not await self._may_watch():
                await self._send({"type": "websocket.close", "code": REFUSED})
                return

    async def _until_end(self, receive, hub: Hub) -> None:
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                return
            if event["type"] == "server.drain":
                hub.begin_drain()
                await self._send({"type": "websocket.close", "code": RESTART})
                return
            # There are no commands.
            await self._send({"type": "websocket.close", "code": 1003})
            return

    async def _may_watch(self) -> bool:
        # Without the database those who watch see that it does not answer; nobody else is let in.
        with contextlib.suppress(*database.UNAVAILABLE):
            self._allowed = await database.read(live_board.may_watch, self._session)
        return self._allowed
