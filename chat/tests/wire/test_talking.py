"""`welcome`, `open`, `close`, `post` and `history`."""

import asyncio
import json
import uuid

import pytest

from .asking import a_post, answer_to, refusal

pytestmark = pytest.mark.sites("site_postgres_redis", "site")


async def test_welcome_has_alice_her_rooms_and_the_limits(alice, room):
    assert alice.frames[0] == alice.welcome
    assert alice.welcome["protocol"] == "chat"
    assert alice.welcome["you"] == {"user": alice.welcome["you"]["user"], "guest": None}
    assert alice.welcome["you"]["user"]["name"] == "alice"
    assert {"den", "lobby", "tea", room} <= {state["slug"] for state in alice.welcome["rooms"]}
    files = {"count": 10, "bytes": 100_000_000, "types": [], "alt": 1000, "chunk": 4 * 1024 * 1024}
    assert alice.welcome["limits"] == {"body": 8000, "rate": 0, "burst": 40, "files": files}
    assert len(alice.welcome["epoch"]) >= 8


async def test_welcome_has_no_rooms_that_charlie_has_not_joined(connect, room):
    charlie = await connect("charlie")
    assert room not in [state["slug"] for state in charlie.welcome["rooms"]]
    assert "den" not in [state["slug"] for state in charlie.welcome["rooms"]]


async def test_bob_gets_alices_message_as_it_is_stored(alice, bob, room):
    message = await alice.post_message(room, "Good *morning*")
    received = await bob.wait_for_frame("message", room)
    assert received == {"type": "message", "room": room, "version": message["version"], "message": message}
    assert message["text"] == "Good *morning*"
    assert message["html"] == "<p>Good <em>morning</em></p>\n"
    assert message["author"] == alice.welcome["you"]["user"]
    assert message["seq"] == message["version"] == 1
    assert (message["guest"], message["edited_at"], message["deleted"], message["reactions"]) == (None, None, False, [])


async def test_a_message_has_exactly_the_fields_of_the_protocol(alice, room):
    message = await alice.post_message(room, "one")
    told = "id seq version client_id author guest text html at edited_at deleted reply_to quote mentions"
    later = "reactions attachments previews poll pinned thread in_room replies silent removed"
    assert set(message) == {*told.split(), *later.split()}
    assert message["at"].endswith("Z")


async def test_alice_gets_her_own_message_on_all_connections(alice, connect, room):
    telephone = await connect("alice", rooms=[room])
    await alice.post_message(room, "here")
    for socket in (alice, telephone):
        assert (await socket.wait_for_frame("message", room))["message"]["text"] == "here"


async def test_open_returns_earlier_messages(alice, connect, room):
    posted = [await alice.post_message(room, f"line {n}") for n in range(3)]
    bob = await connect("bob", rooms=[room])
    reply = await bob.wait_for_frame("reply", room)
    assert reply["messages"] == posted
    assert (reply["after"], reply["upto"], reply["limited"], reply["more_before"]) == (0, 3, True, False)
    assert (reply["state"]["slug"], reply["state"]["version"], reply["state"]["role"]) == (room, 3, "member")


async def test_open_since_returns_only_later_changes(alice, connect, room):
    first = await alice.post_message(room, "first")
    second = await alice.post_message(room, "second")
    edited = (await alice.ask("edit", message=first["id"], body="changed"))["message"]
    bob = await connect("bob")
    reply = await bob.ask("open", room=room, since=1, epoch=bob.welcome["epoch"])
    assert reply["messages"] == [second, edited]
    assert (reply["after"], reply["upto"], reply["limited"]) == (1, 3, False)


async def test_open_since_the_head_returns_nothing(alice, room):
    await alice.post_message(room, "first")
    reply = await alice.ask("open", room=room, since=1, epoch=alice.welcome["epoch"])
    assert (reply["messages"], reply["after"], reply["upto"], reply["limited"]) == ([], 1, 1, False)


@pytest.mark.parametrize("since", [{"since": 999}, {"since": 0, "epoch": "of another life"}])
async def test_a_copy_with_another_epoch_or_a_future_version_is_dropped(alice, room, since):
    posted = await alice.post_message(room, "first")
    reply = await alice.ask("open", room=room, **{"epoch": alice.welcome["epoch"]} | since)
    assert (reply["messages"], reply["limited"], reply["upto"]) == ([posted], True, 1)


async def test_after_too_many_changes_open_returns_the_latest_page(place, alice, room):
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
    await alice.post_message(room, "before")
    await asyncio.to_thread(place.python, code, room=room)
    reply = await alice.ask("open", room=room, since=1, epoch=alice.welcome["epoch"])
    assert (reply["limited"], reply["more_before"], len(reply["messages"])) == (True, True, 50)
    assert reply["messages"][-1]["text"] == "line 502"
    assert len((await alice.load_all(room)).messages) == 502
    # With one change fewer the answer is a delta.
    reply = await alice.ask("open", room=room, since=2, epoch=alice.welcome["epoch"])
    assert (reply["limited"], len(reply["messages"])) == (False, 500)


async def test_after_close_bob_gets_counts_but_no_messages(alice, bob, room):
    await bob.unwatch(room)
    await alice.post_message(room, "are you there?")
    assert (await bob.wait_for_frame("unread", room))["unread"] == 1
    assert not [frame for frame in bob.frames if frame["type"] == "message"]


async def test_a_room_that_is_opened_twice_sends_each_event_once(alice, bob, room):
    await bob.ask("open", room=room)
    await alice.post_message(room, "one")
    await alice.post_message(room, "two")
    await bob.wait_for_frame("message", room, version=2)
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


async def test_alice_can_use_a_client_id_of_bob(alice, bob, room):
    post = a_post(room, "mine")
    his = await bob.ask("post", **post)
    hers = await alice.ask("post", **post)
    assert his["message"]["id"] != hers["message"]["id"]


