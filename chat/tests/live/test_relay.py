"""The line between processes: a real Redis, and two hubs that know of each other only by it."""

import asyncio
import logging

import pytest
from channels.layers import InMemoryChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

from chat.events import publish, shapes
from chat.events.publish import Envelope
from chat.events.seal import seal
from chat.live import relay
from chat.live.hub import Hub
from chat.live.relay import Relay
from chat.tests.live.wires import connect, settle, until
from chat.tests.services import Redis


@pytest.fixture
def use(monkeypatch):
    """Function that makes a channel layer the one of the hubs."""

    def use(layer):
        for module in (relay, publish):
            monkeypatch.setattr(module, "get_channel_layer", lambda: layer)
        return layer

    return use


@pytest.fixture
async def line(use, redis_url, request):
    """A layer on a real Redis, with a prefix of the test's own: pub/sub knows no databases."""
    layer = use(RedisPubSubChannelLayer(hosts=[redis_url], prefix=request.node.name))
    yield layer
    await layer.flush()


@pytest.fixture
async def hubs(gina):
    """Function that makes hubs with a line each, and a socket of Gina's that watches the garden on each."""
    made = []

    async def make(number):
        for _ in range(number):
            hub = Hub()
            for work in hub.relay.tasks():
                hub.spawn(work)
            guests = connect(hub, gina)
            hub.begin_watch(guests, "garden")
            hub.watch(guests, "garden", 1, 0)
            made.append((hub, guests.wire))
        for hub, _wire in made:
            await until(lambda hub=hub: len(hub.presence._heard) == len(made) - 1, "all heard of each other")
        return made

    yield make
    for hub, _wire in made:
        for task in list(hub._tasks):
            task.cancel()
    await settle()


def typing(name: str = "gina") -> Envelope:
    you = shapes.You(user=None, guest=shapes.GuestOut(id="9" * 16, name=name))
    return Envelope("typing", shapes.Typing(room="garden", who=[you]).encode(), "garden")


def said(wire) -> list[str]:
    return [frame["who"][0]["guest"]["name"] for frame in wire.of("typing")]


async def test_what_one_hub_is_told_all_hand_out_once(line, hubs):
    (first, hers), (_second, his), (_third, theirs) = await hubs(3)
    for number in range(20):
        first.deliver_own(typing(str(number)))
    expected = [str(number) for number in range(20)]
    await until(lambda: said(hers) == said(his) == said(theirs) == expected)


async def test_an_envelope_arrives_as_it_was(line, hubs, monkeypatch):
    (first, _), (second, _) = await hubs(2)
    arrived = []
    monkeypatch.setattr(second, "deliver", arrived.append)
    text = shapes.Read(room="é\u2028😀", upto=2**50, unread=0, mentions=0).encode()
    sent = Envelope("read", text, "é\u2028😀", 2**40, 0, (1, 2**40))
    first.deliver_own(sent)
    await until(lambda: arrived)
    assert arrived == [sent]


async def test_whoever_comes_learns_at_once_who_is_here(line, hubs):
    (first, _), (second, _) = await hubs(2)
    first.presence.join("harbour", "u:1", {"user": {"id": 1, "name": "alice"}, "guest": None})
    first.relay.gossip(first.presence.tell())
    await until(lambda: second.presence.online("harbour") == 1)
    (_, _), (_, _), (third, _) = await hubs(1)
    await until(lambda: third.presence.online("harbour") == 1)


async def test_a_message_that_nobody_understands_is_let_go(line, hubs, caplog):
    (first, _), (_second, his) = await hubs(2)
    for nonsense in ({"from": "elsewhere"}, {"from": "elsewhere", "events": [{"kind": "of tomorrow", "text": ""}]}, {}):
        await line.group_send("site", nonsense)
        await line.group_send("site", seal({"from": "elsewhere", "events": [], "gossip": []} | nonsense | {"x": 1}))
    first.deliver_own(typing("Ahoy"))
    await until(lambda: said(his) == ["Ahoy"])
    # Once a while on each of the two, not once a message.
    assert caplog.text.count("were left out") == 2


async def test_without_redis_ones_own_sockets_hear_at_once_and_the_others_when_it_is_back(use, hubs, tmp_path, caplog):
    caplog.set_level(logging.INFO)
    with Redis(tmp_path / "redis") as redis:
        layer = use(RedisPubSubChannelLayer(hosts=[redis.url]))
        (first, hers), (_second, his) = await hubs(2)
        await asyncio.to_thread(redis.stop)
        for number in range(3):
            first.deliver_own(typing(str(number)))
            await settle()
        assert said(hers) == ["0", "1", "2"]
        await until(lambda: "does not answer" in caplog.text)
        await asyncio.to_thread(redis.start)

        def heard_again():
            first.deliver_own(typing("back"))
            return "back" in said(his)

        await until(heard_again)
        assert caplog.text.count("does not answer") == 1
        assert "answers again" in caplog.text
        await layer.flush()


async def test_a_line_that_cannot_be_had_leaves_nothing_behind(use, hubs, monkeypatch, caplog):
    monkeypatch.setattr(relay, "RETRY_S", 0)
    layer = use(RedisPubSubChannelLayer(hosts=["redis://127.0.0.1:1/0"]))
    tries = []
    new_channel = layer.new_channel

    async def counting(prefix):
        tries.append(prefix)
        return await new_channel(prefix)

    monkeypatch.setattr(layer, "new_channel", counting)
    ((_hub, wire),) = await hubs(1)
    await until(lambda: len(tries) > 5)
    assert len(layer._get_layer().channels) <= 1
    assert caplog.text.count("does not answer") == 1
    _hub.deliver_own(typing("Ahoy"))
    await until(lambda: said(wire) == ["Ahoy"])
    await layer.flush()


async def test_what_waits_for_the_line_has_a_limit(use, gina, monkeypatch):
    monkeypatch.setattr(relay, "OUTBOX_LIMIT", 10)
    use(InMemoryChannelLayer())
    line = Relay(Hub())
    for number in range(25):
        line.send(typing(str(number)))
    assert [event["text"] for event in line._outbox] == [typing(str(number)).text for number in range(15, 25)]


async def test_a_line_ends_when_it_is_told_to_whatever_it_is_at(use):
    class Slow(InMemoryChannelLayer):
        async def group_send(self, group, message):
            await asyncio.sleep(0)

    use(Slow())
    for steps in range(20):
        line = Relay(Hub())
        sending, receiving = (asyncio.ensure_future(work) for work in line.tasks())
        for _ in range(steps):
            line.send(typing())
            await asyncio.sleep(0)
        for task in (sending, receiving):
            task.cancel()
        await settle()
        assert sending.cancelled()
        assert receiving.cancelled()
