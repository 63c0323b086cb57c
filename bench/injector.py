"""Another worker, as the hub hears it: events put on the channel layer, with nothing stored.

`python -m bench.injector SOCKET ROOM` with the site's own environment. The load generator connects to SOCKET (a Unix
socket) and writes the number of each message that is due, a line each; what is due together goes out together, as a
worker's own relay does it.
"""

import asyncio
import os
import sys
from dataclasses import asdict
from uuid import uuid4

import django

from .generator import PLACE
from .peers.roster import SAID


def _template(slug: str):
    """A function from (number, version) to the event of a message in the room with this slug, as `publish` makes it."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from chat.domain import facts, text
    from chat.events import shapes
    from chat.events.publish import Envelope
    from chat.models import Message, Room

    room = Room.objects.get(slug=slug)
    author = get_user_model().objects.order_by("pk").first()

    def event(number: str, version: int) -> dict:
        body = SAID.replace(PLACE, number)
        message = Message(
            pk=version, room=room, author=author, client_id=uuid4(), seq=version, version=version, text=body,
            html=text.render(body).html, created_at=timezone.now(),
        )  # fmt: skip
        message._prefetched_objects_cache = {"reactions": []}
        shape = shapes.MessageEvent(room=slug, version=version, message=facts.message_out(message))
        return asdict(Envelope(shape.type, shape.encode(), slug, room.pk, version))

    return event, room.head.version


async def serve(path: str, make_event, version: int) -> None:
    """Listen at `path`; number on from `version`, the head of the room."""
    from chat.events.publish import send_to_layer

    async def talk(reader, writer):
        nonlocal version
        rest = b""
        while chunk := await reader.read(65536):
            *numbers, rest = (rest + chunk).split(b"\n")
            events = []
            for number in numbers:
                version += 1
                events.append(make_event(number.decode(), version))
            await send_to_layer({"from": "bench", "events": events, "gossip": []})
        writer.close()

    server = await asyncio.start_unix_server(talk, path)
    print("listening", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    django.setup()
    asyncio.run(serve(sys.argv[1], *_template(sys.argv[2])))
