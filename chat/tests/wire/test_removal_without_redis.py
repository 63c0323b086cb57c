"""Without Redis, a removed member gets no messages that are posted in a private room after the removal."""

import asyncio
import contextlib

import pytest

from chat.tests.client import Client
from chat.tests.services import Redis

from .asking import refusal

REMOVE = """
    from django.contrib.auth import get_user_model
    from chat.domain import rooms
    from chat.models import Room
    room = Room.objects.get(slug="den")
    rooms.{verb}(room=room, user=get_user_model().objects.get_by_natural_key("bob"))
    result = room.head.version
"""


@pytest.mark.core
@pytest.mark.log_may_show("Redis|redis|channel layer")
@pytest.mark.parametrize("verb", [pytest.param("leave", marks=pytest.mark.extended), "remove"])
async def test_a_removed_member_gets_no_more_messages(make_site, tmp_path, verb):
    with Redis(tmp_path / "redis") as redis:
        site = make_site(workers=2, postgres=True, redis=redis, CHAT_POST_RATE=0)
        async with contextlib.AsyncExitStack() as stack:
            people = [
                await stack.enter_async_context(Client(worker.ws_url, site.sign_in(name), ["den"]))
                for name in ("alice", "bob")
                for worker in site.workers
            ]
            alices, bobs = people[:2], people[2:]
            over = asyncio.Event()

            async def talk(alice):
                while not over.is_set():
                    await alice.post_message("den", "between us")

            talking = [asyncio.ensure_future(talk(alice)) for alice in alices]
            await bobs[0].until(lambda: len(bobs[0].copies["den"].messages) > 3)
            await asyncio.to_thread(redis.kill)
            version = await asyncio.to_thread(site.python, REMOVE.format(verb=verb))
            for bob in bobs:
                await bob.wait_for_frame("room_removed", "den", timeout=60)
            await alices[0].until(lambda: alices[0].copies["den"].version > version + 5)
            over.set()
            await asyncio.gather(*talking)
            received = [
                frame["message"]["version"] for bob in bobs for frame in bob.frames if frame["type"] == "message"
            ]
            assert received
            assert max(received) < version
            for bob in bobs:
                assert (await refusal(bob.ask("open", room="den"))).code == "not_found"
