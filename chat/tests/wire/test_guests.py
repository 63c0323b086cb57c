"""Guests: people without an account, in rooms that are open to guests. They need no cookie."""

import pytest

from chat.tests.client import Client

from .asking import a_post, refusal

pytestmark = pytest.mark.sites("site")


@pytest.fixture
def change(place):
    """Function that changes a room in another process, as an admin does."""
    code = """
        from chat.domain import rooms
        from chat.models import Room
        rooms.change(room=Room.objects.get(slug=slug), **fields)
    """
    return lambda slug, **fields: place.python(code, slug=slug, fields=fields)


async def test_a_guest_without_a_cookie_posts_in_the_lobby(connect):
    alice, guest = await connect("alice", rooms=["lobby"]), await connect(rooms=["lobby"])
    you = guest.welcome["you"]
    assert you["user"] is None
    assert len(you["guest"]["name"].split()) == 3
    message = await guest.post_message("lobby", "hello, may I come in?")
    assert (message["author"], message["guest"]) == (None, you["guest"])
    assert (await alice.wait_for_frame("message", "lobby", version=message["version"]))["message"] == message


async def test_a_guest_sees_only_rooms_that_are_open_to_guests(connect, room):
    guest = await connect()
    seen = {state["slug"] for state in guest.welcome["rooms"]}
    assert "lobby" in seen
    assert not seen & {"tea", "den", room}
    not_there = await refusal(guest.ask("open", room="no-such-room"))
    for slug in ("tea", "den"):
        assert vars(await refusal(guest.ask("open", room=slug))) == vars(not_there)
        assert vars(await refusal(guest.ask("post", **a_post(slug)))) == vars(not_there)


async def test_two_guests_are_two_people(connect):
    one, other = await connect(rooms=["lobby"]), await connect(rooms=["lobby"])
    assert one.welcome["you"] != other.welcome["you"]
    mine = await one.post_message("lobby", "mine")
    for type, fields in {"edit": {"body": "x"}, "delete": {}}.items():
        assert (await refusal(other.ask(type, message=mine["id"], **fields))).code == "forbidden"


async def test_all_messages_of_a_guest_have_the_same_guest_id(connect):
    one, other = await connect(rooms=["lobby"]), await connect(rooms=["lobby"])
    mine = await one.post_message("lobby", "mine")
    assert mine["guest"] == one.welcome["you"]["guest"]
    assert mine["guest"]["id"] != other.welcome["you"]["guest"]["id"]
    assert mine["guest"]["name"] != other.welcome["you"]["guest"]["name"]
    history = (await other.ask("history", room="lobby", before=mine["seq"] + 1, limit=1))["messages"]
    assert history[0]["guest"] == mine["guest"]


async def test_a_guest_edits_and_deletes_own_messages_while_connected(connect):
    guest = await connect(rooms=["lobby"])
    message = await guest.post_message("lobby", "helo")
    assert (await guest.ask("edit", message=message["id"], body="hello"))["message"]["text"] == "hello"
    assert (await guest.ask("delete", message=message["id"]))["message"]["deleted"]


async def test_a_guest_cannot_react(connect):
    guest = await connect(rooms=["lobby"])
    message = await guest.post_message("lobby", "hello")
    assert (await refusal(guest.ask("react", message=message["id"], emoji="👍", on=True))).code == "forbidden"


async def test_reading_of_a_guest_is_not_stored(connect):
    guest = await connect(rooms=["lobby"])
    assert (await guest.ask("read", room="lobby", upto=1))["type"] == "reply"


async def test_guests_cannot_write_in_a_room_where_they_may_read(connect, room, change):
    change(room, guests="read")
    alice, guest = await connect("alice", rooms=[room]), await connect(rooms=[room])
    await alice.post_message(room, "for all to read")
    assert (await guest.wait_for_frame("message", room))["message"]["text"] == "for all to read"
    assert (await refusal(guest.ask("post", **a_post(room)))).code == "forbidden"


async def test_a_room_that_is_closed_to_guests_is_removed_from_connected_guests(connect, room, change):
    change(room, guests="write")
    alice, guest = await connect("alice", rooms=[room]), await connect(rooms=[room])
    await guest.post_message(room, "I am in")
    change(room, guests="none")
    await guest.wait_for_frame("room_removed", room)
    await alice.post_message(room, "now we are among ourselves")
    assert (await refusal(guest.ask("open", room=room))).code == "not_found"
    assert [frame["message"]["text"] for frame in guest.frames if frame["type"] == "message"] == ["I am in"]


async def test_an_unknown_session_makes_a_guest(place):
    async with Client(place.ws_url, "no-such-session") as guest:
        assert guest.welcome["you"]["guest"]
