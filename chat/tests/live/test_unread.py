"""Counts for those who do not watch, and who is here for those who do."""

import pytest

from chat.domain import lists, messages
from chat.live import checks, unread
from chat.tests.live.wires import open_room, post, settle, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def counting(hub, monkeypatch):
    """The hub's counter, at work."""
    monkeypatch.setattr(unread, "GATHER_S", 0)
    monkeypatch.setattr(unread, "REST_FACTOR", 0)
    hub.spawn(hub.unread.run())
    return hub.unread


def counts(socket) -> list[tuple[int, int]]:
    return [(frame["unread"], frame["mentions"]) for frame in socket.wire.of("unread")]


async def test_bob_hears_of_news_in_a_room_he_does_not_watch(hub, arrive, counting, harbour, alice, bob):
    first, second, hers = await arrive(bob), await arrive(bob), await arrive(alice)
    await open_room(hub, second, "harbour")
    await open_room(hub, hers, "harbour")
    message = await post(harbour, alice, "Ahoy @bob")
    await until(lambda: counts(first) == [(1, 1)])
    await settle()
    assert counts(second) == counts(hers) == []
    await _do(messages.delete, message=message.pk, by=alice)
    await until(lambda: counts(first)[-1] == (0, 0))


async def test_charlie_is_not_told_of_rooms_that_are_not_his(
    hub, arrive, counting, harbour, garden, alice, bob, charlie
):
    his, strangers = await arrive(bob), await arrive(charlie)
    await post(harbour, alice)
    await post(garden, alice)
    await until(lambda: len(counts(his)) == 2)
    assert strangers.wire.frames == []


async def test_the_check_finds_news_that_were_lost(hub, arrive, counting, harbour, alice, bob, lost):
    his = await arrive(bob)
    with lost():
        await post(harbour, alice)
    await checks.check(hub)
    await until(lambda: counts(his) == [(1, 0)])
    await checks.check(hub)
    await settle()
    assert counts(his) == [(1, 0)]


async def test_many_news_are_counted_together_by_one_query(hub, arrive, harbour, alice, bob, monkeypatch):
    his, hers = await arrive(bob), await arrive(alice)
    asked = []
    count = lists.unread_counts
    monkeypatch.setattr(lists, "unread_counts", lambda *args: asked.append(args) or count(*args))
    for _ in range(5):
        await post(harbour, alice)
    await until(lambda: hub.unread._rooms)
    hub.spawn(hub.unread.run())
    await until(lambda: counts(his) == [(5, 0)] and counts(hers) == [(0, 0)])
    ((room_id, users),) = asked
    assert (room_id, set(users)) == (harbour.pk, {alice.pk, bob.pk})


async def test_nobody_to_tell_is_nothing_to_count(hub, arrive, counting, harbour, alice, monkeypatch):
    asked = []
    monkeypatch.setattr(lists, "unread_counts", lambda *args: asked.append(args) or [])
    hers = await arrive(alice)
    await open_room(hub, hers, "harbour")
    await post(harbour, alice)
    await until(lambda: hers.wire.of("message"))
    await until(lambda: not hub.unread._rooms)
    await settle()
    assert asked == []


async def test_a_count_that_fails_is_not_the_end_of_counting(
    hub, arrive, counting, harbour, garden, alice, bob, monkeypatch, caplog
):
    his = await arrive(bob)
    count = lists.unread_counts

    def fail(room_id, users):
        if room_id == harbour.pk:
            raise RuntimeError("cannot count")
        return count(room_id, users)

    monkeypatch.setattr(lists, "unread_counts", fail)
    await post(harbour, alice)
    await until(lambda: "cannot count" in caplog.text)
    await post(garden, alice)
    await until(lambda: counts(his) == [(1, 0)])


# --- Who is here


async def test_watchers_are_told_who_came_and_went(hub, arrive, harbour, alice, bob):
    hers, his = await arrive(alice), await arrive(bob)
    await open_room(hub, hers, "harbour")
    checks.show_presence(hub, full=False)
    await open_room(hub, his, "harbour")
    checks.show_presence(hub, full=False)
    hub.unwatch(his, "harbour")
    checks.show_presence(hub, full=False)
    checks.show_presence(hub, full=True)
    await settle()
    told = [
        (frame["online"], *([you["user"]["name"] for you in frame[who]] for who in ("joined", "left")))
        for frame in hers.wire.of("presence")
    ]
    assert told == [(1, ["alice"], []), (2, ["bob"], []), (1, [], ["bob"])]
    assert len(hub.relay._gossip) == 4


async def test_opening_a_room_says_who_is_there(hub, arrive, garden, alice, gina):
    await open_room(hub, await arrive(alice), "garden")
    guests = await arrive(gina)
    await open_room(hub, guests, "garden")
    (reply,) = guests.wire.of("reply")
    names = [(you["user"] or you["guest"])["name"] for you in reply["here"]]
    # The one who asks counts as well.
    assert (reply["online"], names) == (2, ["alice", gina.name])
    await open_room(hub, guests, "garden")
    reply = guests.wire.of("reply")[-1]
    assert reply["online"] == 2
    assert {"user": None, "guest": {"id": gina.id, "name": gina.name}} in reply["here"]


async def _do(verb, **arguments):
    from chat.live import database

    return await database.write(verb, **arguments)