async def test_a_client_id_that_was_used_in_one_room_is_refused_in_another(alice, room):
    post = a_post(room)
    await alice.ask("post", **post)
    refused = await refusal(alice.ask("post", **post | {"room": "lobby"}))
    assert (refused.code, refused.field) == ("invalid", "client_id")


async def test_messages_of_two_people_at_once_have_the_same_order_for_all(alice, bob, connect, room):
    async def talk(who, word):
        for n in range(20):
            await who.post_message(room, f"{word} {n}")

    await asyncio.gather(talk(alice, "tick"), talk(bob, "tock"))
    late = await connect("bob", rooms=[room])
    for who in (alice, bob):
        await who.until(lambda who=who: who.copies[room].version == 40)
        assert who.copies[room].in_order() == late.copies[room].in_order()
        assert [message["seq"] for message in who.copies[room].in_order()] == list(range(1, 41))
        assert who.copies[room].holes == 0


async def test_history_returns_older_pages_oldest_first(alice, room):
    for n in range(60):
        await alice.post_message(room, str(n))
    assert [m["seq"] for m in (await alice.ask("open", room=room))["messages"]] == list(range(11, 61))
    page = await alice.ask("history", room=room, before=11, limit=4)
    assert ([message["seq"] for message in page["messages"]], page["more_before"]) == ([7, 8, 9, 10], True)
    page = await alice.ask("history", room=room, before=7)
    assert ([message["seq"] for message in page["messages"]], page["more_before"]) == ([1, 2, 3, 4, 5, 6], False)
    page = await alice.ask("history", room=room, before=1)
    assert (page["messages"], page["more_before"]) == ([], False)


async def test_history_returns_newer_pages_and_those_around_a_message(alice, room):
    for n in range(30):
        await alice.post_message(room, str(n))
    page = await alice.ask("history", room=room, after=10, limit=3)
    assert [message["seq"] for message in page["messages"]] == [11, 12, 13]
    assert (page["more_before"], page["more_after"]) == (None, True)
    page = await alice.ask("history", room=room, around=10, limit=4)
    assert [message["seq"] for message in page["messages"]] == [8, 9, 10, 11]
    assert (page["more_before"], page["more_after"]) == (True, True)
    refused = await refusal(alice.ask("history", room=room, before=5, after=5))
    assert (refused.code, refused.field) == ("invalid", "before")


async def test_a_room_opens_at_a_message_or_at_the_first_unread_one(alice, connect, room):
    ids = [(await alice.post_message(room, str(n)))["id"] for n in range(120)]
    bob = await connect("bob")
    at_message = await bob.ask("open", room=room, at=ids[29])
    assert [message["seq"] for message in at_message["messages"]] == list(range(5, 55))
    assert (at_message["at"], at_message["more_before"], at_message["more_after"]) == (30, True, True)
    await bob.ask("read", room=room, upto=40)
    at_unread = await bob.ask("open", room=room, at="unread")
    assert [message["seq"] for message in at_unread["messages"]] == list(range(16, 66))
    assert at_unread["at"] == 41


async def test_a_room_does_not_open_at_a_message_of_another_room(alice, bob, room):
    hidden = (await alice.post_message("den", "among ourselves"))["id"]
    for id in (hidden, 10**9):
        refused = await refusal(bob.ask("open", room=room, at=id))
        assert (refused.code, refused.field) == ("not_found", "at")


async def test_a_reply_has_the_id_of_the_message_that_it_replies_to(alice, bob, room):
    question = await alice.post_message(room, "why?")
    await bob.post_message(room, "because", reply_to=question["id"])
    assert (await alice.wait_for_frame("message", room, version=2))["message"]["reply_to"] == question["id"]


async def test_a_message_of_another_room_cannot_be_replied_to(alice, room):
    elsewhere = await alice.post_message("lobby", "here")
    refused = await refusal(alice.ask("post", **a_post(room, reply_to=elsewhere["id"])))
    assert (refused.code, refused.field) == ("not_found", "reply_to")


async def test_posting_in_a_public_room_joins_it(connect, place, room):
    open_room = place.add_room(f"{room}-open", members=[])
    bob = await connect("bob", rooms=[open_room])
    assert bob.copies[open_room].state["role"] is None
    await bob.post_message(open_room, "hello")
    added = await bob.wait_for_frame("room_added", open_room)
    assert (added["state"]["role"], added["state"]["unread"]) == ("member", 0)


async def test_a_command_without_ref_is_executed_and_not_answered(alice, bob, room):
    await alice.wire.socket.send(
        f'{{"type":"post","room":"{room}","client_id":"{uuid.uuid4()}","body":"no need to answer"}}'
    )
    await bob.wait_for_frame("message", room)
    await alice.ask("close", room=room)
    assert [frame["ref"] for frame in alice.frames if frame["type"] == "reply" and "message" in frame] == []


async def test_the_answer_has_the_ref(alice, room):
    for ref in ("a", "", 0, -5, 2**53, "🧶" * 64):
        assert (await answer_to(alice, json.dumps({"type": "close", "room": room, "ref": ref})))["ref"] == ref
        error = await answer_to(alice, json.dumps({"type": "nonsense", "ref": ref}))
        assert (error["type"], error["ref"]) == ("error", ref)


async def test_a_ping_is_answered_on_its_connection_only(alice, bob, room):
    before = len(bob.frames)
    reply = await alice.ask("ping")
    assert (reply["type"], set(reply)) == ("reply", {"type", "ref"})
    await alice.post_message(room, "after that")
    await bob.wait_for_frame("message", room)
    assert {frame["type"] for frame in list(bob.frames)[before:]} <= {"message", "presence"}
