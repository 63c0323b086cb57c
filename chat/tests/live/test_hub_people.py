"""The hub: lists of rooms, people who lose access to a room, sessions that end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import accounts, missed_changes, reading, rooms
from chat.live import checks, database
from chat.live.execution import execute
from chat.models import Membership, Session
from chat.protocol import commands
from chat.tests.live.fake_sockets import open_room, post, settle, texts, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def in_the_garden(hub, connect_as, garden, alice, bob, charlie, gina):
    """Connections of Alice and Bob (members), Charlie (a stranger) and Gina (a guest), who watch the garden."""
    sockets = [await connect_as(person) for person in (alice, bob, charlie, gina)]
    for connection in sockets:
        await open_room(hub, connection, "garden")
    return sockets


def removed(connection) -> bool:
    return [frame["room"] for frame in connection.socket.of("room_removed")] == ["garden"]


@pytest.fixture(params=["told", "lost"])
def by(request, hub, lost):
    """Function that calls a verb. The hub gets its events, or finds the change by its check."""

    async def do(work):
        if request.param == "told":
            await database.write(work)
        else:
            with lost():
                await database.write(work)
            await checks.check(hub)

    return do


async def test_strangers_and_guests_lose_a_room_that_becomes_private(hub, in_the_garden, garden, alice, by):
    hers, his, strangers, guests = in_the_garden
    await by(lambda: rooms.change(room=garden, kind="private"))
    await until(lambda: removed(strangers) and removed(guests))
    await post(garden, alice, "Are they gone?")
    await until(lambda: "Are they gone?" in texts(hers.socket) and "Are they gone?" in texts(his.socket))
    assert texts(strangers.socket) == texts(guests.socket) == []
    assert not removed(hers)
    assert hub.presence.online("garden") == 2


async def test_only_guests_lose_a_room_that_is_closed_to_guests(hub, in_the_garden, garden, alice, by):
    _hers, _his, strangers, guests = in_the_garden
    await by(lambda: rooms.change(room=garden, guests="none"))
    await until(lambda: removed(guests))
    await post(garden, alice, "Ahoy")
    await until(lambda: "Ahoy" in texts(strangers.socket))
    assert texts(guests.socket) == []


async def test_an_old_room_event_removes_nobody(hub, in_the_garden, garden):
    from chat.dispatch import dispatcher

    kept = []
    dispatcher.connect(dispatcher.HUB, kept.append)
    await database.write(lambda: rooms.change(room=garden, kind="private"))
    await database.write(lambda: rooms.change(room=garden, kind="public", guests="read"))
    for envelope in reversed(kept):
        hub.delivery.deliver(envelope)
    await settle()
    # A person who has access again does not lose it by an older event.
    assert not any(map(removed, in_the_garden))


async def test_a_room_that_becomes_private_during_open_is_not_shown(hub, connect_as, garden, charlie, monkeypatch):
    from chat.domain.errors import NotFound

    stranger = await connect_as(charlie)
    read = database.read

    async def read_and_close(work, *args):
        opened = await read(work, *args)
        await database.write(lambda: rooms.change(room=garden, kind="private"))
        await until(lambda: removed(stranger))
        return opened

    monkeypatch.setattr(database, "read", read_and_close)
    with pytest.raises(NotFound):
        await execute(commands.Open(room="garden"), stranger, hub)
    assert stranger.socket.of("reply") == []
    assert hub.watches == {}


async def test_bob_loses_a_private_room_when_he_is_removed(hub, connect_as, harbour, alice, bob, by):
    hers, his = await connect_as(alice), await connect_as(bob)
    for connection in (hers, his):
        await open_room(hub, connection, "harbour")
    await by(lambda: rooms.leave(room=harbour, user=bob))
    await until(lambda: his.socket.of("room_removed"))
    await post(harbour, alice, "Is he gone?")
    await until(lambda: texts(hers.socket))
    assert texts(his.socket) == []
    assert "harbour" not in hub.roster.lists[bob.pk]


async def test_all_connections_of_a_person_get_a_new_room(hub, connect_as, harbour, charlie, by):
    first, second = await connect_as(charlie), await connect_as(charlie)
    await by(lambda: rooms.join(room=harbour, user=charlie))
    await until(lambda: first.socket.of("room_added") and second.socket.of("room_added"))
    (added,) = first.socket.of("room_added")
    assert (added["room"], added["state"]["role"], added["state"]["name"]) == ("harbour", "member", "Harbour")
    await checks.check(hub)
    assert len(first.socket.of("room_added")) == 1


async def test_members_who_do_not_watch_get_a_new_name_of_the_room(hub, connect_as, harbour, alice, bob, by):
    hers, his = await connect_as(alice), await connect_as(bob)
    await open_room(hub, hers, "harbour")
    await by(lambda: rooms.change(room=harbour, name="Haven"))
    await until(lambda: his.socket.of("room"))
    assert [frame["state"]["name"] for frame in his.socket.of("room")] == ["Haven"]
    assert len(await until(lambda: hers.socket.of("room", "changes"))) == 1


async def test_all_connections_of_bob_get_what_he_read(hub, connect_as, harbour, alice, bob):
    await post(harbour, alice)
    first, second, hers = await connect_as(bob), await connect_as(bob), await connect_as(alice)
    await database.write(reading.read, room="harbour", user=bob, upto=1)
    await until(lambda: first.socket.of("read") and second.socket.of("read"))
    assert hers.socket.frames == []


# --- Sessions and accounts


def key(user) -> str:
    """Make a valid session of this user, whose key is the user's name."""
    expires = timezone.now() + timedelta(days=1)
    Session.objects.create(session_key=user.handle, session_data="", expire_date=expires, user=user)
    return user.handle


