"""Changes of people reach all who may see them; a lost event arrives late rather than never."""

import pytest

from chat.domain import people, profiles
from chat.live import checks, database
from chat.live.execution import execute
from chat.protocol import people_commands
from chat.tests.live.fake_sockets import connect, open_room, post, settle, until

pytestmark = pytest.mark.django_db(transaction=True)


def names(connection) -> list[str]:
    return [frame["person"]["name"] for frame in connection.socket.of("person")]


async def rename(user, name):
    await database.write(profiles.change, user=user, display_name=name)


async def test_everyone_gets_a_change_at_once_in_rooms_or_not(hub, connect_as, harbour, alice, bob, charlie):
    hers, his = await connect_as(alice), await connect_as(charlie)
    await rename(alice, "Alice Archer")
    await until(lambda: names(hers) == names(his) == ["Alice Archer"])


async def test_a_lost_change_comes_with_the_next_check_once(hub, connect_as, lost, harbour, alice, bob):
    his = await connect_as(bob)
    with lost():
        await rename(alice, "Alice Archer")
        await settle()
    assert names(his) == []
    await checks.check(hub)
    await until(lambda: names(his) == ["Alice Archer"])
    await checks.check(hub)
    await settle()
    assert names(his) == ["Alice Archer"]


async def test_a_check_sends_nothing_that_an_event_has_sent(hub, connect_as, harbour, alice, bob):
    his = await connect_as(bob)
    await rename(alice, "Alice Archer")
    await until(lambda: names(his))
    await checks.check(hub)
    await settle()
    assert names(his) == ["Alice Archer"]


async def test_a_change_between_the_welcome_and_the_registration_of_a_socket_is_not_lost(hub, connect_as, alice, bob):
    await connect_as(bob)
    version = (await database.read(people.changed_after, 0))[0]
    await rename(alice, "Alice Archer")
    await settle()
    late = connect(hub, alice, people_version=len(version))
    await checks.check(hub)
    await until(lambda: names(late) == ["Alice Archer"])


async def test_guests_get_changes_of_people_whom_they_may_see_only(hub, connect_as, garden, alice, charlie, gina):
    hers = await connect_as(gina)
    await rename(charlie, "Charlie Chester")
    await rename(alice, "Alice Archer")
    await until(lambda: names(hers) == ["Alice Archer"])
    await settle()
    assert names(hers) == ["Alice Archer"]


async def test_messages_and_presence_have_the_new_name_from_then_on(hub, connect_as, harbour, alice, bob):
    hers, his = await connect_as(alice), await connect_as(bob)
    await open_room(hub, hers, "harbour")
    await rename(alice, "Alice Archer")
    await until(lambda: hers.you.user.name == "Alice Archer")
    await open_room(hub, his, "harbour")
    assert "Alice Archer" in {you["user"]["name"] for you in hub.presence.here("harbour")}
    await post(harbour, hers.person, "Ahoy")
    await until(lambda: his.socket.of("message"))
    assert his.socket.of("message")[-1]["message"]["author"]["name"] == "Alice Archer"


async def test_a_client_that_was_away_asks_for_the_people_who_changed(hub, connect_as, alice, bob):
    his = await connect_as(bob)
    await rename(alice, "Alice A")
    await rename(alice, "Alice Archer")
    reply = await execute(people_commands.ChangedPeople(since=0), his, hub)
    assert ([one.name for one in reply.people], reply.upto, reply.more) == (["Alice Archer"], 2, False)
    assert (await execute(people_commands.ChangedPeople(since=2), his, hub)).people == []


async def test_one_change_is_encoded_once_for_all_sockets(hub, connect_as, alice, bob, monkeypatch):
    from chat.protocol.events import PersonEvent

    encoded = []
    plain = PersonEvent.encode
    monkeypatch.setattr(PersonEvent, "encode", lambda self: encoded.append(self) or plain(self))
    his = [await connect_as(bob) for _ in range(5)]
    await rename(alice, "Alice Archer")
    await until(lambda: all(names(one) for one in his))
    assert len(encoded) == 1
