"""Sends each message back: `python -m project.server chat.tests.server.echo:application`, also for other suites."""

from .numbers import answer_number


async def application(scope, receive, send):
    """An ASGI application that echoes WebSocket messages and the bodies of requests."""
    if scope["type"] == "http":
        if not await answer_number(scope, send):
            await _answer(receive, send)
        return
    await receive()
    await send({"type": "websocket.accept", "subprotocol": next(iter(scope["subprotocols"]), None)})
    while (event := await receive())["type"] != "websocket.disconnect":
        payload = {"text": event["text"]} if event.get("text") is not None else {"bytes": event["bytes"]}
        await send({"type": "websocket.send", **payload})


async def _answer(receive, send):
    body, more = b"", True
    while more:
        event = await receive()
        body += event.get("body", b"")
        more = event.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": body})
