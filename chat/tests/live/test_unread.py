"""Unread counts for members who do not watch a room, presence for those who do."""

import uuid

import pytest

from chat.domain import messages, room_lists
from chat.live import checks, unread
from chat.tests.live.fake_sockets import open_room, post, settle, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def counting(hub, monkeypatch):
    """The running counter of the hub."""
    monkeypatch.setattr(unread, "GATHER_S", 0)
    monkeypatch.setattr(unread, "REST_FACTOR", 0)
    hub.spawn(hub.unread.run())
    return hub.unread


def counts(connection) -> list[tuple[int, int]]:
    return [(frame["unread"], frame["mentions"]) for frame in connection.socket.of("unread")]


async def test_bob_gets_counts_of_a_room_that_he_does_not_watch(hub, connect_as, counting, harbour, alice, bob):
    first, second, hers = await connect_as(bob), await connect_as(bob), await connect_as(alice)
    await open_room(hub, second, "harbour")
    await open_room(hub, hers, "harbour")
    message = await post(harbour, alice, "Ahoy @bob")
    await until(lambda: counts(first) == [(1, 1)])
    await settle()
    assert counts(second) == counts(hers) == []
    await _do(messages.delete, message=message.pk, by=alice)
    await until(lambda: counts(first)[-1] == (0, 0))


async def test_charlie_gets_no_counts_of_rooms_that_are_not_on_his_list(
    hub, connect_as, counting, harbour, garden, alice, bob, charlie
):
    his, strangers = await connect_as(bob), await connect_as(charlie)
    await post(harbour, alice)
    await post(garden, alice)
    await until(lambda: len(counts(his)) == 2)
    assert strangers.socket.frames == []


async def test_the_check_finds_changes_whose_events_were_lost(hub, connect_as, counting, harbour, alice, bob, lost):
    his = await connect_as(bob)
    with lost():
        await post(harbour, alice)
    await checks.check(hub)
    await until(lambda: counts(his) == [(1, 0)])
    await checks.check(hub)
    await settle()
    assert counts(his) == [(1, 0)]


async def test_many_changes_are_counted_by_one_query(hub, connect_as, harbour, alice, bob, monkeypatch):
    his, hers = await connect_as(bob), await connect_as(alice)
    asked = []
    count = room_lists.unread_counts
    monkeypatch.setattr(room_lists, "unread_counts", lambda *args: asked.append(args) or count(*args))
    for _ in range(5):
        await post(harbour, alice)
    await until(lambda: hub.unread._rooms)
    hub.spawn(hub.unread.run())
    await until(lambda: counts(his) == [(5, 0)] and counts(hers) == [(0, 0)])
    ((room_id, users),) = asked
    assert (room_id, set(users)) == (harbour.pk, {alice.pk, bob.pk})


async def test_nothing_is_counted_if_all_members_watch(hub, connect_as, counting, harbour, alice, monkeypatch):
    asked = []
    monkeypatch.setattr(room_lists, "unread_counts", lambda *args: asked.append(args) or [])
    hers = await connect_as(alice)
    await open_room(hub, hers, "harbour")
    await post(harbour, alice)
    await until(lambda: hers.socket.of("message"))
    await until(lambda: not hub.unread._rooms)
    await settle()
    assert asked == []


async def test_counting_continues_after_an_error(
    hub, connect_as, counting, harbour, garden, alice, bob, monkeypatch, caplog
):
    his = await connect_as(bob)
    count = room_lists.unread_counts

    def fail(room_id, users):
        if room_id == harbour.pk:
            raise RuntimeError("cannot count")
        return count(room_id, users)

    monkeypatch.setattr(room_lists, "unread_counts", fail)
    await post(harbour, alice)
    await until(lambda: "cannot count" in caplog.text)
    await post(garden, alice)
    await until(lambda: counts(his) == [(1, 0)])


# --- Presence


async def test_watchers_get_who_came_and_left(hub, connect_as, harbour, alice, bob):
    hers, his = await connect_as(alice), await connect_as(bob)
    await open_room(hub, hers, "harbour")
    checks.send_presence(hub, full=False)
    await open_room(hub, his, "harbour")
    checks.send_presence(hub, full=False)
    hub.watches.stop(his, "harbour")
    checks.send_presence(hub, full=False)
    checks.send_presence(hub, full=True)
    await settle()
    told = [
        (frame["online"], *([you["user"]["name"] for you in frame[who]] for who in ("joined", "left")))
        for frame in hers.socket.of("presence")
    ]
    assert told == [(1, ["alice"], []), (2, ["bob"], []), (1, [], ["bob"])]
    assert len(hub.relay._gossip) == 4


async def test_the_answer_to_open_names_who_is_present(hub, connect_as, garden, alice, gina):
    await open_room(hub, await connect_as(alice), "garden")
    guests = await connect_as(gina)
    await open_room(hub, guests, "garden")
    (reply,) = guests.socket.of("reply")
    names = [(you["user"] or you["guest"])["name"] for you in reply["here"]]
    # The person who opens is counted too.
    assert (reply["online"], names) == (2, ["alice", gina.name])
    await open_room(hub, guests, "garden")
    reply = guests.socket.of("reply")[-1]
    assert reply["online"] == 2
    assert {"user": None, "guest": {"id": gina.id, "name": gina.name}} in reply["here"]


async def _do(verb, **arguments):
    from chat.live import database

    return await database.write(verb, **arguments)


async def test_a_count_says_whether_only_silent_messages_came(hub, connect_as, counting, harbour, alice, bob):
    his = await connect_as(bob)

    def told() -> list[tuple[int, bool]]:
        return [(frame["unread"], frame["silent"]) for frame in his.socket.of("unread")]

    await _do(messages.post, room="harbour", author=alice, body="No hurry", client_id=uuid.uuid4(), silent=True)
    await until(lambda: told() == [(1, True)])
    await post(harbour, alice)
    await until(lambda: told() == [(1, True), (2, False)])
