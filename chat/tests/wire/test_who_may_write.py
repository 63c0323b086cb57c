"""One rule, asked by every command: who may write in a room. One row a command, one column a situation."""

import asyncio

import pytest

from chat.live.commands import COMMANDS
from chat.management.wire import CommandRefused

from .asking import a_post

FINE = None
# What a command answers to: a reader, in a room, who has something said there; one whom a moderator removed from a
# public room; anyone in an archived room; a guest in a room that guests may only read.
TABLE = {
    "post": ("forbidden", "not_found", "archived", "forbidden"),
    "edit": ("forbidden", "not_found", "archived", "forbidden"),
    "react": ("forbidden", "not_found", "archived", "forbidden"),
    # A removed person watches the room no more.
    "typing": ("forbidden", "invalid", "archived", "forbidden"),
    # Of what they said.
    "delete": (FINE, FINE, "archived", FINE),
    "open": (FINE, "not_found", FINE, FINE),
    "history": (FINE, "not_found", FINE, FINE),
    "read": (FINE, "not_found", FINE, FINE),
    "close": (FINE, FINE, FINE, FINE),
    "ping": (FINE, FINE, FINE, FINE),
}
AS_READER, AS_REMOVED, IN_ARCHIVE, AS_GUEST = range(4)
WORLD = """
    from django.contrib.auth import get_user_model
    from chat.domain import rooms
    from chat.models import Room
    bob = get_user_model().objects.get_by_natural_key("bob")
    place = Room.objects.get(slug=room)
"""


def test_every_command_has_its_row():
    assert TABLE.keys() == COMMANDS.keys()


@pytest.fixture(params=["site_postgres_redis"])
def place(request):
    """Two workers: what one of them is told, the other must keep to."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def outside(place, room):
    """Function that does something in another process, as the admin does: `rooms`, `place` and `bob` are at hand."""
    world = "\n".join(line.strip() for line in WORLD.splitlines())
    return lambda code: asyncio.to_thread(place.python, f"{world}\n{code}", room=room)


def command(name: str, room: str, message: int) -> dict:
    """The fields of a command in `room`, about `message`."""
    return {
        "post": a_post(room, "more"),
        "edit": {"message": message, "body": "other"},
        "react": {"message": message, "emoji": "👍", "on": True},
        "typing": {"room": room},
        "delete": {"message": message},
        "open": {"room": room},
        "history": {"room": room, "before": 10},
        "read": {"room": room, "upto": 1},
        "close": {"room": room},
        "ping": {},
    }[name]


async def code_of(client, name: str, room: str, message: int) -> str | None:
    try:
        await client.ask(name, **command(name, room, message))
    except CommandRefused as refused:
        return refused.code
    return FINE


@pytest.mark.parametrize("name", TABLE)
async def test_a_reader_shows_nothing_new(alice, bob, outside, room, name):
    message = (await bob.say(room, "mine"))["id"]
    await outside("rooms.set_role(room=place, user=bob, role='reader')")
    assert await code_of(bob, name, room, message) == TABLE[name][AS_READER]
    await alice.say(room, "the last word")
    await alice.until(lambda: [m["text"] for m in alice.copies[room].in_order()][-1] == "the last word")
    assert not [frame for frame in alice.frames if frame["type"] == "typing"]
    assert alice.copies[room].in_order()[0]["text"] in {"mine", ""}


@pytest.mark.parametrize("name", ["post", "edit", "react", "typing"])
@pytest.mark.parametrize("again", ["", "\nrooms.join_public(room=room, user=bob)"], ids=["left", "came back"])
async def test_a_reader_who_leaves_is_a_reader_still(bob, outside, room, name, again):
    message = (await bob.say(room, "mine"))["id"]
    await outside(f"rooms.set_role(room=place, user=bob, role='reader')\nrooms.leave(room=place, user=bob){again}")
    await bob.ask("open", room=room)
    assert await code_of(bob, name, room, message) == "forbidden"


@pytest.mark.parametrize("name", TABLE)
async def test_who_was_removed_from_a_public_room_is_out_of_it(alice, bob, outside, room, name):
    message = (await bob.say(room, "mine"))["id"]
    await outside("rooms.remove(room=place, user=bob)")
    await bob.hears("room_removed", room)
    assert await code_of(bob, name, room, message) == TABLE[name][AS_REMOVED]
    await alice.say(room, "among ourselves")
    await bob.ask("close", room="lobby")
    assert "among ourselves" not in [f["message"]["text"] for f in bob.frames if f["type"] == "message"]


@pytest.mark.parametrize("name", TABLE)
async def test_nothing_is_changed_or_shown_in_an_archived_room(alice, bob, outside, room, name):
    message = (await bob.say(room, "mine"))["id"]
    await outside("rooms.archive(room=place)")
    assert await code_of(bob, name, room, message) == TABLE[name][IN_ARCHIVE]
    # Its own answer is the sign that whatever was shown before it has come.
    await alice.ask("close", room="lobby")
    assert not [frame for frame in alice.frames if frame["type"] == "typing"]


@pytest.mark.parametrize("name", TABLE)
async def test_a_guest_shows_nothing_where_guests_read(connect, outside, room, name):
    await outside("rooms.change(room=place, guests='write')")
    guest = await connect(rooms=[room])
    message = (await guest.say(room, "mine"))["id"]
    await outside("rooms.change(room=Room.objects.get(slug=room), guests='read')")
    assert await code_of(guest, name, room, message) == TABLE[name][AS_GUEST]


async def test_pages_do_not_let_the_removed_back_in(place, bob, outside, room):
    await outside("rooms.remove(room=place, user=bob)")
    await bob.hears("room_removed", room)
    page = await asyncio.to_thread(place.visitor, "bob")
    assert (await asyncio.to_thread(page.get, f"/rooms/{room}/")).status == 404
    assert (await asyncio.to_thread(page.post, f"/rooms/{room}/join/", {})).status == 404
    assert room not in (await asyncio.to_thread(page.get, "/")).text


async def test_a_resend_after_removal_is_answered_with_the_message_as_it_was_said(alice, connect, outside, room):
    """What came later, reactions and edits, is not for who may no longer see the room."""
    bob = await connect("bob", rooms=[room])
    post = a_post(room, "as I said it")
    said = (await bob.ask("post", **post))["message"]
    await bob.ask("edit", message=said["id"], body="as I put it later")
    await alice.ask("react", message=said["id"], emoji="🙈", on=True)
    now = (await bob.ask("post", **post))["message"]
    assert (now["text"], len(now["reactions"])) == ("as I put it later", 1)
    await outside("rooms.remove(room=place, user=bob)")
    await bob.hears("room_removed", room)
    assert (await bob.ask("post", **post))["message"] == said


async def test_a_room_that_was_never_handed_out_is_not_taken_away(connect, outside, room):
    """Who never heard of a room does not hear that it is gone."""
    charlie = await connect("charlie")
    await outside("rooms.remove(room=place, user=get_user_model().objects.get_by_natural_key('charlie'))")
    await outside("rooms.join(room=place, user=get_user_model().objects.get_by_natural_key('charlie'), role='member')")
    await charlie.hears("room_added", room)
    assert not [frame for frame in charlie.frames if frame["type"] == "room_removed"]
