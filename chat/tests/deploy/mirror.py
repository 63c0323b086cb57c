"""An application that shows what reaches a worker: it answers each request with its scope, as JSON."""

import json
from collections import Counter

COUNTS = Counter()
"""The number of requests for each path."""


async def application(scope, receive, send):
    """An ASGI application. `/counts` shows the number of requests for each other path."""
    if scope["type"] == "websocket":
        await _talk(receive, send, _shown(scope))
        return
    size = 0
    while True:
        event = await receive()
        size += len(event.get("body", b""))
        if not event.get("more_body"):
            break
    if scope["path"] == "/counts":
        shown = COUNTS
    else:
        COUNTS[scope["path"]] += 1
        shown = _shown(scope) | {"size": size}
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(shown).encode()})


def _shown(scope) -> dict:
    headers = {}
    for name, value in scope["headers"]:
        headers.setdefault(name.decode("latin1"), []).append(value.decode("latin1"))
    kept = {key: scope.get(key) for key in ("method", "scheme", "path", "root_path", "client")}
    return kept | {"headers": headers}


async def _talk(receive, send, shown) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    await send({"type": "websocket.send", "text": json.dumps(shown)})
    while (event := await receive())["type"] != "websocket.disconnect":
        await send({"type": "websocket.send", "text": event["text"]})
