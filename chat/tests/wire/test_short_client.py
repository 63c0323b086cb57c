"""The client in docs/protocol.md is correct: its code runs here, through cut connections and restarts."""

import asyncio
import random
import re
import signal
import time
from functools import partial

import pytest

from chat.tests.chaos.cutting_proxy import CuttingProxy
from chat.tests.client import Client
from chat.tests.services.environment import ROOT

LINES = 60
TEXTS = 40
CUTS = 25
WITHIN_S = 90
LOG = """
    from chat.models import Message, RoomHead
    rows = Message.objects.filter(room__slug=room).order_by("seq")
    rows_of_messages = [[m.pk, m.seq, m.version, m.text, m.deleted_at is not None] for m in rows]
    result = [rows_of_messages, RoomHead.objects.get(room__slug=room).version]
"""


def code() -> str:
    [found] = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "protocol.md").read_text(), re.DOTALL)
    return found


@pytest.fixture
def chat():
    """Function that makes and runs the document's client. All clients end with the test."""
    names: dict = {}
    exec(compile(code(), "docs/protocol.md", "exec"), names)
    running = []

    def make(url, rooms, cookie=""):
        client = names["Chat"](url, rooms, cookie)
        running.append(asyncio.ensure_future(client.run()))
        return client

    yield make
    for task in running:
        task.cancel()


def test_the_client_is_as_short_as_the_document_says():
    assert len([line for line in code().splitlines() if line.strip()]) <= LINES


async def settled(*conditions) -> None:
    give_up = time.monotonic() + WITHIN_S
    while not all(condition() for condition in conditions):
        assert time.monotonic() < give_up, "it did not settle"
        await asyncio.sleep(0.1)


def shown(client, room) -> list:
    messages = sorted(client.copies[room]["messages"].values(), key=lambda message: message["seq"])
    return [[m["id"], m["seq"], m["version"], m["text"], m["deleted"]] for m in messages]


def stands_at(client, room, log) -> bool:
    return room in client.copies and shown(client, room) == log


async def test_its_copies_equal_the_log_and_each_text_is_stored_once(make_site, chat):
    site = make_site(workers=2, postgres=True, redis=True, CHAT_POST_RATE=0, GUEST_RATE=0, DRAIN_S=2)
    async with CuttingProxy([worker.port for worker in site.workers], random.Random(7)) as cutter:
        url = f"ws://127.0.0.1:{cutter.port}/chat"
        people = [chat(url, ["lobby", "tea"], site.cookie(name)) for name in ("alice", "bob")]
        guest = chat(url, ["lobby"])
        everyone = [*people, guest]
        all_posted = asyncio.Event()

        async def cut():
            while not all_posted.is_set() or cutter.made.total() < CUTS:
                await asyncio.sleep(random.uniform(0.05, 0.3))
                # Not while all wait for a welcome: on a slow machine none would ever get one.
                if any(who.socket for who in everyone):
                    cutter.cut()

        async def change():
            # Edits, deletions and a changed room, by someone whose connection is not cut.
            async with Client(site.workers[1].ws_url, site.sign_in("alice"), ["tea"]) as editor:
                for number in range(10):
                    draft = await editor.post_message("tea", f"draft {number}")
                    await editor.request_until_answered("edit", message=draft["id"], body=f"edited {number}")
                    if number % 3 == 0:
                        await editor.request_until_answered("delete", message=draft["id"])

        cutting = asyncio.ensure_future(cut())
        changing = asyncio.ensure_future(change())
        for number in range(TEXTS):
            for who in everyone:
                await who.post_message("lobby" if number % 2 or who is guest else "tea", f"{id(who)} {number}")
            await asyncio.sleep(0.1)
            if number == TEXTS // 2:
                site.workers[0].signal(signal.SIGKILL)
                await asyncio.to_thread(site.workers[0].wait)
                await asyncio.to_thread(site.workers[0].start)
        all_posted.set()
        await changing
        await settled(cutting.done)
        await cutting
        await settled(lambda: not any(who.outbox for who in everyone))
        for room in ("lobby", "tea"):
            log, head = await asyncio.to_thread(site.python, LOG, room=room)
            watching = [who for who in everyone if room in who.rooms]
            await settled(*[partial(stands_at, who, room, log) for who in watching])
            assert [who.copies[room]["version"] for who in watching] == [head] * len(watching)
            for who in watching:
                mine = [text for _id, _seq, _version, text, _deleted in log if text.startswith(f"{id(who)} ")]
                # Each once, in the order in which they were posted.
                assert mine == sorted(mine, key=lambda text: int(text.split()[1]))
                assert len(mine) == len(set(mine))
        logs = [await asyncio.to_thread(site.python, LOG, room=room) for room in ("lobby", "tea")]
        everything = [row[3] for log, _head in logs for row in log]
        for who in everyone:
            assert sum(text.startswith(f"{id(who)} ") for text in everything) == TEXTS
            assert who.refused == {}


async def test_the_client_drops_a_removed_room_and_opens_it_when_it_returns(site, chat):
    room = site.add_room("short-client", kind="private")
    bob = chat(site.ws_url, [room], site.cookie("bob"))
    await bob.post_message(room, "mine")
    await settled(lambda: room in bob.copies and len(bob.copies[room]["messages"]) == 1)
    world = (
        "from django.contrib.auth import get_user_model\nfrom chat.domain import rooms\nfrom chat.models import Room\n"
        "names = {'room': Room.objects.get(slug=room), 'user': get_user_model().objects.get_by_natural_key('bob')}\n"
    )
    await asyncio.to_thread(site.python, world + "rooms.remove(**names)", room=room)
    await settled(lambda: room not in bob.copies)
    await bob.post_message(room, "let me in")
    await settled(lambda: bob.refused)
    assert list(bob.refused.values()) == ["not_found"]
    await asyncio.to_thread(site.python, world + "rooms.join(role='member', **names)", room=room)
    await settled(lambda: room in bob.copies)
    assert len(bob.copies[room]["messages"]) == 1
