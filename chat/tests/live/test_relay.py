"""The relay: a real Redis, and two hubs that are connected by it only."""

import asyncio
import logging

import pytest
from channels.layers import InMemoryChannelLayer
from channels_redis.pubsub import RedisPubSubChannelLayer

from chat.dispatch import layer as layer_module
from chat.dispatch.envelope import Envelope
from chat.dispatch.seal import seal
from chat.live import relay
from chat.live.hub import Hub
from chat.live.relay import Relay
from chat.protocol import events, things
from chat.tests.live.fake_sockets import connect, settle, until
from chat.tests.services import Redis
from chat.tests.wire_message import wire_person

pytestmark = pytest.mark.core


@pytest.fixture
def use(monkeypatch):
    """Function that makes the hubs use a channel layer."""

    def use(layer):
        for module in (relay, layer_module):
            monkeypatch.setattr(module, "get_channel_layer", lambda: layer)
        return layer

    return use


@pytest.fixture
async def line(use, redis_url, request):
    """A layer on a real Redis, with its own prefix: Redis databases do not separate pub/sub."""
    layer = use(RedisPubSubChannelLayer(hosts=[redis_url], prefix=request.node.name))
    yield layer
    await layer.flush()


@pytest.fixture
async def hubs(gina):
    """Function that makes hubs with a relay each, and on each a connection of Gina that watches the garden."""
    made = []

    async def make(number):
        for _ in range(number):
            hub = Hub()
            for work in hub.relay.tasks():
                hub.spawn(work)
            guests = connect(hub, gina)
            hub.watches.begin(guests, "garden")
            hub.watches.start(guests, "garden", 1, 0)
            made.append((hub, guests.socket))
        for hub, _wire in made:
            await until(lambda hub=hub: len(hub.presence._last_seen) == len(made) - 1, "all hubs know each other")
        return made

    yield make
    for hub, _wire in made:
        for task in list(hub._tasks):
            task.cancel()
    await settle()


def typing(name: str = "gina") -> Envelope:
    you = things.You(user=None, guest=things.Guest(id="9" * 16, name=name))
    return Envelope.of(events.Typing(room="garden", who=[you]), room="garden")


def typing_names(wire) -> list[str]:
    return [frame["who"][0]["guest"]["name"] for frame in wire.of("typing")]


async def test_an_event_of_one_hub_is_sent_once_by_all_hubs(line, hubs):
    (first, hers), (_second, his), (_third, theirs) = await hubs(3)
    for number in range(20):
        first.delivery.deliver_own(typing(str(number)))
    expected = [str(number) for number in range(20)]
    await until(lambda: typing_names(hers) == typing_names(his) == typing_names(theirs) == expected)


async def test_an_envelope_arrives_unchanged(line, hubs, monkeypatch):
    (first, _), (second, _) = await hubs(2)
    arrived = []
    monkeypatch.setattr(second.delivery, "deliver", arrived.append)
    event = events.Read(room="é\u2028😀", upto=2**50, unread_marks=1, unread=0, mentions=0)
    sent = Envelope.of(event, room="é\u2028😀", room_id=2**40, users=(1, 2**40))
    first.delivery.deliver_own(sent)
    await until(lambda: arrived)
    assert arrived == [sent]


async def test_a_new_hub_learns_at_once_who_is_present(line, hubs):
    (first, _), (second, _) = await hubs(2)
    first.presence.join("harbour", "u:1", {"user": wire_person(1, "alice"), "guest": None})
    first.relay.send_gossip(first.presence.next_gossip())
    await until(lambda: second.presence.online("harbour") == 1)
    (_, _), (_, _), (third, _) = await hubs(1)
    await until(lambda: third.presence.online("harbour") == 1)


async def test_an_invalid_message_is_dropped_and_logged_rarely(line, hubs, caplog):
    (first, _), (_second, his) = await hubs(2)
    for nonsense in ({"from": "elsewhere"}, {"from": "elsewhere", "events": [{"kind": "of tomorrow", "text": ""}]}, {}):
        await line.group_send("site", nonsense)
        await line.group_send("site", seal({"from": "elsewhere", "events": [], "gossip": []} | nonsense | {"x": 1}))
    first.delivery.deliver_own(typing("Ahoy"))
    await until(lambda: typing_names(his) == ["Ahoy"])
    # One log line of each of the two hubs, not one for each message.
    assert caplog.text.count("were dropped") == 2


async def test_without_redis_own_connections_get_events_and_others_get_them_when_it_is_back(
    use, hubs, tmp_path, caplog
):
    caplog.set_level(logging.INFO)
    with Redis(tmp_path / "redis") as redis:
        layer = use(RedisPubSubChannelLayer(hosts=[redis.url]))
        (first, hers), (_second, his) = await hubs(2)
        await asyncio.to_thread(redis.stop)
        for number in range(3):
            first.delivery.deliver_own(typing(str(number)))
            await settle()
        assert typing_names(hers) == ["0", "1", "2"]
        await until(lambda: "does not answer" in caplog.text)
        await asyncio.to_thread(redis.start)

        def is_delivered_again():
            first.delivery.deliver_own(typing("back"))
            return "back" in typing_names(his)

        await until(is_delivered_again)
        assert caplog.text.count("does not answer") == 1
        assert "answers again" in caplog.text
        await layer.flush()


async def test_failed_connections_to_the_layer_leave_no_channels_behind(use, hubs, monkeypatch, caplog):
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
    _hub.delivery.deliver_own(typing("Ahoy"))
    await until(lambda: typing_names(wire) == ["Ahoy"])
    await layer.flush()


async def test_the_number_of_events_that_wait_for_the_layer_is_limited(use, gina, monkeypatch):
    monkeypatch.setattr(relay, "OUTBOX_LIMIT", 10)
    use(InMemoryChannelLayer())
    line = Relay(Hub())
    for number in range(25):
        line.send(typing(str(number)))
    assert [event["text"] for event in line._outbox] == [typing(str(number)).text for number in range(15, 25)]


async def test_a_relay_can_be_cancelled_at_any_point(use):
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
