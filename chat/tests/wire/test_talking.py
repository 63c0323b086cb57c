"""`welcome`, `open`, `close`, `post` and `history`: people talk in a room."""

import asyncio
import json
import uuid

import pytest

from .asking import a_post, answer_to, refusal


async def test_alice_is_welcomed_as_herself_with_her_rooms_and_the_limits(alice, room):
    assert alice.frames[0] == alice.welcome
    assert alice.welcome["protocol"] == "chat"
    assert alice.welcome["you"] == {"user": alice.welcome["you"]["user"], "guest": None}
    assert alice.welcome["you"]["user"]["name"] == "alice"
    assert {"den", "lobby", "tea", room} <= {state["slug"] for state in alice.welcome["rooms"]}
    assert alice.welcome["limits"] == {"body": 8000, "rate": 0, "burst": 40}
    assert len(alice.welcome["epoch"]) >= 8


async def test_charlie_is_welcomed_to_no_rooms_that_he_has_not_joined(connect, room):
    charlie = await connect("charlie")
    assert room not in [state["slug"] for state in charlie.welcome["rooms"]]
    assert "den" not in [state["slug"] for state in charlie.welcome["rooms"]]


async def test_bob_hears_what_alice_says_as_it_was_stored(alice, bob, room):
    message = await alice.say(room, "Good *morning*")
    heard = await bob.hears("message", room)
    assert heard == {"type": "message", "room": room, "version": message["version"], "message": message}
    assert message["text"] == "Good *morning*"
    assert message["html"] == "<p>Good <em>morning</em></p>\n"
    assert message["author"] == alice.welcome["you"]["user"]
    assert message["seq"] == message["version"] == 1
    assert (message["guest"], message["edited_at"], message["deleted"], message["reactions"]) == (None, None, False, [])


async def test_a_message_has_exactly_the_fields_of_the_protocol(alice, room):
    message = await alice.say(room, "one")
    told = "id seq version client_id author guest text html at edited_at deleted reply_to quote mentions"
    assert set(message) == {*told.split(), "reactions", "attachments"}
    assert message["at"].endswith("Z")


async def test_alice_hears_herself_too_on_all_her_sockets(alice, connect, room):
    telephone = await connect("alice", rooms=[room])
    await alice.say(room, "here")
    for socket in (alice, telephone):
        assert (await socket.hears("message", room))["message"]["text"] == "here"


async def test_what_bob_opens_is_what_was_said_before(alice, connect, room):
    said = [await alice.say(room, f"line {n}") for n in range(3)]
    bob = await connect("bob", rooms=[room])
    reply = await bob.hears("reply", room)
    assert reply["messages"] == said
    assert (reply["after"], reply["upto"], reply["limited"], reply["more"]) == (0, 3, True, False)
    assert (reply["state"]["slug"], reply["state"]["version"], reply["state"]["role"]) == (room, 3, "member")


async def test_open_since_brings_only_what_changed_after(alice, connect, room):
    first = await alice.say(room, "first")
    second = await alice.say(room, "second")
    edited = (await alice.ask("edit", message=first["id"], body="changed"))["message"]
    bob = await connect("bob")
    reply = await bob.ask("open", room=room, since=1, epoch=bob.welcome["epoch"])
    assert reply["messages"] == [second, edited]
    assert (reply["after"], reply["upto"], reply["limited"]) == (1, 3, False)


async def test_open_since_the_head_brings_nothing(alice, room):
    await alice.say(room, "first")
    reply = await alice.ask("open", room=room, since=1, epoch=alice.welcome["epoch"])
    assert (reply["messages"], reply["after"], reply["upto"], reply["limited"]) == ([], 1, 1, False)


@pytest.mark.parametrize("since", [{"since": 999}, {"since": 0, "epoch": "of another life"}])
async def test_a_copy_that_cannot_be_of_this_log_is_dropped(alice, room, since):
    said = await alice.say(room, "first")
    reply = await alice.ask("open", room=room, **{"epoch": alice.welcome["epoch"]} | since)
    assert (reply["messages"], reply["limited"], reply["upto"]) == ([said], True, 1)


async def test_who_was_away_for_too_many_changes_gets_the_latest_page(place, alice, room):
    code = """
        from uuid import uuid4
        from django.utils import timezone
        from chat.models import Message, RoomHead
        first, now = Message.objects.get(room__slug=room), timezone.now()
        same = {"room": first.room, "author": first.author, "sender_key": first.sender_key, "created_at": now}
        Message.objects.bulk_create(
            Message(client_id=uuid4(), seq=n, version=n, text=f"line {n}", **same) for n in range(2, 503)
        )
        RoomHead.objects.filter(room=first.room).update(version=502)
    """
    await alice.say(room, "before")
    await asyncio.to_thread(place.python, code, room=room)
    reply = await alice.ask("open", room=room, since=1, epoch=alice.welcome["epoch"])
    assert (reply["limited"], reply["more"], len(reply["messages"])) == (True, True, 50)
    assert reply["messages"][-1]["text"] == "line 502"
    assert len((await alice.load_all(room)).messages) == 502
    # One fewer is a fill.
    reply = await alice.ask("open", room=room, since=2, epoch=alice.welcome["epoch"])
    assert (reply["limited"], len(reply["messages"])) == (False, 500)


