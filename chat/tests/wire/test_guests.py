"""Guests: people without an account, where a room's admin opened it to them. They may come without a cookie."""

import pytest

from chat.tests.client import Client

from .asking import a_post, refusal


@pytest.fixture(params=["site"])
def place(request):
    """One site is enough: who may do what does not depend on the database."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def change(place):
    """Function that changes a room from outside, as its admin would."""
    code = """
        from chat.domain import rooms
        from chat.models import Room
        rooms.change(room=Room.objects.get(slug=slug), **fields)
    """
    return lambda slug, **fields: place.python(code, slug=slug, fields=fields)


async def test_a_guest_without_a_cookie_talks_in_the_lobby(connect):
    alice, guest = await connect("alice", rooms=["lobby"]), await connect(rooms=["lobby"])
    you = guest.welcome["you"]
    assert you["user"] is None
    assert len(you["guest"]["name"].split()) == 3
    message = await guest.say("lobby", "hello, may I come in?")
    assert (message["author"], message["guest"]) == (None, you["guest"])
    assert (await alice.hears("message", "lobby", version=message["version"]))["message"] == message


async def test_a_guest_sees_only_rooms_that_are_open_to_guests(connect):
    guest = await connect()
    assert [state["slug"] for state in guest.welcome["rooms"]] == ["lobby"]
    not_there = await refusal(guest.ask("open", room="no-such-room"))
    for slug in ("tea", "den"):
        assert vars(await refusal(guest.ask("open", room=slug))) == vars(not_there)
        assert vars(await refusal(guest.ask("post", **a_post(slug)))) == vars(not_there)


async def test_two_guests_are_two_people(connect):
    one, other = await connect(rooms=["lobby"]), await connect(rooms=["lobby"])
    assert one.welcome["you"] != other.welcome["you"]
    mine = await one.say("lobby", "mine")
    for type, fields in {"edit": {"body": "x"}, "delete": {}}.items():
        assert (await refusal(other.ask(type, message=mine["id"], **fields))).code == "forbidden"


async def test_a_guest_is_known_by_an_id_in_all_that_they_say(connect):
    one, other = await connect(rooms=["lobby"]), await connect(rooms=["lobby"])
    mine = await one.say("lobby", "mine")
    assert mine["guest"] == one.welcome["you"]["guest"]
    assert mine["guest"]["id"] != other.welcome["you"]["guest"]["id"]
    assert mine["guest"]["name"] != other.welcome["you"]["guest"]["name"]
    history = (await other.ask("history", room="lobby", before=mine["seq"] + 1, limit=1))["messages"]
    assert history[0]["guest"] == mine["guest"]


async def test_a_guest_corrects_and_deletes_what_they_said_while_connected(connect):
    guest = await connect(rooms=["lobby"])
    message = await guest.say("lobby", "helo")
    assert (await guest.ask("edit", message=message["id"], body="hello"))["message"]["text"] == "hello"
    assert (await guest.ask("delete", message=message["id"]))["message"]["deleted"]


async def test_a_guest_cannot_react(connect):
    guest = await connect(rooms=["lobby"])
    message = await guest.say("lobby", "hello")
    assert (await refusal(guest.ask("react", message=message["id"], emoji="👍", on=True))).code == "forbidden"


async def test_what_a_guest_read_is_not_kept(connect):
    guest = await connect(rooms=["lobby"])
    assert (await guest.ask("read", room="lobby", upto=1))["type"] == "reply"


async def test_where_guests_only_read_they_cannot_write(connect, room, change):
    change(room, guests="read")
    alice, guest = await connect("alice", rooms=[room]), await connect(rooms=[room])
    await alice.say(room, "for all to read")
    assert (await guest.hears("message", room))["message"]["text"] == "for all to read"
    assert (await refusal(guest.ask("post", **a_post(room)))).code == "forbidden"


async def test_a_room_closed_to_guests_is_closed_to_those_in_it(connect, room, change):
    change(room, guests="write")
    alice, guest = await connect("alice", rooms=[room]), await connect(rooms=[room])
    await guest.say(room, "I am in")
    change(room, guests="none")
    await guest.hears("room_removed", room)
    await alice.say(room, "now we are among ourselves")
    assert (await refusal(guest.ask("open", room=room))).code == "not_found"
    assert [frame["message"]["text"] for frame in guest.frames if frame["type"] == "message"] == ["I am in"]


async def test_a_session_that_nobody_has_makes_a_guest(place):
    async with Client(place.ws_url, "no-such-session") as guest:
        assert guest.welcome["you"]["guest"]
