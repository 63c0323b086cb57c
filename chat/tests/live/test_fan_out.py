"""The cost of a message for many watchers: it is encoded once and framed once, and each watcher gets one write."""

import json

import pytest

from chat.dispatch.envelope import Envelope
from chat.domain import rooms
from chat.live import database, frames
from chat.live.execution import execute
from chat.protocol import commands
from chat.protocol.schema import Schema
from chat.tests.live.fake_sockets import connect, open_room, post, settle, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def work(monkeypatch):
    """Counts how often JSON is decoded and encoded, and how often a frame is built."""
    done = {"decoded": 0, "encoded": 0, "framed": 0}

    def count(owner, name, what):
        original = getattr(owner, name)

        def counting(*args, **kwargs):
            done[what] += 1
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, counting)

    count(json, "loads", "decoded")
    count(json, "dumps", "encoded")
    count(Schema, "encode", "encoded")
    count(Schema, "model_dump", "encoded")
    count(frames, "text_frame", "framed")
    return done


@pytest.fixture
def crowd(hub, harbour, alice):
    """Function that lets Alice watch the harbour on a number of connections."""

    async def gather(number):
        sockets = [connect(hub, alice) for _ in range(number)]
        for connection in sockets:
            await open_room(hub, connection, "harbour")
        await settle()
        for connection in sockets:
            connection.socket.writes = 0
        return sockets

    return gather


MESSAGE = Envelope("message", json.dumps({"type": "message", "message": {"text": "Ahoy"}}), "harbour", 1, 1)


@pytest.mark.parametrize("number", [1, 30])
async def test_a_message_from_another_process_is_framed_once_and_never_encoded(hub, crowd, work, number):
    sockets = await crowd(number)
    work.update(decoded=0, encoded=0, framed=0)
    hub.delivery.deliver(MESSAGE)
    await settle()
    assert work == {"decoded": 0, "encoded": 0, "framed": 1}
    assert [connection.socket.writes for connection in sockets] == [1] * number


@pytest.mark.parametrize("number", [1, 30])
async def test_a_message_of_this_process_is_encoded_once_for_all_watchers(hub, crowd, work, harbour, alice, number):
    sockets = await crowd(number)
    work.update(decoded=0, encoded=0, framed=0)
    await post(harbour, alice, "Ahoy")
    await until(lambda: sockets[-1].socket.writes)
    assert work == {"decoded": 0, "encoded": 1, "framed": 1}
    assert [connection.socket.writes for connection in sockets] == [1] * number
    # The other processes get the same text.
    assert json.loads(hub.relay._outbox[-1]["text"]) == sockets[0].socket.of("message")[0]


async def test_events_of_one_turn_of_the_loop_are_sent_in_one_write(hub, crowd, harbour, alice):
    sockets = await crowd(3)
    for version in range(1, 9):
        hub.delivery.deliver(Envelope("message", MESSAGE.text, "harbour", harbour.pk, version))
    await settle()
    assert [connection.socket.writes for connection in sockets] == [1] * 3
    assert len(sockets[0].socket.of("message")) == 8
    hub.delivery.deliver(Envelope("message", MESSAGE.text, "harbour", harbour.pk, 9))
    await settle()
    assert [connection.socket.writes for connection in sockets] == [2] * 3


async def test_an_event_of_a_room_without_members_here_costs_nothing(hub, crowd, work):
    await crowd(1)
    work.update(decoded=0, encoded=0, framed=0)
    for kind in ("message", "room", "typing"):
        hub.delivery.deliver(Envelope(kind, "not even JSON", "elsewhere", 7, 0 if kind == "typing" else 1))
    hub.delivery.deliver(Envelope("read", "not even JSON", users=(10**6,)))
    await settle()
    assert work == {"decoded": 0, "encoded": 0, "framed": 0}
    assert not hub.watches.get("elsewhere")


async def test_a_change_of_a_room_is_encoded_once_and_never_decoded(hub, connect_as, work, harbour, alice):
    hers = await connect_as(alice)
    await open_room(hub, hers, "harbour")
    await settle()
    work.update(decoded=0, encoded=0, framed=0)
    await database.write(lambda: rooms.change(room=harbour, topic="Ships"))
    await until(lambda: hers.socket.writes > 1)
    # The record of actions has two columns of JSON. psycopg may have taken `json.dumps` before it was counted.
    assert work.pop("encoded") - 1 in (0, 2)
    assert work == {"decoded": 0, "framed": 1}


async def test_typing_is_sent_to_watchers_and_to_other_processes(hub, crowd, alice):
    first, second = await crowd(2)
    await execute(commands.Typing(room="harbour"), first, hub)
    await until(lambda: second.socket.of("typing"))
    assert second.socket.of("typing")[0]["who"][0]["user"]["name"] == alice.handle
    assert hub.relay._outbox[-1]["kind"] == "typing"