@pytest.fixture
async def signed_in(connect_as, alice, bob):
    """Connections of Alice and of Bob, each with a session."""
    return [await connect_as(user, session_key=await database.write(key, user)) for user in (alice, bob)]


def was_signed_out(connection) -> bool:
    return connection.socket.code == 4001 and connection.socket.of("bye") == [
        {"type": "bye", "reason": "signed_out", "retry_after": 0}
    ]


@pytest.mark.parametrize("end", ["session", "password", "account"])
async def test_a_connection_closes_when_its_session_password_or_account_ends(hub, signed_in, bob, end):
    hers, his = signed_in

    def work():
        if end == "session":
            Session.objects.filter(session_key="bob").delete()
        elif end == "password":
            bob.set_password("another one")
            bob.save()
        else:
            type(bob).objects.filter(pk=bob.pk).update(is_active=False)

    await database.write(work)
    await checks.check(hub)
    assert was_signed_out(his)
    assert not hers.closed
    # He gets nothing more, whatever happens until his side has closed.
    await checks.check(hub)
    assert len(his.socket.of("bye")) == 1


async def test_a_connection_closes_also_if_the_account_is_activated_again_before_the_check(
    hub, signed_in, bob, dora, lost
):
    hers, his = signed_in

    def work():
        accounts.deactivate(user=bob, by=dora)
        accounts.reactivate(user=bob)

    with lost():
        await database.write(work)
    await checks.check(hub)
    assert was_signed_out(his)
    assert not hers.closed


async def test_an_event_of_a_changed_account_starts_a_check_at_once(hub, signed_in, bob):
    from chat.dispatch.publish import publish_account_change

    _hers, his = signed_in

    def work():
        type(bob).objects.filter(pk=bob.pk).update(is_active=False)
        publish_account_change(bob.pk)

    await database.write(work)
    await until(lambda: was_signed_out(his))


async def test_checks_look_at_all_connections_in_turn(hub, signed_in, connect_as, bob, monkeypatch):
    monkeypatch.setattr(checks, "PEOPLE_A_CHECK", 1)
    _hers, his = signed_in
    await database.write(lambda: Session.objects.filter(session_key="bob").delete())
    for _ in range(2):
        await checks.check(hub)
    assert was_signed_out(his)


