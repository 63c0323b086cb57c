"""Around the talk: `unread`, `read`, `typing`, `presence`, `room`, `room_added`, `room_removed`, and signing out."""

import asyncio

import pytest

from .asking import a_post, close_code, refusal

OUTSIDE = """
    from django.contrib.auth import get_user_model
    from chat.domain import rooms
    from chat.models import Room
    place = Room.objects.get(slug=room)
    person = get_user_model().objects.get_by_natural_key
"""


@pytest.fixture
def outside(place, room):
    """Function that runs code of the domain beside the workers, as the admin's pages or a command would."""

    def outside(code: str):
        place.python("\n".join(line.strip() for line in OUTSIDE.splitlines()) + "\n" + code, room=room)

    return outside


# --- What is unread


async def test_bob_is_told_what_he_has_not_read_in_a_room_he_does_not_watch(alice, connect, room):
    bob = await connect("bob")
    await alice.say(room, "one")
    await bob.hears("unread", room, unread=1, mentions=0)
    await alice.say(room, "two, @bob")
    await bob.hears("unread", room, unread=2, mentions=1)


async def test_what_one_says_oneself_is_read(alice, connect, room):
    elsewhere = await connect("alice")
    bob = await connect("bob", rooms=[room])
    await alice.say(room, "one")
    await bob.say(room, "two")
    await elsewhere.hears("unread", room, unread=1)


async def test_reading_here_is_told_to_ones_other_sockets(alice, bob, connect, room):
    telephone = await connect("bob")
    seq = (await alice.say(room, "read this, @bob"))["seq"]
    await telephone.hears("unread", room, unread=1, mentions=1)
    await bob.ask("read", room=room, upto=seq)
    for socket in (bob, telephone):
        await socket.hears("read", room, upto=seq, unread=0, mentions=0)
    assert next(state for state in (await connect("bob")).welcome["rooms"] if state["slug"] == room)["read"] == seq


async def test_reading_never_goes_back_nor_past_the_head(alice, bob, room):
    for n in range(3):
        await alice.say(room, str(n))
    await bob.ask("read", room=room, upto=10**6)
    await bob.hears("read", room, upto=3, unread=0)
    await bob.ask("read", room=room, upto=1)
    assert (await bob.ask("open", room=room))["state"]["read"] == 3


async def test_an_unread_message_that_is_deleted_is_no_longer_unread(alice, connect, room):
    bob = await connect("bob")
    message = await alice.say(room, "@bob, forget it")
    await bob.hears("unread", room, unread=1, mentions=1)
    await alice.ask("delete", message=message["id"])
    await bob.hears("unread", room, unread=0, mentions=0)


async def test_an_edit_moves_a_mention(alice, connect, room):
    bob = await connect("bob")
    message = await alice.say(room, "@alice, look")
    await bob.hears("unread", room, unread=1, mentions=0)
    await alice.ask("edit", message=message["id"], body="@bob, look")
    await bob.hears("unread", room, unread=1, mentions=1)


async def test_at_all_is_for_moderators(alice, connect, room):
    bob, other = await connect("bob"), await connect("alice")
    await bob.say(room, "@all listen")
    await other.hears("unread", room, unread=1, mentions=0)
    await alice.say(room, "@all listen")
    await bob.hears("unread", room, unread=1, mentions=1)


@pytest.mark.parametrize("body", ["@", "a@b", "@@@ @. @-", "mail me: bob@example.com"])
async def test_an_at_that_names_nobody_is_text(alice, connect, room, body):
    bob = await connect("bob")
    assert (await alice.say(room, body))["text"] == body
    await bob.hears("unread", room, unread=1, mentions=0)


# --- Who is here


def told(who, room, which) -> list[dict]:
    """All that `presence` said of this room so far, under `joined` or `left`."""
    frames = [frame for frame in who.frames if frame["type"] == "presence" and frame["room"] == room]
    return [you for frame in frames for you in frame[which]]


async def test_who_opens_a_room_and_goes_is_told_to_those_in_it(alice, connect, room):
    bob = await connect("bob", rooms=[room])
    you = bob.welcome["you"]
    await alice.until(lambda: you in told(alice, room, "joined"))
    await alice.hears("presence", room, online=2)
    assert you in (await alice.ask("open", room=room))["here"]
    await bob.ask("close", room=room)
    await alice.until(lambda: you in told(alice, room, "left"))
    assert (await alice.ask("open", room=room))["online"] == 1


