"""`open`, when several open a room at the same moment: who read the older snapshot still gets every change."""

import asyncio
import json
from types import SimpleNamespace

from chat.domain import timeline
from chat.domain.fills import Fill
from chat.events import shapes
from chat.events.publish import Envelope
from chat.live import database
from chat.live.commands import Open
from chat.live.hub import Hub
from chat.tests.room_copy import RoomCopy


class Listener:
    """A connection without a socket, that keeps a copy of the room from what it is sent."""

    def __init__(self, number: int):
        self.person = self.user_id = number
        self.key = f"u:{number}"
        self.you = shapes.You(user=shapes.Person(id=number, name=self.key), guest=None)
        self.watching: set[str] = set()
        self.wire = None
        self.copy = RoomCopy("garden")

    def answer(self, shape: shapes.Shape) -> None:
        self.copy.opened(shape.model_dump(mode="json"))

    def send(self, frame) -> None:
        self.copy.apply(json.loads(frame.text))


def room_as_of(version: int) -> timeline.Opened:
    names = {"slug": "garden", "name": "Garden", "topic": "", "kind": "public", "guests": "none"}
    counts = dict.fromkeys(("slow_mode_s", "changed_version", "read", "unread", "mentions"), 0)
    state = shapes.RoomState(**names, **counts, archived=False, version=version, role=None)
    room = SimpleNamespace(pk=1)
    fill = Fill(0, version, shapes.Messages(), limited=True, more=False)
    return timeline.Opened(room, state, "epoch", fill)


def renamed(version: int) -> Envelope:
    state = room_as_of(version).state.model_dump() | {"changed_version": version}
    event = {"type": "room", "room": "garden", "version": version, "state": state}
    return Envelope("room", json.dumps(event), "garden", 1, version)


async def test_who_read_before_the_one_the_room_began_with_reads_again(monkeypatch):
    snapshots = [asyncio.get_running_loop().create_future() for _ in range(3)]
    reads = iter(snapshots)

    async def read(*_asked):
        return await next(reads)

    monkeypatch.setattr(database, "read", read)
    hub, alice, bob = Hub(), Listener(1), Listener(2)
    opening = [asyncio.create_task(Open(room="garden").run(who, hub)) for who in (alice, bob)]
    await asyncio.sleep(0)
    snapshots[0].set_result(room_as_of(10))
    await opening[0]
    # Bob's was read before version 10 was committed, and comes after Alice's: nobody hands version 10 out any more.
    snapshots[1].set_result(room_as_of(9))
    snapshots[2].set_result(room_as_of(10))
    await opening[1]
    hub.deliver(renamed(11))
    hub.flush()
    for who in (alice, bob):
        assert (who.copy.version, who.copy.behind) == (11, False)
