"""An application whose sockets do what their clients say, in JSON: `{"do": "write", "size": 10}`."""

import asyncio
import json
from struct import pack

from .numbers import answer_number

EVERYONE = []
CLOSED = []
"""The codes of all `websocket.disconnect` events, in order."""
HELD = asyncio.Event()
"""Sockets that `hold` wait for it; `let_go` sets it."""


async def application(scope, receive, send):
    """An ASGI application for sockets and requests."""
    if scope["type"] == "http":
        if not await answer_number(scope, send):
            await _page(scope, receive, send)
        return
    await receive()
    if scope["path"] in REFUSALS:
        await REFUSALS[scope["path"]](send)
        return
    puppet = Puppet(scope, send)
    await send({"type": "websocket.accept"})
    EVERYONE.append(puppet)
    try:
        while (event := await receive())["type"] != "websocket.disconnect":
            await puppet.take(event)
        CLOSED.append(event["code"])
    finally:
        EVERYONE.remove(puppet)


class Puppet:
    """One socket, with `wire` as the server offers it."""

    def __init__(self, scope, send):
        self.scope, self._send = scope, send
        self.wire = scope["extensions"]["parley.socket"]

    async def take(self, event: dict) -> None:
        """Do what an event says."""
        if event["type"] == "server.drain":
            self.wire.write(frame(f"bye {event['retry_after']}"))
            self.wire.close(1012)
            return
        said = json.loads(event["text"])
        result = getattr(self, said.pop("do"))(**said)
        if asyncio.iscoroutine(result):
            await result

    def write(self, size=1, times=1):
        for number in range(times):
            self.wire.write(frame(text(number, size)))

    def write_soon(self, size=1, times=1):
        for number in range(times):
            self.wire.write_soon(frame(text(number, size)))

    async def send(self, size=1, times=1):
        for number in range(times):
            await self._send({"type": "websocket.send", "text": text(number, size)})

    def write_to_all(self, size=1, times=1):
        for number in range(times):
            wire = frame(text(number, size))
            for puppet in EVERYONE:
                puppet.wire.write(wire)

    def answer(self, what):
        answers = {
            "pending": lambda: self.wire.pending,
            "peer": lambda: self.wire.peer,
            "everyone": lambda: len(EVERYONE),
            "closed": lambda: CLOSED,
            "client": lambda: self.scope["client"][0] if self.scope["client"] else None,
            "scheme": lambda: self.scope["scheme"],
            "root_path": lambda: self.scope["root_path"],
            "path": lambda: self.scope["path"],
            "subprotocols": lambda: self.scope["subprotocols"],
        }
        self.wire.write(frame(json.dumps(answers[what]())))

    def close(self, code=1000, reason=""):
        self.wire.close(code, reason)

    def abort(self):
        self.wire.abort()

    def drains(self):
        self.wire.drains = True

    def pause(self):
        self.wire.pause()
        self.wire.write(frame("paused"))

    def resume_all(self):
        for puppet in EVERYONE:
            puppet.wire.resume()

    def let_go(self):
        HELD.set()

    async def hold(self):
        self.wire.write(frame("held"))
        await HELD.wait()

    async def work(self, seconds):
        self.wire.write(frame("begun"))
        await asyncio.sleep(seconds)
        self.wire.write(frame("done"))

    def fail(self):
        raise RuntimeError("as asked")


def text(number: int, size: int) -> str:
    """A text of `size` characters that begins with its number."""
    return f"{number} ".ljust(size, "x")


def frame(said: str) -> bytes:
    """A text frame of a server."""
    payload = said.encode()
    length = len(payload)
    head = pack("!BB", 0x81, length) if length < 126 else pack("!BBQ", 0x81, 127, length)
    return (head if length < 126 or length > 65535 else pack("!BBH", 0x81, 126, length)) + payload


async def _page(scope, receive, send):
    if scope["path"] == "/work":
        await asyncio.sleep(0.5)
    if scope["path"] == "/stuck":
        await asyncio.Event().wait()
    if scope["path"] == "/silent":
        return
    facts = {"client": scope["client"] and scope["client"][0], "scheme": scope["scheme"], "root": scope["root_path"]}
    size = int(scope["query_string"] or 0)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(size):
        await send({"type": "http.response.body", "body": b"x" * 65536, "more_body": True})
    await send({"type": "http.response.body", "body": json.dumps(facts).encode()})


async def _close(send):
    await send({"type": "websocket.close"})


async def _deny(send):
    await send({"type": "websocket.http.response.start", "status": 404, "headers": [(b"x-why", b"unknown")]})
    await send({"type": "websocket.http.response.body", "body": b"no such ", "more_body": True})
    await send({"type": "websocket.http.response.body", "body": b"room"})


async def _return(_send):
    return


async def _never(_send):
    await asyncio.Event().wait()


async def _fail(_send):
    raise RuntimeError("as asked")


REFUSALS = {"/close": _close, "/deny": _deny, "/return": _return, "/never": _never, "/fail": _fail}
