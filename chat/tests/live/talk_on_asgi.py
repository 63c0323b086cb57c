"""A connection to the consumer on plain ASGI: no server, no network."""

import asyncio
import json

from chat.routing import application
from chat.tests.live.fake_sockets import until


class Talk:
    """The server's side of a consumer: `async with Talk(cookie="…") as talk:`."""

    def __init__(self, path="/chat", subprotocols=("chat",), cookie=""):
        headers = [(b"cookie", cookie.encode())] if cookie else []
        self.scope = {"type": "websocket", "path": path, "subprotocols": list(subprotocols), "headers": headers}
        self.inbox = asyncio.Queue()
        self.sent = []
        self.refs = 100

    async def __aenter__(self):
        self.inbox.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.ensure_future(application(self.scope, self.inbox.get, self._send))
        await until(lambda: self.sent)
        if self.accepted:
            await until(lambda: self.frames or self.code)
        return self

    async def __aexit__(self, *_):
        self.inbox.put_nowait({"type": "websocket.disconnect", "code": 1006})
        await asyncio.wait_for(self.task, 20)

    async def _send(self, event):
        self.sent.append(event)

    @property
    def accepted(self) -> bool:
        return self.sent[0]["type"] == "websocket.accept"

    @property
    def frames(self) -> list[dict]:
        return [json.loads(event["text"]) for event in self.sent if event["type"] == "websocket.send"]

    @property
    def answers(self) -> list[dict]:
        """The replies and errors, without events."""
        return [frame for frame in self.frames if frame["type"] in {"reply", "error", "bye"}]

    @property
    def code(self) -> int | None:
        return next((event.get("code", 1000) for event in self.sent if event["type"] == "websocket.close"), None)

    def send_text(self, text: str) -> None:
        self.inbox.put_nowait({"type": "websocket.receive", "text": text})

    async def ask(self, type: str, **fields) -> dict:
        """Send a command with a `ref`, and return its one answer."""
        self.refs += 1
        ref = self.refs
        self.send_text(json.dumps({"type": type, "ref": ref} | fields))
        return await until(lambda: next((f for f in self.frames if f.get("ref") == ref), None), f"an answer to {type}")
