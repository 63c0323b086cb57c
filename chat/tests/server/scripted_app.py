"""An application whose sockets run commands of their clients, in JSON: `{"do": "write", "size": 10}`."""

import asyncio
import json
from struct import pack

from .numbers import answer_number

OPEN = []
"""All open sockets."""
CLOSED = []
"""The codes of all `websocket.disconnect` events, in order."""
UNBLOCKED = asyncio.Event()
"""The command `block` waits for it; `unblock_all` sets it."""


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
    scripted_app = ScriptedApp(scope, send)
    if scope["query_string"] == b"observe":
        scripted_app.observe()
    await send({"type": "websocket.accept"})
    OPEN.append(scripted_app)
    try:
        while (event := await receive())["type"] != "websocket.disconnect":
            await scripted_app.take(event)
        CLOSED.append(event["code"])
    finally:
        OPEN.remove(scripted_app)


class ScriptedApp:
    """One socket. Each public method but `take` is a command; `socket` is the DirectSocket of the server."""

    def __init__(self, scope, send):
        self.scope, self._send = scope, send
        self.socket = scope["extensions"]["parley.socket"]

    def observe(self):
        """Collect what happens on this socket, for the command `observed`."""
        self.frames = []
        forwarded_for = [value for name, value in self.scope["headers"] if name == b"x-forwarded-for"]
        self.opening = self.socket.observe(Collector(self), forwarded_for)

    async def take(self, event: dict) -> None:
        """Run the command in a message."""
        if event["type"] == "server.drain":
            self.socket.write(frame(f"bye {event['retry_after']}"))
            self.socket.close(1012)
            return
        command = json.loads(event["text"])
        result = getattr(self, command.pop("do"))(**command)
        if asyncio.iscoroutine(result):
            await result

    def write(self, size=1, times=1):
        for number in range(times):
            self.socket.write(frame(text(number, size)))

    def write_soon(self, size=1, times=1):
        for number in range(times):
            self.socket.write_soon(frame(text(number, size)))

    async def send(self, size=1, times=1):
        for number in range(times):
            await self._send({"type": "websocket.send", "text": text(number, size)})

    def write_to_all(self, size=1, times=1):
        for number in range(times):
            content = frame(text(number, size))
            for scripted_app in OPEN:
                scripted_app.socket.write(content)

    def answer(self, what):
        answers = {
            "pending": lambda: self.socket.pending,
            "peer": lambda: self.socket.peer,
            "open_sockets": lambda: len(OPEN),
            "closed": lambda: CLOSED,
            "client": lambda: self.scope["client"][0] if self.scope["client"] else None,
            "scheme": lambda: self.scope["scheme"],
            "root_path": lambda: self.scope["root_path"],
            "path": lambda: self.scope["path"],
            "subprotocols": lambda: self.scope["subprotocols"],
        }
        self.socket.write(frame(json.dumps(answers[what]())))

    def observed(self):
        opening = self.opening._asdict() | {"head": self.opening.head and self.opening.head.decode("latin1")}
        frames = [[one.sent, one.head.hex(), one.length, one.payload.hex()] for one in self.frames]
        content = {"opening": opening, "response": self.response, "frames": frames}
        self.socket.write_unobserved(frame(json.dumps(content)))

    def ping(self):
        self.socket.ping(b"at once")

    def close(self, code=1000, reason=""):
        self.socket.close(code, reason)

    def abort(self):
        self.socket.abort()

    def drains(self):
        self.socket.drains = True

    def pause(self):
        self.socket.pause()
        self.socket.write(frame("paused"))

    def resume_all(self):
        for scripted_app in OPEN:
            scripted_app.socket.resume()

    def unblock_all(self):
        UNBLOCKED.set()

    async def block(self):
        self.socket.write(frame("blocked"))
        await UNBLOCKED.wait()

    async def work(self, seconds):
        self.socket.write(frame("started"))
        await asyncio.sleep(seconds)
        self.socket.write(frame("done"))

    def fail(self):
        raise RuntimeError("as asked")


class Collector:
    """An observer of one socket. It writes a frame when the server is about to close."""

    def __init__(self, scripted_app: ScriptedApp):
        self._app = scripted_app

    def accepted(self, response):
        """Note the response."""
        self._app.response = response.decode()

    def frame(self, frame):
        """Note a frame."""
        self._app.frames.append(frame)
        if frame.sent and frame.opcode == 8:
            self._app.observed()


def text(number: int, size: int) -> str:
    """A text of `size` characters that begins with its number."""
    return f"{number} ".ljust(size, "x")


def frame(content: str) -> bytes:
    """A text frame of a server."""
    payload = content.encode()
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