async def test_after_close_bob_is_told_of_news_and_not_the_news(alice, bob, room):
    await bob.unwatch(room)
    await alice.say(room, "are you there?")
    assert (await bob.hears("unread", room))["unread"] == 1
    assert not [frame for frame in bob.frames if frame["type"] == "message"]


async def test_a_room_can_be_opened_twice_and_is_heard_once(alice, bob, room):
    await bob.ask("open", room=room)
    await alice.say(room, "one")
    await alice.say(room, "two")
    await bob.hears("message", room, version=2)
    assert [frame["version"] for frame in bob.frames if frame["type"] == "message"] == [1, 2]


async def test_the_same_client_id_twice_is_one_message(alice, bob, room):
    post = a_post(room, "once")
    first = await alice.ask("post", **post)
    again = await alice.ask("post", **post | {"body": "other words"})
    assert again["message"] == first["message"]
    assert (await bob.ask("open", room=room))["messages"] == [first["message"]]


async def test_the_same_client_id_from_two_sockets_at_once_is_one_message(alice, connect, room):
    telephone = await connect("alice", rooms=[room])
    for _ in range(10):
        post = a_post(room, "once")
        one, other = await asyncio.gather(alice.ask("post", **post), telephone.ask("post", **post))
        assert one["message"] == other["message"]
    assert len((await alice.ask("open", room=room))["messages"]) == 10


async def test_a_client_id_of_bobs_is_nothing_to_alice(alice, bob, room):
    post = a_post(room, "mine")
    his = await bob.ask("post", **post)
    hers = await alice.ask("post", **post)
    assert his["message"]["id"] != hers["message"]["id"]


async def test_a_client_id_said_in_one_room_is_refused_in_another(alice, room):
    post = a_post(room)
    await alice.ask("post", **post)
    refused = await refusal(alice.ask("post", **post | {"room": "lobby"}))
    assert (refused.code, refused.field) == ("invalid", "client_id")


async def test_what_two_people_say_at_once_has_one_order_for_all(alice, bob, connect, room):
    async def talk(who, word):
        for n in range(20):
            await who.say(room, f"{word} {n}")

    await asyncio.gather(talk(alice, "tick"), talk(bob, "tock"))
    late = await connect("bob", rooms=[room])
    for who in (alice, bob):
        await who.until(lambda who=who: who.copies[room].version == 40)
        assert who.copies[room].in_order() == late.copies[room].in_order()
        assert [message["seq"] for message in who.copies[room].in_order()] == list(range(1, 41))
        assert who.copies[room].holes == 0


async def test_history_brings_older_pages_oldest_first(alice, room):
    for n in range(60):
        await alice.say(room, str(n))
    assert [m["seq"] for m in (await alice.ask("open", room=room))["messages"]] == list(range(11, 61))
    page = await alice.ask("history", room=room, before=11, limit=4)
    assert ([message["seq"] for message in page["messages"]], page["more"]) == ([7, 8, 9, 10], True)
    page = await alice.ask("history", room=room, before=7)
    assert ([message["seq"] for message in page["messages"]], page["more"]) == ([1, 2, 3, 4, 5, 6], False)
    page = await alice.ask("history", room=room, before=1)
    assert (page["messages"], page["more"]) == ([], False)


async def test_a_reply_names_the_message_it_answers(alice, bob, room):
    question = await alice.say(room, "why?")
    await bob.say(room, "because", reply_to=question["id"])
    assert (await alice.hears("message", room, version=2))["message"]["reply_to"] == question["id"]


async def test_a_message_of_another_room_cannot_be_replied_to(alice, room):
    elsewhere = await alice.say("lobby", "here")
    refused = await refusal(alice.ask("post", **a_post(room, reply_to=elsewhere["id"])))
    assert (refused.code, refused.field) == ("not_found", "reply_to")


async def test_speaking_in_a_public_room_joins_it(connect, place, room):
    open_room = place.add_room(f"{room}-open", members=[])
    bob = await connect("bob", rooms=[open_room])
    assert bob.copies[open_room].state["role"] is None
    await bob.say(open_room, "hello")
    added = await bob.hears("room_added", open_room)
    assert (added["state"]["role"], added["state"]["unread"]) == ("member", 0)


async def test_a_command_without_ref_is_done_and_not_answered(alice, bob, room):
    await alice.wire.socket.send(
        f'{{"type":"post","room":"{room}","client_id":"{uuid.uuid4()}","body":"no need to answer"}}'
    )
    await bob.hears("message", room)
    await alice.ask("close", room=room)
    assert [frame["ref"] for frame in alice.frames if frame["type"] == "reply" and "message" in frame] == []


@pytest.mark.parametrize("ref", ["a", "", 0, -5, 2**53, pytest.param("🧶" * 64, id="64")])
async def test_the_answer_carries_the_ref(alice, room, ref):
    assert (await answer_to(alice, json.dumps({"type": "close", "room": room, "ref": ref})))["ref"] == ref
    error = await answer_to(alice, json.dumps({"type": "nonsense", "ref": ref}))
    assert (error["type"], error["ref"]) == ("error", ref)


async def test_a_ping_is_answered_to_the_one_who_asked(alice, bob, room):
    before = len(bob.frames)
    reply = await alice.ask("ping")
    assert (reply["type"], set(reply)) == ("reply", {"type", "ref"})
    await alice.say(room, "after that")
    await bob.hears("message", room)
    assert {frame["type"] for frame in list(bob.frames)[before:]} <= {"message", "presence"}
