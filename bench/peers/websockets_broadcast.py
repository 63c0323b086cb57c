"""Broadcast with the `websockets` library (https://websockets.readthedocs.io/en/stable/topics/broadcast.html)."""

import asyncio
import sys

from websockets.asyncio.server import broadcast, serve

CONNECTIONS = set()


async def talk(websocket):
    """Broadcast each message of this connection."""
    CONNECTIONS.add(websocket)
    try:
        async for message in websocket:
            broadcast(CONNECTIONS, message)
    finally:
        CONNECTIONS.remove(websocket)


async def main():
    """Serve on the port of the command line."""
    async with serve(talk, "127.0.0.1", int(sys.argv[1]), compression=None, ping_interval=None, backlog=4096):
        await asyncio.get_running_loop().create_future()


asyncio.run(main())
