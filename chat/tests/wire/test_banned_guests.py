"""Banned guests, by their public id or by their network: the ban works at once, on all workers."""

import asyncio

import pytest
from websockets.exceptions import ConnectionClosed

from chat.management.protocol_connection import CommandRefused, ProtocolConnection
from chat.protocol.commands import COMMANDS

from .asking import close_code, command

pytestmark = pytest.mark.core

BAN = """
    from datetime import timedelta
    from django.utils import timezone
    from chat.domain import bans
    from chat.models import GuestBan
    GuestBan.objects.all().delete()
"""


@pytest.fixture(scope="module")
def place(new_site):
    """A site for this module only: all guests here have the same address, which the tests ban."""
    site = new_site(workers=2, postgres=True, redis=True, CHAT_POST_RATE=0, GUEST_RATE=0)
    yield site.start()
    site.stop()


@pytest.fixture
def room(place) -> str:
    """The slug of a new room that is open to guests; Alice owns it."""
    return place.add_room(guests="write")


@pytest.fixture
def bans(place):
    """Function that removes all bans, and then runs a line of code in another process."""
    code = "\n".join(line.strip() for line in BAN.splitlines())
    yield lambda line, **names: asyncio.to_thread(place.python, f"{code}\n{line}", **names)
    place.python(code)


async def test_a_banned_guest_is_disconnected_within_a_second_and_cannot_return(place, connect, bans):
    alice, guest, other = await connect("alice", rooms=["lobby"]), *[await connect(rooms=["lobby"]) for _ in range(2)]
    token, wire = guest.welcome["resume"], guest.wire
    message = await guest.post_message("lobby", "mine")
    await bans("bans.ban_guest(guest_id=guest, name='Gina')", guest=message["guest"]["id"])
    byes = await guest.wait_for_frame("bye", reason="banned")
    assert byes["retry_after"] == 0
    assert await close_code(wire) == 4001
    # With the same token the guest is refused; other guests are not.
    again = await ProtocolConnection.connect(place.ws_url, resume=token)
    assert await close_code(again) == 4001
    assert (await other.post_message("lobby", "I am another"))["text"] == "I am another"
    assert (await alice.post_message("lobby", "Hello"))["text"] == "Hello"
    await bans("pass")
    back = await ProtocolConnection.connect(place.ws_url, resume=token)
    assert (await back.welcome())["you"]["guest"] == message["guest"]
    await back.close()


# These change nothing, and answer nothing that a banned guest might not see: `changed_people` has nobody for them
# (`test_a_banned_guest_sees_nobody` in the tests of the domain), and `browse` no room (see the next test). The lists of
# the second line are what members keep for themselves, empty for every guest; everybody may have the site's own emoji.
HARMLESS = {"close", "ping", "observe", "ping_frame", "changed_people", "browse"}
HARMLESS |= {"saved", "drafts", "votes", "threads", "custom_emoji"}
# A guest asks what became of their own messages that waited for a moderator, or takes one back. Nobody sees it.
HARMLESS |= {"own_held", "withdraw_held"}
# Commands that all guests are refused, also those who are not banned.
NOT_FOR_GUESTS = {"people", "create_room", "join", "direct", "fold", "save", "draft", "schedule", "set_status"}


async def test_browse_shows_no_room_to_a_banned_guest(connect, bans, room):
    guest = await connect(rooms=[room])
    message = await guest.post_message(room, "mine")
    wire = guest.wire
    assert room in [listed["slug"] for listed in (await wire.ask("browse", search=room))["rooms"]]
    await bans("GuestBan.objects.create(guest_id=guest)", guest=message["guest"]["id"])
    assert (await wire.ask("browse", search=room))["rooms"] == []


async def test_no_command_of_a_banned_guest_is_executed_before_the_connection_closes(connect, bans, room):
    """The row of the ban is inserted without an event, so no hub knows of it."""
    alice = await connect("alice", rooms=[room])
    # A person may delete own messages also without access to the room.
    unanswered = COMMANDS.keys() - HARMLESS - {"delete"}
    while unanswered:
        guest = await connect(rooms=[room])
        message = await guest.post_message(room, "mine")
        wire, names = guest.wire, sorted(unanswered)
        await bans("GuestBan.objects.create(guest_id=guest)", guest=message["guest"]["id"])
        asked = [wire.ask(name, **command(name, room, message["id"])) for name in names]
        answers = dict(zip(names, await asyncio.gather(*asked, return_exceptions=True), strict=True))
        refused = {name: answer.code for name, answer in answers.items() if isinstance(answer, CommandRefused)}
        for name, code in refused.items():
            expected = "forbidden" if name in NOT_FOR_GUESTS else "not_found"
            assert code == expected or (name, code) == ("typing", "invalid"), name
        # Where the two-second check came first, another guest asks.
        closed = {name for name, answer in answers.items() if isinstance(answer, ConnectionClosed)}
        assert {answers[name].rcvd.code for name in closed} <= {4001}
        assert unanswered - closed == refused.keys()
        unanswered = closed
    await alice.post_message(room, "the last word")
    assert not [frame for frame in alice.frames if frame["type"] == "typing"]
    assert {m["text"] for m in alice.copies[room].in_order()} == {"mine", "the last word"}


async def test_all_guests_of_a_banned_network_are_disconnected_for_a_time(place, connect, bans):
    alice, guest = await connect("alice", rooms=["lobby"]), await connect(rooms=["lobby"])
    wire = guest.wire
    until = "until=timezone.now() + timedelta(seconds={})"
    await bans(f"bans.ban_network(address='127.0.0.1', {until.format(60)})")
    await guest.wait_for_frame("bye", reason="banned")
    assert await close_code(wire) == 4001
    page = await asyncio.to_thread(place.visitor)
    assert (await asyncio.to_thread(page.get, "/rooms/lobby/")).status == 403
    assert (await asyncio.to_thread(page.get, "/accounts/login/")).status == 200
    assert (await alice.post_message("lobby", "I have an account"))["text"]
    await bans(f"GuestBan.objects.create(network='127.0.0.1', {until.format(-1)})")
    assert (await asyncio.to_thread(page.get, "/rooms/lobby/")).status == 200
    assert (await connect(rooms=["lobby"])).welcome["you"]["guest"]


async def test_a_guest_is_banned_with_the_addresses_where_they_are_seen(place, connect, bans):
    guest, other = await connect(rooms=["lobby"]), await connect(rooms=["lobby"])
    message = await guest.post_message("lobby", "mine")
    await bans("bans.ban_guest(guest_id=guest, also_network=True)", guest=message["guest"]["id"])
    await guest.wait_for_frame("bye", reason="banned")
    # Another guest of the same network is banned too; the network was not known before.
    await other.wait_for_frame("bye", reason="banned")
    code = "from chat.models import GuestBan\nresult = list(GuestBan.objects.values_list('network', flat=True))"
    assert sorted(await asyncio.to_thread(place.python, code)) == ["", "127.0.0.1"]
