"""What a message costs to many watchers: it is decoded once, encoded once, framed once; each gets one write."""

import json

import pytest

from chat.events.publish import Envelope
from chat.events.shapes import Shape
from chat.live import commands, frames
from chat.tests.live.wires import connect, open_room, post, settle, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def work(monkeypatch):
    """How often JSON was read and written, and a frame built."""
    done = {"decoded": 0, "encoded": 0, "framed": 0}

    def count(owner, name, what):
        original = getattr(owner, name)

        def counting(*args, **kwargs):
            done[what] += 1
            return original(*args, **kwargs)

        monkeypatch.setattr(owner, name, counting)

    count(json, "loads", "decoded")
    count(json, "dumps", "encoded")
    count(Shape, "encode", "encoded")
    count(Shape, "model_dump", "encoded")
    count(frames, "text_frame", "framed")
    return done


@pytest.fixture
def crowd(hub, harbour, alice):
    """Function that lets Alice watch the harbour on so many sockets."""

    async def gather(number):
        sockets = [connect(hub, alice) for _ in range(number)]
        for socket in sockets:
            await open_room(hub, socket, "harbour")
        await settle()
        for socket in sockets:
            socket.wire.writes = 0
        return sockets

    return gather


MESSAGE = Envelope("message", json.dumps({"type": "message", "message": {"text": "Ahoy"}}), "harbour", 1, 1)


@pytest.mark.parametrize("number", [1, 30])
async def test_a_message_from_another_process_is_decoded_by_its_layer_and_framed_once(hub, crowd, work, number):
    sockets = await crowd(number)
    work.update(decoded=0, encoded=0, framed=0)
    hub.deliver(MESSAGE)
    await settle()
    assert work == {"decoded": 0, "encoded": 0, "framed": 1}
    assert [socket.wire.writes for socket in sockets] == [1] * number


@pytest.mark.parametrize("number", [1, 30])
async def test_ones_own_message_is_encoded_once_for_all(hub, crowd, work, harbour, alice, number):
    sockets = await crowd(number)
    work.update(decoded=0, encoded=0, framed=0)
    await post(harbour, alice, "Ahoy")
    await until(lambda: sockets[-1].wire.writes)
    assert work == {"decoded": 0, "encoded": 1, "framed": 1}
    assert [socket.wire.writes for socket in sockets] == [1] * number
    # The other processes get that text, not another encoding of it.
    assert json.loads(hub.relay._outbox[-1]["text"]) == sockets[0].wire.of("message")[0]


async def test_what_comes_within_one_turn_leaves_in_one_write(hub, crowd, harbour, alice):
    sockets = await crowd(3)
    for version in range(1, 9):
        hub.deliver(Envelope("message", MESSAGE.text, "harbour", harbour.pk, version))
    await settle()
    assert [socket.wire.writes for socket in sockets] == [1] * 3
    assert len(sockets[0].wire.of("message")) == 8
    hub.deliver(Envelope("message", MESSAGE.text, "harbour", harbour.pk, 9))
    await settle()
    assert [socket.wire.writes for socket in sockets] == [2] * 3


async def test_rooms_nobody_here_belongs_to_cost_nothing(hub, crowd, work):
    await crowd(1)
    work.update(decoded=0, encoded=0, framed=0)
    for kind in ("message", "room", "typing"):
        hub.deliver(Envelope(kind, "not even JSON", "elsewhere", 7, 0 if kind == "typing" else 1))
    hub.deliver(Envelope("read", "not even JSON", users=(10**6,)))
    await settle()
    assert work == {"decoded": 0, "encoded": 0, "framed": 0}
    assert not hub.watches.get("elsewhere")


async def test_typing_is_told_to_watchers_and_to_the_other_processes(hub, crowd, alice):
    first, second = await crowd(2)
    await commands.Typing(room="harbour").run(first, hub)
    await until(lambda: second.wire.of("typing"))
    assert second.wire.of("typing")[0]["who"][0]["user"]["name"] == alice.username
    assert hub.relay._outbox[-1]["kind"] == "typing"
