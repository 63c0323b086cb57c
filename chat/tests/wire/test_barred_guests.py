"""Guests who were barred: by the id that everyone knows them by, or by their address. At once, and everywhere."""

import asyncio
import time

import pytest

from chat.live.commands import COMMANDS
from chat.management.wire import Wire

from .asking import a_post, close_code, refusal

WITHIN_S = 5  # A second, and what a busy machine adds to it.
BAR = """
    from datetime import timedelta
    from django.utils import timezone
    from chat.domain import bars
    from chat.models import GuestBar
    GuestBar.objects.all().delete()
"""


@pytest.fixture
def place(make_site):
    """A site of the test's own: an address that is barred is that of every guest here."""
    return make_site(workers=2, postgres=True, redis=True, CHAT_POST_RATE=0, GUEST_RATE=0)


@pytest.fixture
def bars(place):
    """Function that bars or lifts in another process; the bars before it are gone."""
    code = "\n".join(line.strip() for line in BAR.splitlines())
    return lambda line, **names: asyncio.to_thread(place.python, f"{code}\n{line}", **names)


def command(name: str, room: str, message: int) -> dict:
    fields = {"room": room, "message": message, "body": "x", "emoji": "👍", "on": True, "before": 9, "upto": 1}
    return fields | ({} if name in {"edit", "delete", "react"} else a_post(room))


async def test_a_guest_is_shown_out_within_a_second_and_stays_out(place, connect, bars):
    alice, guest, other = await connect("alice", rooms=["lobby"]), *[await connect(rooms=["lobby"]) for _ in range(2)]
    token, wire = guest.welcome["resume"], guest.wire
    message = await guest.say("lobby", "mine")
    began = time.monotonic()
    await bars("bars.bar_guest(guest_id=guest, name='Gina')", guest=message["guest"]["id"])
    byes = await guest.hears("bye", reason="barred")
    assert time.monotonic() - began < WITHIN_S
    assert byes["retry_after"] == 0
    assert await close_code(wire) == 4001
    # Who keeps what they had in hand comes back to a closed door; others still come in.
    again = await Wire.connect(place.ws_url, resume=token)
    assert await close_code(again) == 4001
    assert (await other.say("lobby", "I am another"))["text"] == "I am another"
    assert (await alice.say("lobby", "Hello"))["text"] == "Hello"
    await bars("pass")
    back = await Wire.connect(place.ws_url, resume=token)
    assert (await back.welcome())["you"]["guest"] == message["guest"]
    await back.close()


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in {"close", "ping"}])
async def test_no_command_of_a_barred_guest_is_carried_out_until_the_socket_closes(place, connect, bars, name):
    """As long as no hub has heard of it: the rows are written without a word."""
    alice, guest = await connect("alice", rooms=["lobby"]), await connect(rooms=["lobby"])
    message = await guest.say("lobby", "mine")
    wire = guest.wire
    await bars("GuestBar.objects.create(guest_id=guest)", guest=message["guest"]["id"])
    if name == "delete":
        # One's own one may delete, also from outside.
        return
    with_answer = asyncio.create_task(refusal(wire.ask(name, **command(name, "lobby", message["id"]))))
    code = (await with_answer).code
    assert code == "not_found" or (name == "typing" and code == "invalid")
    await alice.say("lobby", "the last word")
    assert not [frame for frame in alice.frames if frame["type"] == "typing"]
    assert {m["text"] for m in alice.copies["lobby"].in_order()} == {"mine", "the last word"}


async def test_all_guests_of_an_address_are_shown_out_for_a_time(place, connect, bars):
    alice, guest = await connect("alice", rooms=["lobby"]), await connect(rooms=["lobby"])
    wire = guest.wire
    until = "until=timezone.now() + timedelta(seconds={})"
    await bars(f"bars.bar_network(address='127.0.0.1', {until.format(60)})")
    await guest.hears("bye", reason="barred")
    assert await close_code(wire) == 4001
    page = await asyncio.to_thread(place.visitor)
    assert (await asyncio.to_thread(page.get, "/rooms/lobby/")).status == 403
    assert (await asyncio.to_thread(page.get, "/accounts/login/")).status == 200
    assert (await alice.say("lobby", "I have an account"))["text"]
    await bars(f"GuestBar.objects.create(network='127.0.0.1', {until.format(-1)})")
    assert (await asyncio.to_thread(page.get, "/rooms/lobby/")).status == 200
    assert (await connect(rooms=["lobby"])).welcome["you"]["guest"]


async def test_a_guest_is_barred_with_the_addresses_where_they_are_seen(place, connect, bars):
    guest, other = await connect(rooms=["lobby"]), await connect(rooms=["lobby"])
    message = await guest.say("lobby", "mine")
    await bars("bars.bar_guest(guest_id=guest, also_network=True)", guest=message["guest"]["id"])
    await guest.hears("bye", reason="barred")
    # Their neighbour as well; nobody knew the address before.
    await other.hears("bye", reason="barred")
    code = "from chat.models import GuestBar\nresult = list(GuestBar.objects.values_list('network', flat=True))"
    assert sorted(await asyncio.to_thread(place.python, code)) == ["", "127.0.0.1"]
