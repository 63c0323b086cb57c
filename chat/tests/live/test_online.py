"""Who is online: the people of one's direct rooms, and nobody else."""

import pytest

from chat.domain import direct_rooms
from chat.live import checks, database
from chat.tests.live.fake_sockets import post, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def together(alice, bob):
    """The direct room of Alice and Bob, with one message."""
    room = await database.write(direct_rooms.find_or_make, people=[bob.pk], by=alice)
    await post(room, alice)
    return room


def online(connection) -> set[int]:
    """The ids of those who are online, by the events that the connection got."""
    found: set[int] = set()
    for frame in connection.socket.of("online"):
        found = (found - set(frame["left"])) | set(frame["joined"])
    return found


def leave(hub, connection) -> None:
    """End a connection, and let the hub tell who went."""
    hub.remove(connection)
    checks.send_presence(hub, full=False)


async def test_alice_is_told_who_of_her_direct_rooms_is_online_when_she_connects(hub, connect_as, together, alice, bob):
    await connect_as(bob)
    checks.send_presence(hub, full=False)
    hers = await connect_as(alice)
    assert online(hers) == {bob.pk}


async def test_alice_is_told_that_bob_comes_and_goes(hub, connect_as, together, alice, bob):
    hers = await connect_as(alice)
    assert online(hers) == set()
    his, his_phone = await connect_as(bob), await connect_as(bob)
    checks.send_presence(hub, full=False)
    await until(lambda: online(hers) == {bob.pk})
    leave(hub, his)
    assert online(hers) == {bob.pk}
    leave(hub, his_phone)
    await until(lambda: online(hers) == set())


async def test_strangers_are_told_nothing(hub, connect_as, together, charlie, alice, bob):
    strangers = await connect_as(charlie)
    await connect_as(alice)
    await connect_as(bob)
    checks.send_presence(hub, full=False)
    assert strangers.socket.of("online") == []


async def test_nobody_is_told_that_they_are_online_themselves(hub, connect_as, together, alice):
    hers, hers_too = await connect_as(alice), await connect_as(alice)
    checks.send_presence(hub, full=False)
    assert online(hers) == online(hers_too) == set()


async def test_people_of_a_new_direct_room_are_followed_at_once(hub, connect_as, charlie, alice):
    hers, theirs = await connect_as(alice), await connect_as(charlie)
    checks.send_presence(hub, full=False)
    assert online(hers) == online(theirs) == set()
    room = await database.write(direct_rooms.find_or_make, people=[charlie.pk], by=alice)
    await post(room, alice)
    checks.send_presence(hub, full=False)
    await until(lambda: online(theirs) == {alice.pk})
    await until(lambda: online(hers) == {charlie.pk})


async def test_nothing_is_kept_of_people_who_left(hub, connect_as, together, alice, bob):
    sockets = [await connect_as(alice), await connect_as(bob)]
    checks.send_presence(hub, full=False)
    for connection in sockets:
        leave(hub, connection)
    assert [hub.online._followed, hub.online._followers, hub.online._counted] == [{}, {}, set()]
