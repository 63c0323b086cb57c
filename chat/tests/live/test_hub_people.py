"""The hub: lists of rooms, rooms that are closed to some, sessions that end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import accounts, reading, rooms
from chat.live import checks, commands, database
from chat.models import Membership, Session
from chat.tests.live.wires import open_room, post, settle, texts, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def in_the_garden(hub, arrive, garden, alice, bob, charlie, gina):
    """Sockets of Alice and Bob (members), Charlie (a stranger) and Gina (a guest), who watch the garden."""
    sockets = [await arrive(person) for person in (alice, bob, charlie, gina)]
    for socket in sockets:
        await open_room(hub, socket, "garden")
    return sockets


def removed(socket) -> bool:
    return [frame["room"] for frame in socket.wire.of("room_removed")] == ["garden"]


@pytest.fixture(params=["told", "lost"])
def by(request, hub, lost):
    """Function that does something, of which the hub is told, or finds out by its check."""

    async def do(work):
        if request.param == "told":
            await database.write(work)
        else:
            with lost():
                await database.write(work)
            await checks.check(hub)

    return do


async def test_a_room_that_becomes_private_is_closed_to_strangers_and_guests(hub, in_the_garden, garden, alice, by):
    hers, his, strangers, guests = in_the_garden
    await by(lambda: rooms.change(room=garden, kind="private"))
    await until(lambda: removed(strangers) and removed(guests))
    await post(garden, alice, "Are they gone?")
    await until(lambda: "Are they gone?" in texts(hers.wire) and "Are they gone?" in texts(his.wire))
    assert texts(strangers.wire) == texts(guests.wire) == []
    assert not removed(hers)
    assert hub.presence.online("garden") == 2


async def test_a_room_that_is_closed_to_guests_stays_open_to_strangers(hub, in_the_garden, garden, alice, by):
    _hers, _his, strangers, guests = in_the_garden
    await by(lambda: rooms.change(room=garden, guests="none"))
    await until(lambda: removed(guests))
    await post(garden, alice, "Ahoy")
    await until(lambda: "Ahoy" in texts(strangers.wire))
    assert texts(guests.wire) == []


async def test_old_news_close_nothing(hub, in_the_garden, garden):
    from chat.events import publish

    kept = []
    publish.attach(kept.append)
    await database.write(lambda: rooms.change(room=garden, kind="private"))
    await database.write(lambda: rooms.change(room=garden, kind="public", guests="read"))
    for envelope in reversed(kept):
        hub.deliver(envelope)
    await settle()
    # Who was let in again is not shown out by what was so before.
    assert not any(map(removed, in_the_garden))


async def test_a_room_that_is_closed_while_it_is_opened_is_not_shown(hub, arrive, garden, charlie, monkeypatch):
    from chat.domain.errors import NotFound

    stranger = await arrive(charlie)
    read = database.read

    async def read_and_close(work, *args):
        opened = await read(work, *args)
        await database.write(lambda: rooms.change(room=garden, kind="private"))
        await until(lambda: removed(stranger))
        return opened

    monkeypatch.setattr(database, "read", read_and_close)
    with pytest.raises(NotFound):
        await commands.Open(room="garden").run(stranger, hub)
    assert stranger.wire.of("reply") == []
    assert hub.watches == {}


async def test_bob_is_shown_out_of_a_private_room(hub, arrive, harbour, alice, bob, by):
    hers, his = await arrive(alice), await arrive(bob)
    for socket in (hers, his):
        await open_room(hub, socket, "harbour")
    await by(lambda: rooms.leave(room=harbour, user=bob))
    await until(lambda: his.wire.of("room_removed"))
    await post(harbour, alice, "Is he gone?")
    await until(lambda: texts(hers.wire))
    assert texts(his.wire) == []
    assert "harbour" not in hub.roster.lists[bob.pk]


async def test_a_new_room_comes_to_all_sockets_of_a_person(hub, arrive, harbour, charlie, by):
    first, second = await arrive(charlie), await arrive(charlie)
    await by(lambda: rooms.join(room=harbour, user=charlie))
    await until(lambda: first.wire.of("room_added") and second.wire.of("room_added"))
    (added,) = first.wire.of("room_added")
    assert (added["room"], added["state"]["role"], added["state"]["name"]) == ("harbour", "member", "Harbour")
    await checks.check(hub)
    assert len(first.wire.of("room_added")) == 1


async def test_a_new_name_shows_in_the_lists_of_those_who_do_not_watch(hub, arrive, harbour, alice, bob, by):
    hers, his = await arrive(alice), await arrive(bob)
    await open_room(hub, hers, "harbour")
    await by(lambda: rooms.change(room=harbour, name="Haven"))
    await until(lambda: his.wire.of("room"))
    assert [frame["state"]["name"] for frame in his.wire.of("room")] == ["Haven"]
    assert len(await until(lambda: hers.wire.of("room", "changes"))) == 1


async def test_what_bob_reads_all_his_devices_hear(hub, arrive, harbour, alice, bob):
    await post(harbour, alice)
    first, second, hers = await arrive(bob), await arrive(bob), await arrive(alice)
    await database.write(reading.read, room="harbour", user=bob, upto=1)
    await until(lambda: first.wire.of("read") and second.wire.of("read"))
    assert hers.wire.frames == []


# --- Sessions and accounts


def key(user) -> str:
    """A session of this user that stands: its key, which is their name."""
    expires = timezone.now() + timedelta(days=1)
    Session.objects.create(session_key=user.username, session_data="", expire_date=expires, user=user)
    return user.username


@pytest.fixture
async def signed_in(arrive, alice, bob):
    """Sockets of Alice and of Bob, each with a session."""
    return [await arrive(user, session_key=await database.write(key, user)) for user in (alice, bob)]


def shown_out(socket) -> bool:
    return socket.wire.code == 4001 and socket.wire.of("bye") == [
        {"type": "bye", "reason": "signed_out", "retry_after": 0}
    ]


@pytest.mark.parametrize("end", ["session", "password", "account"])
async def test_a_socket_ends_with_its_session_password_or_account(hub, signed_in, bob, end):
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
    assert shown_out(his)
    assert not hers.closed
    # Nothing more is said to him, whatever happens until his side has closed.
    await checks.check(hub)
    assert len(his.wire.of("bye")) == 1


async def test_a_socket_ends_with_the_account_also_when_that_is_opened_again_before_the_check(
    hub, signed_in, bob, dora, lost
):
    hers, his = signed_in

    def work():
        accounts.deactivate(user=bob, by=dora)
        accounts.reactivate(user=bob)

    with lost():
        await database.write(work)
    await checks.check(hub)
    assert shown_out(his)
    assert not hers.closed


async def test_word_of_a_changed_account_is_looked_into_at_once(hub, signed_in, bob):
    from chat.events.publish import publish_account_change

    _hers, his = signed_in

    def work():
        type(bob).objects.filter(pk=bob.pk).update(is_active=False)
        publish_account_change(bob.pk)

    await database.write(work)
    await until(lambda: shown_out(his))


async def test_a_check_takes_people_by_turns_and_comes_round(hub, signed_in, arrive, bob, monkeypatch):
    monkeypatch.setattr(checks, "PEOPLE_A_CHECK", 1)
    _hers, his = signed_in
    await database.write(lambda: Session.objects.filter(session_key="bob").delete())
    for _ in range(2):
        await checks.check(hub)
    assert shown_out(his)


async def test_a_guest_without_a_session_stays(hub, arrive, gina):
    guests = await arrive(gina)
    await checks.check(hub)
    assert not guests.closed


async def test_a_check_that_finds_no_database_is_tried_again(hub, signed_in, monkeypatch, caplog):
    from django.db import OperationalError

    from chat.domain import standing

    def away(*_args):
        raise OperationalError("nobody there")

    monkeypatch.setattr(standing, "look", away)
    await checks.look_at(hub, (1,))
    assert "nobody there" in caplog.text
    assert not any(socket.closed for socket in signed_in)
    assert await database.read(Membership.objects.count) == 0


# --- What is said after a removal that no hub was told of


@pytest.mark.parametrize("verb", ["leave", "remove"])
async def test_nothing_that_follows_a_removal_reaches_the_removed(hub, arrive, harbour, alice, bob, lost, verb):
    hers, his = await arrive(alice), await arrive(bob)
    for socket in (hers, his):
        await open_room(hub, socket, "harbour")
    await post(harbour, alice, "Before")
    with lost():
        await database.write(lambda: getattr(rooms, verb)(room=harbour, user=bob))
    await post(harbour, alice, "After")
    await until(lambda: "After" in texts(hers.wire))
    assert texts(his.wire) == ["Before"]
    assert [frame["room"] for frame in his.wire.of("room_removed")] == ["harbour"]
    assert his not in hub.watches["harbour"]


async def test_who_was_removed_from_a_public_room_hears_no_more_of_it(hub, in_the_garden, garden, alice, charlie, lost):
    hers, _his, strangers, guests = in_the_garden
    with lost():
        await database.write(lambda: rooms.remove(room=garden, user=charlie))
    await post(garden, alice, "After")
    await until(lambda: "After" in texts(hers.wire) and "After" in texts(guests.wire))
    assert removed(strangers)
    assert texts(strangers.wire) == []


async def test_who_opens_the_room_while_it_is_asked_who_may_see_it_is_asked_for_too(
    hub, arrive, harbour, alice, bob, lost, monkeypatch
):
    from chat.domain import timeline

    hers, his = await arrive(alice), await arrive(bob)
    await open_room(hub, hers, "harbour")
    missed, asked = timeline.missed, []

    def ask(room_id, after, users):
        asked.append(set(users))
        if len(asked) == 1:
            # As if he had read the room just before he was removed.
            hub.loop.call_soon_threadsafe(hub.begin_watch, his, "harbour")
        return missed(room_id, after, users)

    monkeypatch.setattr(timeline, "missed", ask)
    with lost():
        await database.write(lambda: rooms.remove(room=harbour, user=bob))
    await post(harbour, alice, "After")
    await until(lambda: "After" in texts(hers.wire))
    assert asked == [{alice.pk}, {alice.pk, bob.pk}]
    assert his not in hub.watches["harbour"]


async def test_a_removal_is_found_by_the_check_when_nobody_speaks(hub, arrive, harbour, bob, alice, lost, monkeypatch):
    monkeypatch.setattr(checks, "PEOPLE_A_CHECK", 0)
    hers, his = await arrive(alice), await arrive(bob)
    for socket in (hers, his):
        await open_room(hub, socket, "harbour")
    with lost():
        await database.write(lambda: rooms.remove(room=harbour, user=bob))
    await checks.check(hub)
    await until(lambda: his.wire.of("room_removed"))
    assert hers in hub.watches["harbour"]


async def test_a_new_topic_is_not_told_to_the_removed(hub, arrive, harbour, alice, bob, lost):
    hers, his = await arrive(alice), await arrive(bob)
    with lost():
        await database.write(lambda: rooms.remove(room=harbour, user=bob))
    await database.write(lambda: rooms.change(room=harbour, topic="What Bob must not know"))
    await until(lambda: hers.wire.of("room"))
    assert his.wire.of("room") == []
