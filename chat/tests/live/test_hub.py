"""The hub: every watcher gets every change of its room, in order, once, whatever was lost on the way."""

import asyncio

import pytest

from chat.domain import messages, rooms
from chat.events import publish
from chat.live import checks, commands, database
from chat.tests.live.wires import open_room, post, settle, texts, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def envelopes(hub):
    """What is published, in a list, and not handed to the hub."""
    kept = []
    publish.attach(kept.append)
    return kept


async def watching(arrive, hub, room, *people):
    """Connect these people and let them open the room: their connections."""
    connections = [await arrive(person) for person in people]
    for connection in connections:
        await open_room(hub, connection, room.slug)
    return connections


async def test_watchers_get_what_is_said(hub, arrive, harbour, alice, bob):
    hers, his = await watching(arrive, hub, harbour, alice, bob)
    await post(harbour, alice, "Ahoy")
    await post(harbour, bob, "Aye")
    await until(lambda: texts(hers.wire) == texts(his.wire) == ["Ahoy", "Aye"])


async def test_whoever_does_not_watch_gets_nothing(hub, arrive, harbour, alice, bob, charlie):
    hers, his = await watching(arrive, hub, harbour, alice, bob)
    stranger = await arrive(charlie)
    hub.unwatch(his, "harbour")
    await post(harbour, alice)
    await until(lambda: texts(hers.wire))
    assert his.wire.of("message") == stranger.wire.frames == []


async def test_late_events_are_put_in_order_and_doubled_ones_dropped(hub, arrive, harbour, alice, envelopes):
    (hers,) = await watching(arrive, hub, harbour, alice)
    for body in ("one", "two", "three"):
        await post(harbour, alice, body)
    first, second, third = envelopes
    for envelope in (second, third, second, first, first, third):
        hub.deliver(envelope)
    await settle()
    assert [frame["version"] for frame in hers.wire.of("message")] == [1, 2, 3]
    assert hers.wire.of("changes") == []


async def test_a_hole_is_closed_from_the_database(hub, arrive, harbour, alice, lost):
    (hers,) = await watching(arrive, hub, harbour, alice)
    with lost():
        first = await post(harbour, alice, "one")
        await database.write(messages.edit, message=first.pk, by=alice, body="1")
    await post(harbour, alice, "three")
    await until(lambda: "three" in texts(hers.wire))
    assert texts(hers.wire) == ["1", "three"]
    assert [(f["after"], f["upto"]) for f in hers.wire.of("changes")] in ([(0, 2)], [(0, 3)])


async def test_the_check_closes_what_nobody_told_of(hub, arrive, harbour, alice, bob, lost):
    hers, his = await watching(arrive, hub, harbour, alice, bob)
    with lost():
        await post(harbour, alice, "one")
    await checks.check(hub)
    await until(lambda: texts(hers.wire) == texts(his.wire) == ["one"])
    await checks.check(hub)
    await settle()
    assert texts(hers.wire) == ["one"]


async def test_a_storm_leaves_every_copy_as_the_room_is(hub, arrive, garden, alice, bob, gina, envelopes):
    """Events dropped, doubled and shuffled; people who open the room in the middle of it."""
    import random

    chance = random.Random(5)
    watchers = []

    async def join(person):
        connection = await arrive(person)
        watchers.append((connection, await open_room(hub, connection, "garden")))

    await join(alice)
    said = []
    for number in range(60):
        author = chance.choice([alice, bob, gina])
        if said and chance.random() < 0.4:
            message, its_author = chance.choice(said)
            await database.write(messages.edit, message=message.pk, by=its_author, body=f"edit {number}")
        else:
            said.append((await post(garden, author, f"{number}"), author))
        if number % 20 == 10:
            await join(chance.choice([bob, gina]))
        if chance.random() < 0.5:
            some = [envelope for envelope in envelopes if chance.random() < 0.7]
            chance.shuffle(some)
            envelopes.clear()
            for envelope in some * chance.choice([1, 2]):
                hub.deliver(envelope)
    await checks.check(hub)
    last = await arrive(alice)
    truth = await open_room(hub, last, "garden")
    await until(lambda: all(_stands_at(connection, copy, truth.version) for connection, copy in watchers))
    for _connection, copy in watchers:
        assert (copy.faults, copy.holes) == ([], 0)
        newest = truth.in_order()
        assert copy.in_order()[-len(newest) :] == newest


