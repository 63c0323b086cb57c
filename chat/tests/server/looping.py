"""An application that reports its event loop."""

import asyncio


async def application(scope, receive, send):
    """Answer with the name of the event loop's module in `x-loop`."""
    name = type(asyncio.get_running_loop()).__module__
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-loop", name.encode())]})
    await send({"type": "http.response.body", "body": b""})
