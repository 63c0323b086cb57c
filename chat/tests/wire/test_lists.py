"""Other events: `unread`, `read`, `typing`, `presence`, `room`, `room_added`, `room_removed`, and signing out."""

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
    """Function that runs code of the domain in another process, as the admin or a command does."""

    def outside(code: str):
        place.python("\n".join(line.strip() for line in OUTSIDE.splitlines()) + "\n" + code, room=room)

    return outside


# --- Unread counts


async def test_bob_gets_unread_counts_of_a_room_that_he_does_not_watch(alice, connect, room):
    bob = await connect("bob")
    await alice.post_message(room, "one")
    await bob.wait_for_frame("unread", room, unread=1, mentions=0)
    await alice.post_message(room, "two, @bob")
    await bob.wait_for_frame("unread", room, unread=2, mentions=1)


async def test_own_messages_are_not_unread(alice, connect, room):
    elsewhere = await connect("alice")
    bob = await connect("bob", rooms=[room])
    await alice.post_message(room, "one")
    await bob.post_message(room, "two")
    await elsewhere.wait_for_frame("unread", room, unread=1)


async def test_other_connections_of_a_person_get_what_was_read(alice, bob, connect, room):
    telephone = await connect("bob")
    seq = (await alice.post_message(room, "read this, @bob"))["seq"]
    await telephone.wait_for_frame("unread", room, unread=1, mentions=1)
    await bob.ask("read", room=room, upto=seq)
    for socket in (bob, telephone):
        await socket.wait_for_frame("read", room, upto=seq, unread=0, mentions=0)
    assert next(state for state in (await connect("bob")).welcome["rooms"] if state["slug"] == room)["read"] == seq


async def test_reading_never_goes_back_nor_past_the_head(alice, bob, room):
    for n in range(3):
        await alice.post_message(room, str(n))
    await bob.ask("read", room=room, upto=10**6)
    await bob.wait_for_frame("read", room, upto=3, unread=0)
    await bob.ask("read", room=room, upto=1)
    assert (await bob.ask("open", room=room))["state"]["read"] == 3


async def test_other_connections_of_a_person_get_what_was_marked_as_unread(alice, bob, connect, room):
    telephone = await connect("bob")
    first = await alice.post_message(room, "one, @bob")
    await alice.post_message(room, "two")
    await bob.ask("read", room=room, upto=2)
    await bob.ask("mark_unread", message=first["id"])
    for socket in (bob, telephone):
        await socket.wait_for_frame("read", room, upto=0, unread_marks=1, unread=2, mentions=1)
    # The telephone reads without knowing of it.
    await telephone.ask("read", room=room, upto=2, unread_marks=0)
    assert (await bob.ask("open", room=room))["state"]["unread"] == 2


async def test_an_unread_message_that_is_deleted_is_no_longer_unread(alice, connect, room):
    bob = await connect("bob")
    message = await alice.post_message(room, "@bob, forget it")
    await bob.wait_for_frame("unread", room, unread=1, mentions=1)
    await alice.ask("delete", message=message["id"])
    await bob.wait_for_frame("unread", room, unread=0, mentions=0)


async def test_an_edit_moves_a_mention(alice, connect, room):
    bob = await connect("bob")
    message = await alice.post_message(room, "@alice, look")
    await bob.wait_for_frame("unread", room, unread=1, mentions=0)
    await alice.ask("edit", message=message["id"], body="@bob, look")
    await bob.wait_for_frame("unread", room, unread=1, mentions=1)


async def test_only_moderators_can_mention_all(alice, connect, room):
    bob, other = await connect("bob"), await connect("alice")
    await bob.post_message(room, "@all listen")
    await other.wait_for_frame("unread", room, unread=1, mentions=0)
    await alice.post_message(room, "@all listen")
    await bob.wait_for_frame("unread", room, unread=1, mentions=1)


async def test_an_at_sign_with_an_unknown_name_is_text(alice, connect, room):
    bob = await connect("bob")
    for number, body in enumerate(["@", "a@b", "@@@ @. @-", "mail me: bob@example.com"], 1):
        assert (await alice.post_message(room, body))["text"] == body
        await bob.wait_for_frame("unread", room, unread=number, mentions=0)


