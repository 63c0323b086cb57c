"""The hub: every watcher gets every change of its room once, in order, whatever was lost."""

import asyncio

import pytest

from chat.dispatch import dispatcher
from chat.domain import messages, rooms
from chat.live import checks, database
from chat.live.execution import execute
from chat.protocol import commands
from chat.tests.live.fake_sockets import open_room, post, settle, texts, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def envelopes(hub):
    """A list of the published envelopes. The hub does not get them."""
    kept = []
    dispatcher.connect(dispatcher.HUB, kept.append)
    return kept


async def watching(connect_as, hub, room, *people):
    """Connect these people and let them open the room. Returns their connections."""
    connections = [await connect_as(person) for person in people]
    for connection in connections:
        await open_room(hub, connection, room.slug)
    return connections


async def test_watchers_get_messages(hub, connect_as, harbour, alice, bob):
    hers, his = await watching(connect_as, hub, harbour, alice, bob)
    await post(harbour, alice, "Ahoy")
    await post(harbour, bob, "Aye")
    await until(lambda: texts(hers.socket) == texts(his.socket) == ["Ahoy", "Aye"])


async def test_connections_that_do_not_watch_get_no_messages(hub, connect_as, harbour, alice, bob, charlie):
    hers, his = await watching(connect_as, hub, harbour, alice, bob)
    stranger = await connect_as(charlie)
    hub.watches.stop(his, "harbour")
    await post(harbour, alice)
    await until(lambda: texts(hers.socket))
    assert his.socket.of("message") == stranger.socket.frames == []


async def test_late_events_are_put_in_order_and_repeated_ones_dropped(hub, connect_as, harbour, alice, envelopes):
    (hers,) = await watching(connect_as, hub, harbour, alice)
    for body in ("one", "two", "three"):
        await post(harbour, alice, body)
    first, second, third = envelopes
    for envelope in (second, third, second, first, first, third):
        hub.delivery.deliver(envelope)
    await settle()
    assert [frame["version"] for frame in hers.socket.of("message")] == [1, 2, 3]
    assert hers.socket.of("changes") == []


async def test_a_gap_is_closed_from_the_database(hub, connect_as, harbour, alice, lost):
    (hers,) = await watching(connect_as, hub, harbour, alice)
    with lost():
        first = await post(harbour, alice, "one")
        await database.write(messages.edit, message=first.pk, by=alice, body="1")
    await post(harbour, alice, "three")
    await until(lambda: "three" in texts(hers.socket))
    assert texts(hers.socket) == ["1", "three"]
    assert [(f["after"], f["upto"]) for f in hers.socket.of("changes")] in ([(0, 2)], [(0, 3)])


async def test_the_check_sends_a_change_whose_event_was_lost(hub, connect_as, harbour, alice, bob, lost):
    hers, his = await watching(connect_as, hub, harbour, alice, bob)
    with lost():
        await post(harbour, alice, "one")
    await checks.check(hub)
    await until(lambda: texts(hers.socket) == texts(his.socket) == ["one"])
    await checks.check(hub)
    await settle()
    assert texts(hers.socket) == ["one"]


async def test_copies_equal_the_room_after_lost_repeated_and_shuffled_events(
    hub, connect_as, garden, alice, bob, gina, envelopes
):
    """Events are lost, repeated and shuffled, while people open the room."""
    import random

    chance = random.Random(5)
    watchers = []

    async def join(person):
        connection = await connect_as(person)
        watchers.append((connection, await open_room(hub, connection, "garden")))

    await join(alice)
    posted = []
    for number in range(60):
        author = chance.choice([alice, bob, gina])
        if posted and chance.random() < 0.4:
            message, its_author = chance.choice(posted)
            await database.write(messages.edit, message=message.pk, by=its_author, body=f"edit {number}")
        else:
            posted.append((await post(garden, author, f"{number}"), author))
        if number % 20 == 10:
            await join(chance.choice([bob, gina]))
        if chance.random() < 0.5:
            some = [envelope for envelope in envelopes if chance.random() < 0.7]
            chance.shuffle(some)
            envelopes.clear()
            for envelope in some * chance.choice([1, 2]):
                hub.delivery.deliver(envelope)
    await checks.check(hub)
    last = await connect_as(alice)
    truth = await open_room(hub, last, "garden")
    await until(lambda: all(_stands_at(connection, copy, truth.version) for connection, copy in watchers))
    for _connection, copy in watchers:
        assert (copy.faults, copy.holes) == ([], 0)
        newest = truth.in_order()
        assert copy.in_order()[-len(newest) :] == newest


