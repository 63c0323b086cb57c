"""Several people open a room at once: the one who read an older snapshot also gets every change."""

import asyncio
import json
from datetime import UTC, datetime
from types import SimpleNamespace

from chat.dispatch.envelope import Envelope
from chat.domain import opened_room
from chat.domain.room_delta import RoomDelta
from chat.live import database
from chat.live.execution import execute
from chat.live.hub import Hub
from chat.protocol import encoding, events, things
from chat.protocol.commands import Open
from chat.protocol.schema import Schema
from chat.tests.room_copy import RoomCopy
from chat.tests.wire_message import wire_person


class Listener:
    """A connection without a socket that keeps a copy of the room."""

    def __init__(self, number: int):
        self.person = self.user_id = number
        self.key = f"u:{number}"
        self.you = things.You(user=things.Person(**wire_person(number, self.key)), guest=None)
        self.watching: set[str] = set()
        self.socket = None
        self.copy = RoomCopy("garden")

    def send_schema(self, schema: Schema) -> None:
        self.copy.opened(schema.model_dump(mode="json"))

    def send(self, frame) -> None:
        self.copy.apply(json.loads(frame.text))


def room_as_of(version: int) -> opened_room.OpenedRoom:
    names = {"slug": "garden", "name": "Garden", "topic": "", "kind": "public", "guests": "none"}
    counts = dict.fromkeys(("slow_mode_s", "changed_version", "read", "unread_marks", "unread", "mentions"), 0)
    choices = {"people": [], "favourite": None, "muted": False, "hidden": False, "threads": []}
    rights = {"who_posts": "everyone", "who_invites": "members", "who_pins": "members", "who_mentions_all": "owners"}
    choices |= {"named_to_post": False, "active_at": datetime(2026, 3, 1, tzinfo=UTC)}
    state = things.RoomState(**names, **counts, **choices, **rights, archived=False, version=version, role=None)
    room = SimpleNamespace(pk=1)
    fill = RoomDelta(0, version, encoding.MessageList(), limited=True)
    return opened_room.OpenedRoom(room, state, True, None, "epoch", fill)


def renamed(version: int) -> Envelope:
    state = room_as_of(version).state.model_dump() | {"changed_version": version}
    event = events.RoomEvent(room="garden", version=version, state=things.Room(**state))
    return Envelope.of(event, room="garden", room_id=1, version=version)


async def test_an_open_with_an_older_snapshot_than_the_first_watchers_reads_again(monkeypatch):
    snapshots = [asyncio.get_running_loop().create_future() for _ in range(3)]
    reads = iter(snapshots)

    async def read(*_asked):
        return await next(reads)

    monkeypatch.setattr(database, "read", read)
    hub, alice, bob = Hub(), Listener(1), Listener(2)
    opening = [asyncio.create_task(execute(Open(room="garden"), who, hub)) for who in (alice, bob)]
    await asyncio.sleep(0)
    snapshots[0].set_result(room_as_of(10))
    await opening[0]
    # Bob's snapshot is from before version 10, but arrives after Alice's: version 10 will not be sent any more.
    snapshots[1].set_result(room_as_of(9))
    snapshots[2].set_result(room_as_of(10))
    await opening[1]
    hub.delivery.deliver(renamed(11))
    hub.watches.flush()
    for who in (alice, bob):
        assert (who.copy.version, who.copy.behind) == (11, False)
