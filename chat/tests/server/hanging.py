"""An application that leaves a thread running which does not end."""

import asyncio
import time


async def application(_scope, _receive, send):
    """Answer, and start a thread that sleeps."""
    asyncio.get_running_loop().run_in_executor(None, time.sleep, 600)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})
