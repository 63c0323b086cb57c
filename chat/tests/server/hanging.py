"""An application that leaves a thread behind which does not end."""

import asyncio
import time


async def application(_scope, _receive, send):
    """Answer, and hang in a thread."""
    asyncio.get_running_loop().run_in_executor(None, time.sleep, 600)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})
