"""How the tests of the wire ask, and what they look for in answers."""

import asyncio
import uuid
from itertools import islice

import pytest

from chat.management.wire import CommandRefused, Wire
from chat.tests.client import Client


async def refusal(asking) -> CommandRefused:
    """Await a command that must be refused; returns what it was refused with."""
    with pytest.raises(CommandRefused) as caught:
        await asking
    return caught.value


async def answer_to(client: Client, text: str | bytes) -> dict:
    """Send one text frame as it is; returns the next answer that is heard."""
    before = len(client.frames)
    await client.wire.socket.send(text, text=True)

    def answered():
        return next((f for f in islice(client.frames, before, None) if f["type"] in {"reply", "error"}), None)

    return await client.until(answered, f"an answer to {text[:100]!r}")


async def close_code(wire: Wire) -> int:
    """Wait until a client's `wire` is closed; returns the code that the server gave.

    Take the wire before what closes it: a client makes another one at once.
    """
    await asyncio.wait_for(wire.closed(), 30)
    return wire.socket.close_code


def a_post(room: str, body: str = "hello", **fields) -> dict:
    """The fields of a `post` command, with a new client_id."""
    return {"room": room, "client_id": str(uuid.uuid4()), "body": body} | fields
