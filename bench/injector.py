"""Simulates another worker: puts message events on the channel layer and stores nothing.

`python -m bench.injector SOCKET ROOM` with the site's own environment. The load generator connects to SOCKET (a Unix
socket) and writes the number of each message, one per line. Numbers that arrive together are sent to the layer in one
batch, as the relay of a worker does.
"""

import asyncio
import os
import sys
from uuid import uuid4

import django

from .generator import NUMBER_PLACEHOLDER
from .peers.roster import MESSAGE_TEXT


def _template(slug: str):
    """A function from (number, version) to the event of a message in the room with this slug, as `publish` makes it."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from chat.dispatch.envelope import Envelope
    from chat.domain import serializers, text
    from chat.models import Message, Room
    from chat.protocol import events

    room = Room.objects.get(slug=slug)
    author = get_user_model().objects.select_related("chat_profile").order_by("pk").first()

    def event(number: str, version: int) -> dict:
        body = MESSAGE_TEXT.replace(NUMBER_PLACEHOLDER, number)
        message = Message(
            pk=version, room=room, author=author, client_id=uuid4(), seq=version, version=version, text=body,
            html=text.render(body).html, created_at=timezone.now(),
        )  # fmt: skip
        shape = events.MessageEvent(room=slug, version=version, message=serializers.serialize_message(message, ()))
        return Envelope.of(shape, room=slug, room_id=room.pk, version=version).to_dict()

    return event, room.head.version


async def serve(path: str, make_event, version: int) -> None:
    """Listen at the Unix socket `path`. The first event has the version after `version`, the head of the room."""
    from chat.dispatch.layer import send_to_layer

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