def _stands_at(connection, copy, version) -> bool:
    frames, connection.socket._frames = connection.socket.frames, []
    for frame in frames:
        if frame.get("room") == copy.slug:
            copy.apply(frame)
    return copy.version == version


async def test_an_event_that_comes_while_the_room_is_read_follows_the_delta(hub, connect_as, harbour, alice, envelopes):
    await post(harbour, alice, "one")
    hers = await connect_as(alice)
    hub.watches.begin(hers, "harbour")
    await post(harbour, alice, "two")
    hub.delivery.deliver(envelopes[1])
    await settle()
    assert hers.socket.frames == []
    # The delta was read before “two” was posted.
    hub.watches.start(hers, "harbour", harbour.pk, 1)
    await settle()
    assert texts(hers.socket) == ["two"]


async def test_an_event_that_the_delta_contains_is_not_sent_to_the_first_watcher(
    hub, connect_as, harbour, alice, envelopes
):
    hers = await connect_as(alice)
    hub.watches.begin(hers, "harbour")
    await post(harbour, alice, "one")
    hub.delivery.deliver(envelopes[0])
    hub.watches.start(hers, "harbour", harbour.pk, 1)
    await settle()
    assert hers.socket.frames == []


async def test_two_people_who_open_a_room_at_once_both_get_everything(
    hub, connect_as, harbour, alice, bob, envelopes, monkeypatch
):
    """The person with the older snapshot may be ready last: the hub began at a later version than that snapshot."""
    hers, his = await connect_as(alice), await connect_as(bob)
    may_go_on = asyncio.Event()
    read, slow = database.read, []

    async def read_slowly(work, *args):
        opened = await read(work, *args)
        if not slow:
            slow.append(opened)
            await may_go_on.wait()
        return opened

    monkeypatch.setattr(database, "read", read_slowly)
    opening = asyncio.ensure_future(open_room(hub, hers, "harbour"))
    await until(lambda: slow)
    await post(harbour, alice, "one")
    await open_room(hub, his, "harbour")
    may_go_on.set()
    copy = await opening
    for frame in hers.socket.of("message", "changes"):
        copy.apply(frame)
    assert (copy.version, [message["text"] for message in copy.in_order()]) == (1, ["one"])


async def test_open_with_since_returns_what_was_missed(hub, connect_as, harbour, alice, bob):
    hers, _his = await watching(connect_as, hub, harbour, alice, bob)
    hub.watches.stop(hers, "harbour")
    await post(harbour, bob, "one")
    epoch = hers.socket.of("reply")[-1]["epoch"]
    await execute(commands.Open(room="harbour", since=0, epoch=epoch), hers, hub)
    await post(harbour, bob, "two")
    await until(lambda: texts(hers.socket) == ["two"])
    assert [m["text"] for m in hers.socket.of("reply")[-1]["messages"]] == ["one"]
    assert not hers.socket.of("reply")[-1]["limited"]


async def test_a_room_without_watchers_is_removed_from_the_hub(hub, connect_as, harbour, alice, bob):
    hers, his = await watching(connect_as, hub, harbour, alice, bob)
    hub.watches.stop(hers, "harbour")
    assert hub.presence.online("harbour") == 1
    hub.remove(his)
    assert (hub.watches, hub.presence.online("harbour")) == ({}, 0)
    hub.remove(hers)
    assert not hub.roster.connections
    assert not hub.roster.members


async def test_a_refused_open_watches_nothing(hub, connect_as, harbour, charlie):
    from chat.domain.errors import NotFound

    stranger = await connect_as(charlie)
    for slug in ("harbour", "nowhere"):
        with pytest.raises(NotFound):
            await execute(commands.Open(room=slug), stranger, hub)
    assert hub.watches == {}
    assert stranger.socket.frames == []


async def test_a_change_of_the_room_keeps_its_place_among_the_messages(hub, connect_as, harbour, alice):
    (hers,) = await watching(connect_as, hub, harbour, alice)
    await post(harbour, alice, "one")
    await database.write(lambda: rooms.change(room=harbour, name="Haven"))
    await post(harbour, alice, "two")
    await until(lambda: len(hers.socket.of("message", "room")) == 3)
    assert [(f["type"], f["version"]) for f in hers.socket.of("message", "room")] == [
        ("message", 1),
        ("room", 2),
        ("message", 3),
    ]
