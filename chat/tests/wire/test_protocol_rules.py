"""The rules of docs/protocol.md that no other test of this folder covers, sentence by sentence."""

import asyncio
import uuid

import pytest

from chat.management.protocol_connection import ProtocolConnection

from .asking import a_post, close_code, refusal

pytestmark = [pytest.mark.sites("site"), pytest.mark.core]


@pytest.fixture
def run_in_other_process(place, room):
    """Function that runs code in another process, with the names `rooms`, `place` and `bob`."""
    setup = (
        "from django.contrib.auth import get_user_model\nfrom chat.domain import rooms\nfrom chat.models import Room\n"
        "place = Room.objects.get(slug=room)\nbob = get_user_model().objects.get_by_natural_key('bob')\n"
    )
    return lambda code: asyncio.to_thread(place.python, setup + code, room=room)


async def test_since_without_epoch_is_refused_and_nothing_is_watched(alice, bob, room):
    posted = await bob.post_message(room, "one")
    await bob.ask("close", room=room)
    refused = await refusal(bob.ask("open", room=room, since=posted["version"]))
    assert (refused.code, refused.field) == ("invalid", "epoch")
    await alice.post_message(room, "two")
    await bob.ask("close", room="lobby")
    assert "two" not in [f["message"]["text"] for f in bob.frames if f["type"] == "message"]


async def test_more_is_true_in_limited_answers_only(alice, room):
    for number in range(52):
        await alice.post_message(room, str(number))
    limited = await alice.ask("open", room=room)
    assert (limited["limited"], limited["more_before"], len(limited["messages"])) == (True, True, 50)
    fill = await alice.ask("open", room=room, since=1, epoch=limited["epoch"])
    assert (fill["limited"], fill["more_before"], len(fill["messages"])) == (False, False, 51)


async def test_messages_are_in_order_of_seq_in_pages_and_of_version_in_deltas(alice, room):
    first, second = await alice.post_message(room, "one"), await alice.post_message(room, "two")
    await alice.ask("edit", message=first["id"], body="one, edited")
    page = await alice.ask("open", room=room)
    assert [m["id"] for m in page["messages"]] == [first["id"], second["id"]]
    older = await alice.ask("history", room=room, before=99)
    assert [m["id"] for m in older["messages"]] == [first["id"], second["id"]]
    fill = await alice.ask("open", room=room, since=0, epoch=page["epoch"])
    assert [m["id"] for m in fill["messages"]] == [second["id"], first["id"]]


async def test_events_continue_during_a_second_open(alice, bob, room):
    copy = bob.copies[room]

    async def talk():
        for number in range(30):
            await alice.post_message(room, str(number))

    talking = asyncio.ensure_future(talk())
    for _ in range(10):
        await bob.ask("open", room=room, since=copy.version, epoch=copy.epoch)
    await talking
    await bob.until(lambda: len(copy.messages) == 30)
    assert [m["text"] for m in copy.in_order()] == [str(number) for number in range(30)]
    assert (copy.faults, copy.holes) == ([], 0)


async def test_a_version_without_a_visible_change_comes_as_changes_without_messages(
    alice, bob, run_in_other_process, room
):
    await run_in_other_process("rooms.set_role(room=place, user=bob, role='moderator')")
    changes = await alice.wait_for_frame("changes", room, upto=1)
    assert (changes["after"], changes["messages"], changes["state"]) == (0, [], None)
    assert alice.copies[room].version == 1


async def test_members_get_room_events_of_rooms_that_are_not_open(alice, connect, run_in_other_process, room):
    bob = await connect("bob")
    await alice.post_message(room, "one")
    await run_in_other_process("rooms.change(room=place, topic='Ropes')")
    received = await bob.wait_for_frame("room", room)
    assert (received["version"], received["state"]["topic"]) == (2, "Ropes")
    assert not [f for f in bob.frames if f["type"] in {"message", "changes"}]


async def test_unread_counts_messages_of_others_after_the_read_one(alice, connect, room):
    bob = await connect("bob")
    first = await alice.post_message(room, "one @bob")
    await alice.post_message(room, "two")
    gone = await alice.post_message(room, "three @bob")
    await bob.wait_for_frame("unread", room, unread=3, mentions=2)
    await alice.ask("delete", message=gone["id"])
    await bob.wait_for_frame("unread", room, unread=2, mentions=1)
    await bob.ask("read", room=room, upto=first["seq"])
    await bob.wait_for_frame("read", room, unread=1, mentions=0)
    await bob.post_message(room, "mine")
    fresh = await connect("bob")
    state = next(state for state in fresh.welcome["rooms"] if state["slug"] == room)
    assert (state["unread"], state["mentions"], state["read"]) == (1, 0, first["seq"])


async def test_not_found_for_an_open_room_ends_the_watch_with_room_removed_first(
    alice, bob, run_in_other_process, room
):
    """The membership is deleted without an event, so the worker does not know of it."""
    await run_in_other_process("rooms.change(room=place, kind='private')")
    await bob.until(lambda: bob.copies[room].version == 1)
    await run_in_other_process("place.memberships.filter(user=bob).delete()")
    wire = bob.wire
    assert (await refusal(wire.ask("history", room=room, before=1))).code == "not_found"
    types = [f["type"] for f in bob.frames if f["type"] in {"room_removed", "error"}]
    assert types == ["room_removed", "error"]
    await alice.post_message(room, "among ourselves")
    await bob.ask("close", room="lobby")
    assert "among ourselves" not in [f["message"]["text"] for f in bob.frames if f["type"] == "message"]


@pytest.mark.parametrize("form", ["{}", "{:X}", "urn:uuid:{}"])
async def test_a_client_id_may_be_written_in_any_form(alice, room, form):
    client_id = uuid.uuid4()
    text = form.format(client_id.int if "X" in form else client_id).rjust(32, "0")
    posted = (await alice.ask("post", **a_post(room) | {"client_id": text}))["message"]
    assert posted["client_id"] == str(client_id)
    again = (await alice.ask("post", **a_post(room) | {"client_id": str(client_id)}))["message"]
    assert again["id"] == posted["id"]


@pytest.mark.parametrize(
    ("body", "stored"),
    [("a\r\nb\rc\nd", "a\nb\nc\nd"), ("\n\n  a  \n\n", "  a"), ("a\r\n", "a"), ("\t a", "\t a"), ("a\x00", "a\ufffd")],
)
async def test_how_white_space_is_stored(alice, room, body, stored):
    assert (await alice.post_message(room, body))["text"] == stored


async def test_bye_has_a_documented_reason(make_site):
    site = make_site(MAX_CONNECTIONS_PER_PERSON=1, DRAIN_S=2)
    received: list[dict] = []
    first = await ProtocolConnection.connect(site.ws_url, site.sign_in("alice"), received.append)
    await first.welcome()
    second = await ProtocolConnection.connect(site.ws_url, site.sign_in("alice"), received.append)
    assert await close_code(second) == 1013
    guest = await ProtocolConnection.connect(site.ws_url, "", received.append)
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
    byes = [(frame["reason"], frame["retry_after"] > 0) for frame in received if frame["type"] == "bye"]
    assert byes == [("too_many_connections", True), ("signed_out", False), ("restart", True)]