async def test_a_guest_without_a_session_stays_connected(hub, connect_as, gina):
    guests = await connect_as(gina)
    await checks.check(hub)
    assert not guests.closed


async def test_a_check_without_a_database_is_repeated(hub, signed_in, monkeypatch, caplog):
    from django.db import OperationalError

    from chat.domain import live_state

    def away(*_args):
        raise OperationalError("nobody there")

    monkeypatch.setattr(live_state, "read_live_state", away)
    await checks.check_accounts(hub, (1,))
    assert "nobody there" in caplog.text
    assert not any(connection.closed for connection in signed_in)
    assert await database.read(Membership.objects.count) == 0


# --- Messages after a removal whose event was lost


@pytest.mark.parametrize("verb", ["leave", "remove"])
async def test_a_removed_member_gets_nothing_after_the_removal(hub, connect_as, harbour, alice, bob, lost, verb):
    hers, his = await connect_as(alice), await connect_as(bob)
    for connection in (hers, his):
        await open_room(hub, connection, "harbour")
    await post(harbour, alice, "Before")
    with lost():
        await database.write(lambda: getattr(rooms, verb)(room=harbour, user=bob))
    await post(harbour, alice, "After")
    await until(lambda: "After" in texts(hers.socket))
    assert texts(his.socket) == ["Before"]
    assert [frame["room"] for frame in his.socket.of("room_removed")] == ["harbour"]
    assert his not in hub.watches["harbour"]


async def test_a_person_removed_from_a_public_room_gets_nothing_more(hub, in_the_garden, garden, alice, charlie, lost):
    hers, _his, strangers, guests = in_the_garden
    with lost():
        await database.write(lambda: rooms.remove(room=garden, user=charlie))
    await post(garden, alice, "After")
    await until(lambda: "After" in texts(hers.socket) and "After" in texts(guests.socket))
    assert removed(strangers)
    assert texts(strangers.socket) == []


async def test_a_person_who_opens_the_room_during_the_query_is_checked_too(
    hub, connect_as, harbour, alice, bob, lost, monkeypatch
):
    hers, his = await connect_as(alice), await connect_as(bob)
    await open_room(hub, hers, "harbour")
    missed, asked = missed_changes.read, []

    def ask(room_id, after, users):
        asked.append(set(users))
        if len(asked) == 1:
            # As if he had read the room just before he was removed.
            hub.loop.call_soon_threadsafe(hub.watches.begin, his, "harbour")
        return missed(room_id, after, users)

    monkeypatch.setattr(missed_changes, "read", ask)
    with lost():
        await database.write(lambda: rooms.remove(room=harbour, user=bob))
    await post(harbour, alice, "After")
    await until(lambda: "After" in texts(hers.socket))
    assert asked == [{alice.pk}, {alice.pk, bob.pk}]
    assert his not in hub.watches["harbour"]


async def test_the_check_finds_a_removal_when_nobody_posts(hub, connect_as, harbour, bob, alice, lost, monkeypatch):
    monkeypatch.setattr(checks, "PEOPLE_A_CHECK", 0)
    hers, his = await connect_as(alice), await connect_as(bob)
    for connection in (hers, his):
        await open_room(hub, connection, "harbour")
    with lost():
        await database.write(lambda: rooms.remove(room=harbour, user=bob))
    await checks.check(hub)
    await until(lambda: his.socket.of("room_removed"))
    assert hers in hub.watches["harbour"]


async def test_a_removed_member_does_not_get_a_new_topic(hub, connect_as, harbour, alice, bob, lost):
    hers, his = await connect_as(alice), await connect_as(bob)
    with lost():
        await database.write(lambda: rooms.remove(room=harbour, user=bob))
    await database.write(lambda: rooms.change(room=harbour, topic="What Bob must not know"))
    await until(lambda: hers.socket.of("room"))
    assert his.socket.of("room") == []