# --- Presence


def told(who, room, which) -> list[dict]:
    """The people in all `presence` events of this room so far, under `joined` or `left`."""
    frames = [frame for frame in who.frames if frame["type"] == "presence" and frame["room"] == room]
    return [you for frame in frames for you in frame[which]]


async def test_watchers_get_who_opened_and_left_the_room(alice, connect, room):
    bob = await connect("bob", rooms=[room])
    you = bob.welcome["you"]
    await alice.until(lambda: you in told(alice, room, "joined"))
    await alice.wait_for_frame("presence", room, online=2)
    assert you in (await alice.ask("open", room=room))["here"]
    await bob.ask("close", room=room)
    await alice.until(lambda: you in told(alice, room, "left"))
    assert (await alice.ask("open", room=room))["online"] == 1


async def test_two_connections_are_one_person_until_both_are_closed(alice, bob, connect, room):
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


async def test_typing_is_sent_to_watchers_and_not_stored(alice, bob, room):
    await bob.ask("typing", room=room)
    assert (await alice.wait_for_frame("typing", room))["who"] == [bob.welcome["you"]]
    assert (await alice.ask("open", room=room))["upto"] == 0


async def test_typing_needs_an_open_room(connect, room):
    bob = await connect("bob")
    assert (await refusal(bob.ask("typing", room=room))).code == "invalid"


# --- Rooms are added, changed and removed


async def test_watchers_and_members_get_a_new_name_of_the_room(alice, connect, room, outside):
    bob = await connect("bob")
    outside("rooms.change(room=place, name='New name', topic='New topic')")
    for who in (alice, bob):
        state = await who.until(lambda who=who: named(who, room, "New name"))
        assert (state["topic"], state["changed_version"]) == ("New topic", 1)
    assert alice.copies[room].state["name"] == "New name"
    assert alice.copies[room].version == 1


def named(who, room, name):
    """Wait for a `room` or `changes` frame in which the room has this name. Returns its state."""
    states = [frame["state"] for frame in who.frames if frame["type"] in {"room", "changes"} and frame["room"] == room]
    return next((state for state in states if state and state["name"] == name), None)


async def test_an_archived_room_can_be_read_but_not_written(alice, room, outside):
    message = await alice.post_message(room, "last words")
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
    assert (await alice.post_message(room, "more words"))["text"] == "more words"


async def test_a_reader_can_read_but_not_write(bob, room, outside):
    outside("rooms.set_role(room=place, user=person('bob'), role='reader')")
    assert (await refusal(bob.ask("post", **a_post(room)))).code == "forbidden"
    assert (await bob.ask("open", room=room))["state"]["role"] == "reader"


async def test_slow_mode_tells_how_long_to_wait(bob, room, outside):
    outside("rooms.change(room=place, slow_mode_s=60)")
    await bob.post_message(room, "one")
    refused = await refusal(bob.ask("post", **a_post(room)))
    assert refused.code == "slow_down"
    assert 0 < refused.retry_after <= 60


async def test_charlie_gets_room_added_and_room_removed(alice, connect, room, outside):
    charlie = await connect("charlie")
    outside("rooms.change(room=place, kind='private')\nrooms.join(room=place, user=person('charlie'))")
    assert (await charlie.wait_for_frame("room_added", room))["state"]["role"] == "member"
    await charlie.watch(room)
    outside("rooms.leave(room=place, user=person('charlie'))")
    await charlie.wait_for_frame("room_removed", room)
    await alice.post_message(room, "now that he is gone")
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
async def test_the_end_of_a_session_closes_its_connections_with_4001(place, connect, code):
    name = f"dan{abs(hash(code)) % 10**8}"
    await asyncio.to_thread(place.add_person, name)
    dan = await connect(name)
    wire = dan.wire
    him = "from django.contrib.auth import get_user_model\nhim = get_user_model().objects.get(handle=name)\n"
    await asyncio.to_thread(place.python, him + code, name=name, key=place.sign_in(name))
    assert await close_code(wire) == 4001
