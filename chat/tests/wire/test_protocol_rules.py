"""What docs/protocol.md says about behaviour, sentence by sentence, where no other test of this folder does."""

import asyncio
import uuid

import pytest

from chat.management.wire import Wire

from .asking import a_post, close_code, refusal


@pytest.fixture(params=["site"])
def place(request):
    """One site is enough: two workers are in the tests beside this one."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def outside(place, room):
    """Function that does something in another process: `rooms`, `place` and `bob` are at hand."""
    world = (
        "from django.contrib.auth import get_user_model\nfrom chat.domain import rooms\nfrom chat.models import Room\n"
        "place = Room.objects.get(slug=room)\nbob = get_user_model().objects.get_by_natural_key('bob')\n"
    )
    return lambda code: asyncio.to_thread(place.python, world + code, room=room)


async def test_since_without_epoch_is_refused_and_nothing_is_watched(alice, bob, room):
    said = await bob.say(room, "one")
    await bob.ask("close", room=room)
    refused = await refusal(bob.ask("open", room=room, since=said["version"]))
    assert (refused.code, refused.field) == ("invalid", "epoch")
    await alice.say(room, "two")
    await bob.ask("close", room="lobby")
    assert "two" not in [f["message"]["text"] for f in bob.frames if f["type"] == "message"]


async def test_more_counts_in_limited_answers_only(alice, room):
    for number in range(52):
        await alice.say(room, str(number))
    limited = await alice.ask("open", room=room)
    assert (limited["limited"], limited["more"], len(limited["messages"])) == (True, True, 50)
    fill = await alice.ask("open", room=room, since=1, epoch=limited["epoch"])
    assert (fill["limited"], fill["more"], len(fill["messages"])) == (False, False, 51)


async def test_messages_come_by_seq_in_pages_and_by_version_in_fills(alice, room):
    first, second = await alice.say(room, "one"), await alice.say(room, "two")
    await alice.ask("edit", message=first["id"], body="one, edited")
    page = await alice.ask("open", room=room)
    assert [m["id"] for m in page["messages"]] == [first["id"], second["id"]]
    older = await alice.ask("history", room=room, before=99)
    assert [m["id"] for m in older["messages"]] == [first["id"], second["id"]]
    fill = await alice.ask("open", room=room, since=0, epoch=page["epoch"])
    assert [m["id"] for m in fill["messages"]] == [second["id"], first["id"]]


async def test_on_a_second_open_events_go_on_and_none_is_lost(alice, bob, room):
    copy = bob.copies[room]

    async def talk():
        for number in range(30):
            await alice.say(room, str(number))

    talking = asyncio.ensure_future(talk())
    for _ in range(10):
        await bob.ask("open", room=room, since=copy.version, epoch=copy.epoch)
    await talking
    await bob.until(lambda: len(copy.messages) == 30)
    assert [m["text"] for m in copy.in_order()] == [str(number) for number in range(30)]
    assert (copy.faults, copy.holes) == ([], 0)


async def test_a_version_that_not_everyone_is_told_of_comes_as_changes_without_messages(alice, bob, outside, room):
    await outside("rooms.set_role(room=place, user=bob, role='moderator')")
    changes = await alice.hears("changes", room, upto=1)
    assert (changes["after"], changes["messages"], changes["state"]) == (0, [], None)
    assert alice.copies[room].version == 1


async def test_a_room_of_the_list_that_is_not_open_tells_of_itself(alice, connect, outside, room):
    bob = await connect("bob")
    await alice.say(room, "one")
    await outside("rooms.change(room=place, topic='Ropes')")
    heard = await bob.hears("room", room)
    assert (heard["version"], heard["state"]["topic"]) == (2, "Ropes")
    assert not [f for f in bob.frames if f["type"] in {"message", "changes"}]


async def test_unread_counts_what_others_said_and_stands_after_what_was_read(alice, connect, room):
    bob = await connect("bob")
    first = await alice.say(room, "one @bob")
    await alice.say(room, "two")
    gone = await alice.say(room, "three @bob")
    await bob.hears("unread", room, unread=3, mentions=2)
    await alice.ask("delete", message=gone["id"])
    await bob.hears("unread", room, unread=2, mentions=1)
    await bob.ask("read", room=room, upto=first["seq"])
    await bob.hears("read", room, unread=1, mentions=0)
    await bob.say(room, "mine")
    fresh = await connect("bob")
    state = next(state for state in fresh.welcome["rooms"] if state["slug"] == room)
    assert (state["unread"], state["mentions"], state["read"]) == (1, 0, first["seq"])


async def test_not_found_for_an_open_room_ends_the_watch_and_says_so_first(alice, bob, outside, room):
    """As it is when nobody told the worker of it: the row is gone without a word."""
    await outside("rooms.change(room=place, kind='private')")
    await bob.until(lambda: bob.copies[room].version == 1)
    await outside("place.memberships.filter(user=bob).delete()")
    wire = bob.wire
    assert (await refusal(wire.ask("history", room=room, before=1))).code == "not_found"
    types = [f["type"] for f in bob.frames if f["type"] in {"room_removed", "error"}]
    assert types == ["room_removed", "error"]
    await alice.say(room, "among ourselves")
    await bob.ask("close", room="lobby")
    assert "among ourselves" not in [f["message"]["text"] for f in bob.frames if f["type"] == "message"]


@pytest.mark.parametrize("form", ["{}", "{:X}", "urn:uuid:{}"])
async def test_a_client_id_may_be_written_in_any_form(alice, room, form):
    client_id = uuid.uuid4()
    text = form.format(client_id.int if "X" in form else client_id).rjust(32, "0")
    said = (await alice.ask("post", **a_post(room) | {"client_id": text}))["message"]
    assert said["client_id"] == str(client_id)
    again = (await alice.ask("post", **a_post(room) | {"client_id": str(client_id)}))["message"]
    assert again["id"] == said["id"]


@pytest.mark.parametrize(
    ("body", "stored"),
    [("a\r\nb\rc\nd", "a\nb\nc\nd"), ("\n\n  a  \n\n", "  a"), ("a\r\n", "a"), ("\t a", "\t a"), ("a\x00", "a\ufffd")],
)
async def test_how_white_space_is_stored(alice, room, body, stored):
    assert (await alice.say(room, body))["text"] == stored


async def test_the_reasons_of_bye(make_site):
    site = make_site(MAX_CONNECTIONS_PER_PERSON=1, DRAIN_S=2)
    heard: list[dict] = []
    first = await Wire.connect(site.ws_url, site.sign_in("alice"), heard.append)
    await first.welcome()
    second = await Wire.connect(site.ws_url, site.sign_in("alice"), heard.append)
    assert await close_code(second) == 1013
    guest = await Wire.connect(site.ws_url, "", heard.append)
    await guest.welcome()
    await asyncio.to_thread(
        site.python,
        "from django.contrib.auth import get_user_model\nfrom chat.domain import accounts\n"
        "person = get_user_model().objects.get_by_natural_key\n"
        "accounts.deactivate(user=person('alice'), by=person('admin'))",
    )
    assert await close_code(first) == 4001
    site.workers[0].terminate()
    assert await close_code(guest) == 1012
    byes = [(frame["reason"], frame["retry_after"] > 0) for frame in heard if frame["type"] == "bye"]
    assert byes == [("too_many_connections", True), ("signed_out", False), ("restart", True)]