def _stands_at(connection, copy, version) -> bool:
    frames, connection.wire._frames = connection.wire.frames, []
    for frame in frames:
        if frame.get("room") == copy.slug:
            copy.apply(frame)
    return copy.version == version


async def test_what_comes_while_the_room_is_read_follows_the_fill(hub, arrive, harbour, alice, envelopes):
    await post(harbour, alice, "one")
    hers = await arrive(alice)
    hub.begin_watch(hers, "harbour")
    await post(harbour, alice, "two")
    hub.deliver(envelopes[1])
    await settle()
    assert hers.wire.frames == []
    # The fill was read before “two” was said.
    hub.watch(hers, "harbour", harbour.pk, 1)
    await settle()
    assert texts(hers.wire) == ["two"]


async def test_what_the_fill_holds_already_is_not_handed_out_to_a_first_watcher(hub, arrive, harbour, alice, envelopes):
    hers = await arrive(alice)
    hub.begin_watch(hers, "harbour")
    await post(harbour, alice, "one")
    hub.deliver(envelopes[0])
    hub.watch(hers, "harbour", harbour.pk, 1)
    await settle()
    assert hers.wire.frames == []


async def test_two_who_open_at_once_both_get_all(hub, arrive, harbour, alice, bob, envelopes, monkeypatch):
    """The one whose snapshot is older may be ready last: the room began behind what it holds."""
    hers, his = await arrive(alice), await arrive(bob)
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
    for frame in hers.wire.of("message", "changes"):
        copy.apply(frame)
    assert (copy.version, [message["text"] for message in copy.in_order()]) == (1, ["one"])


async def test_opening_again_since_brings_what_was_missed(hub, arrive, harbour, alice, bob):
    hers, _his = await watching(arrive, hub, harbour, alice, bob)
    hub.unwatch(hers, "harbour")
    await post(harbour, bob, "one")
    epoch = hers.wire.of("reply")[-1]["epoch"]
    await commands.Open(room="harbour", since=0, epoch=epoch).run(hers, hub)
    await post(harbour, bob, "two")
    await until(lambda: texts(hers.wire) == ["two"])
    assert [m["text"] for m in hers.wire.of("reply")[-1]["messages"]] == ["one"]
    assert not hers.wire.of("reply")[-1]["limited"]


async def test_a_room_without_watchers_is_forgotten(hub, arrive, harbour, alice, bob):
    hers, his = await watching(arrive, hub, harbour, alice, bob)
    hub.unwatch(hers, "harbour")
    assert hub.presence.online("harbour") == 1
    hub.remove(his)
    assert (hub.watches, hub.presence.online("harbour")) == ({}, 0)
    hub.remove(hers)
    assert not hub.roster.connections
    assert not hub.roster.members


async def test_a_refused_open_watches_nothing(hub, arrive, harbour, charlie):
    from chat.domain.errors import NotFound

    stranger = await arrive(charlie)
    for slug in ("harbour", "nowhere"):
        with pytest.raises(NotFound):
            await commands.Open(room=slug).run(stranger, hub)
    assert hub.watches == {}
    assert stranger.wire.frames == []


async def test_a_changed_room_is_told_in_its_place_among_the_messages(hub, arrive, harbour, alice):
    (hers,) = await watching(arrive, hub, harbour, alice)
    await post(harbour, alice, "one")
    await database.write(lambda: rooms.change(room=harbour, name="Haven"))
    await post(harbour, alice, "two")
    await until(lambda: len(hers.wire.of("message", "room")) == 3)
    assert [(f["type"], f["version"]) for f in hers.wire.of("message", "room")] == [
        ("message", 1),
        ("room", 2),
        ("message", 3),
    ]