async def test_two_sockets_are_one_person_until_both_are_gone(alice, bob, connect, room):
    you = bob.welcome["you"]
    telephone = await connect("bob", rooms=[room])
    await alice.until(lambda: you in told(alice, room, "joined"))
    await bob.ask("close", room=room)
    charlie = await connect("charlie", rooms=[room])
    await alice.until(lambda: charlie.welcome["you"] in told(alice, room, "joined"))
    assert told(alice, room, "joined").count(you) == 1
    assert you not in told(alice, room, "left")
    await telephone.ask("close", room=room)
    await alice.until(lambda: you in told(alice, room, "left"))


async def test_typing_is_told_to_those_in_the_room_and_not_kept(alice, bob, room):
    await bob.ask("typing", room=room)
    assert (await alice.hears("typing", room))["who"] == [bob.welcome["you"]]
    assert (await alice.ask("open", room=room))["upto"] == 0


async def test_one_types_only_in_a_room_that_is_open(connect, room):
    bob = await connect("bob")
    assert (await refusal(bob.ask("typing", room=room))).code == "invalid"


# --- Rooms come, change and go


async def test_a_renamed_room_shows_to_those_in_it_and_in_the_lists_of_others(alice, connect, room, outside):
    bob = await connect("bob")
    outside("rooms.change(room=place, name='New name', topic='New topic')")
    for who in (alice, bob):
        state = await who.until(lambda who=who: named(who, room, "New name"))
        assert (state["topic"], state["changed_version"]) == ("New topic", 1)
    assert alice.copies[room].state["name"] == "New name"
    assert alice.copies[room].version == 1


def named(who, room, name):
    """The state that a `room` or `changes` frame brought, once it has this name."""
    states = [frame["state"] for frame in who.frames if frame["type"] in {"room", "changes"} and frame["room"] == room]
    return next((state for state in states if state and state["name"] == name), None)


async def test_an_archived_room_takes_no_words_and_can_be_read(alice, room, outside):
    message = await alice.say(room, "last words")
    outside("rooms.archive(room=place)")
    for type, fields in {
        "post": a_post(room),
        "edit": {"message": message["id"], "body": "x"},
        "delete": {"message": message["id"]},
        "react": {"message": message["id"], "emoji": "👍", "on": True},
    }.items():
        assert (await refusal(alice.ask(type, **fields))).code == "archived"
    assert (await alice.ask("open", room=room))["messages"] == [message]
    outside("rooms.restore(room=place)")
    assert (await alice.say(room, "more words"))["text"] == "more words"


async def test_a_reader_reads_and_cannot_write(bob, room, outside):
    outside("rooms.set_role(room=place, user=person('bob'), role='reader')")
    assert (await refusal(bob.ask("post", **a_post(room)))).code == "forbidden"
    assert (await bob.ask("open", room=room))["state"]["role"] == "reader"


async def test_slow_mode_says_how_long_to_wait(bob, room, outside):
    outside("rooms.change(room=place, slow_mode_s=60)")
    await bob.say(room, "one")
    refused = await refusal(bob.ask("post", **a_post(room)))
    assert refused.code == "slow_down"
    assert 0 < refused.retry_after <= 60


async def test_charlie_is_told_when_he_is_taken_into_a_room_and_out_of_it(alice, connect, room, outside):
    charlie = await connect("charlie")
    outside("rooms.change(room=place, kind='private')\nrooms.join(room=place, user=person('charlie'))")
    assert (await charlie.hears("room_added", room))["state"]["role"] == "member"
    await charlie.watch(room)
    outside("rooms.leave(room=place, user=person('charlie'))")
    await charlie.hears("room_removed", room)
    await alice.say(room, "now that he is gone")
    assert (await refusal(charlie.ask("open", room=room))).code == "not_found"
    assert not [frame for frame in charlie.frames if frame["type"] == "message"]


# --- Signing out


@pytest.mark.parametrize(
    "code",
    [
        "from chat.models import Session\nSession.objects.filter(pk=key).delete()",
        "him.set_password('another')\nhim.save()",
        "him.is_active = False\nhim.save()",
    ],
    ids=["session ended", "password changed", "deactivated"],
)
async def test_a_session_that_ends_closes_its_sockets_with_4001(place, connect, code):
    name = f"dan{abs(hash(code)) % 10**8}"
    await asyncio.to_thread(place.add_person, name)
    dan = await connect(name)
    wire = dan.wire
    him = "from django.contrib.auth import get_user_model\nhim = get_user_model().objects.get(username=name)\n"
    await asyncio.to_thread(place.python, him + code, name=name, key=place.sign_in(name))
    assert await close_code(wire) == 4001
