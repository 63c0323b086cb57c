"""Who may write in a room: the same rule for every command. One row for each command, one column for each situation."""

import asyncio

import pytest

from chat.management.protocol_connection import CommandRefused
from chat.protocol.commands import COMMANDS

from .asking import a_post, command

FINE = None
# The answers to each command, from left to right: of a reader who has a message in the room; of a person whom a
# moderator removed from a public room; of anyone in an archived room; of a guest in a room that guests may only read.
TABLE = {
    "post": ("forbidden", "not_found", "archived", "forbidden"),
    "edit": ("forbidden", "not_found", "archived", "forbidden"),
    "react": ("forbidden", "not_found", "archived", "forbidden"),
    # A removed person does not watch the room any more.
    "typing": ("forbidden", "invalid", "archived", "forbidden"),
    # Of a message without tasks.
    "tick": ("forbidden", "not_found", "archived", "forbidden"),
    # Each deletes their own message.
    "delete": (FINE, FINE, "archived", FINE),
    # Of a message without any.
    "remove_preview": ("not_found", "not_found", "archived", "not_found"),
    # Of a message that is not deleted: nothing happens.
    "restore": (FINE, "not_found", "archived", FINE),
    "pin": ("forbidden", "not_found", "archived", "forbidden"),
    "pins": (FINE, "not_found", FINE, FINE),
    # Each of their own message.
    "edits": (FINE, "not_found", FINE, FINE),
    # To the same room.
    "forward": ("forbidden", "not_found", "archived", "forbidden"),
    "save": (FINE, "not_found", FINE, "forbidden"),
    "saved": (FINE, FINE, FINE, FINE),
    "custom_emoji": (FINE, FINE, FINE, FINE),
    "open": (FINE, "not_found", FINE, FINE),
    "history": (FINE, "not_found", FINE, FINE),
    "read": (FINE, "not_found", FINE, FINE),
    "mark_unread": (FINE, "not_found", FINE, "forbidden"),
    "close": (FINE, FINE, FINE, FINE),
    # About the site, not about a room.
    "browse": (FINE, FINE, FINE, FINE),
    "about": (FINE, "not_found", FINE, FINE),
    "members": (FINE, "not_found", FINE, "forbidden"),
    "files": (FINE, "not_found", FINE, FINE),
    # Without a name, because the site is shared.
    "create_room": ("invalid", "invalid", "invalid", "forbidden"),
    "change_room": ("forbidden", "not_found", "archived", "forbidden"),
    "add_members": ("forbidden", "not_found", "archived", "forbidden"),
    "remove_member": ("forbidden", "not_found", "forbidden", "forbidden"),
    "set_role": ("forbidden", "not_found", "archived", "forbidden"),
    "name_to_post": ("forbidden", "not_found", "archived", "forbidden"),
    "make_invite": ("forbidden", "not_found", "archived", "forbidden"),
    # These change nothing for other people.
    "set_notify": (FINE, "not_found", FINE, "forbidden"),
    "join": (FINE, "not_found", FINE, "forbidden"),
    "leave": (FINE, "not_found", FINE, FINE),
    "people": (FINE, FINE, FINE, "forbidden"),
    # With a person who does not exist, because the site is shared.
    "direct": ("invalid", "invalid", "invalid", "forbidden"),
    "favourite": (FINE, "not_found", FINE, "forbidden"),
    "mute": (FINE, "not_found", FINE, "forbidden"),
    # The room of this test is not direct.
    "hide": ("forbidden", "not_found", "forbidden", "forbidden"),
    "fold": (FINE, FINE, FINE, "forbidden"),
    # A draft is seen by its author alone: they may write it in a room that they may only read.
    "draft": (FINE, "not_found", FINE, "forbidden"),
    "drafts": (FINE, FINE, FINE, FINE),
    # Its time is too far away, because the site is shared; who may not write is told that first.
    "schedule": ("forbidden", "not_found", "archived", "forbidden"),
    # Of a message that is no poll.
    "vote": ("forbidden", "not_found", "archived", "forbidden"),
    "close_poll": ("not_found", "not_found", "not_found", "not_found"),
    # Of one's own message. A guest is shown no receipts.
    "receipts": (FINE, "not_found", FINE, FINE),
    "votes": (FINE, FINE, FINE, FINE),
    # What cannot be posted is not rendered either.
    "render": ("forbidden", "not_found", "archived", "forbidden"),
    "set_status": (FINE, FINE, FINE, "forbidden"),
    "thread": (FINE, "not_found", FINE, FINE),
    "threads": (FINE, FINE, FINE, FINE),
    "follow": (FINE, "not_found", FINE, "forbidden"),
    "unfollow": (FINE, "not_found", FINE, "forbidden"),
    "read_thread": (FINE, "not_found", FINE, FINE),
    # Their own message: who may see it is told that it is theirs.
    "report": ("invalid", "not_found", "invalid", "invalid"),
    # For moderators of the room.
    "reports": ("forbidden", "not_found", "forbidden", "forbidden"),
    "filters": ("forbidden", "not_found", "forbidden", "forbidden"),
    "save_filter": ("forbidden", "not_found", "forbidden", "forbidden"),
    "delete_filter": ("forbidden", "not_found", "forbidden", "forbidden"),
    "try_filter": ("forbidden", "not_found", "forbidden", "forbidden"),
    "count_reports": ("forbidden", "not_found", "forbidden", "forbidden"),
    "mute_person": ("forbidden", "not_found", "forbidden", "forbidden"),
    # Of a report and a held message that do not exist.
    "report_context": ("not_found",) * 4,
    "decide_report": ("not_found",) * 4,
    "decide_held": ("not_found",) * 4,
    "own_held": (FINE, FINE, FINE, FINE),
    "withdraw_held": (FINE, FINE, FINE, FINE),
    "changed_people": (FINE, FINE, FINE, FINE),
    "profile": (FINE, FINE, FINE, FINE),
    "ping": (FINE, FINE, FINE, FINE),
    # Accepted only on a connection that announced it in its handshake: see test_observation.py.
    "observe": ("invalid",) * 4,
    "ping_frame": ("invalid",) * 4,
}
AS_READER, AS_REMOVED, IN_ARCHIVE, AS_GUEST = range(4)
LAST = ("close", "leave")
"""Commands after which others would be answered differently."""
WORLD = """
    from django.contrib.auth import get_user_model
    from chat.domain import rooms
    from chat.models import Room
    bob = get_user_model().objects.get_by_natural_key("bob")
    place = Room.objects.get(slug=room)
"""


def test_every_command_has_a_row():
    missing, unknown = COMMANDS.keys() - TABLE.keys(), TABLE.keys() - COMMANDS.keys()
    assert not missing, f"add {missing} to TABLE here, and valid fields to `command` in chat/tests/wire/asking.py"
    assert not unknown, f"there is no command {unknown}: remove it from TABLE here and from chat/tests/wire/asking.py"


@pytest.fixture
def outside(place, room):
    """Function that runs code in another process, as the admin does, with the names `rooms`, `place` and `bob`.

    `place` is `room`.
    """
    world = "\n".join(line.strip() for line in WORLD.splitlines())
    return lambda code: asyncio.to_thread(place.python, f"{world}\n{code}", room=room)


async def post_for_each(client, room: str) -> dict[str, int]:
    """Post a message for each command, so that it finds nothing of what another one did. Returns their ids."""
    replies = await asyncio.gather(*(client.ask("post", **a_post(room, "mine")) for _ in TABLE))
    return {name: reply["message"]["id"] for name, reply in zip(TABLE, replies, strict=True)}


async def code_of(client, name: str, room: str, message: int) -> str | None:
    try:
        await client.ask(name, **command(name, room, message))
    except CommandRefused as refused:
        return refused.code
    return FINE


async def answers(client, room: str, messages: dict[str, int]) -> dict[str, str | None]:
    """Send each command in one room, each about its own message; returns the codes of the answers."""
    names = [*(name for name in TABLE if name not in LAST), *LAST]
    return {name: await code_of(client, name, room, messages[name]) for name in names}


def column(situation: int) -> dict[str, str | None]:
    """The answers to all commands in one situation."""
    return {name: row[situation] for name, row in TABLE.items()}


async def test_no_verb_of_a_reader_shows_anything_new(alice, bob, outside, room):
    messages = await post_for_each(bob, room)
    await outside("rooms.set_role(room=place, user=bob, role='reader')")
    assert await answers(bob, room, messages) == column(AS_READER)
    await alice.post_message(room, "the last word")
    await alice.until(lambda: alice.copies[room].in_order()[-1]["text"] == "the last word")
    texts = {message["id"]: message["text"] for message in alice.copies[room].in_order()[:-1]}
    assert texts == {message: "" if name == "delete" else "mine" for name, message in messages.items()}
    assert not [frame for frame in alice.frames if frame["type"] == "typing"]


@pytest.mark.parametrize("name", ["post", "edit", "react", "typing"])
@pytest.mark.parametrize("again", ["", "\nrooms.join_public(room=room, user=bob)"], ids=["left", "came back"])
async def test_a_reader_who_leaves_and_returns_is_still_a_reader(bob, outside, room, name, again):
    message = (await bob.post_message(room, "mine"))["id"]
    await outside(f"rooms.set_role(room=place, user=bob, role='reader')\nrooms.leave(room=place, user=bob){again}")
    # The hub ends the watch of a room that was left. An `open` at that moment is refused.
    await bob.wait_for_frame("room_removed", room)
    await bob.ask("open", room=room)
    assert await code_of(bob, name, room, message) == "forbidden"


async def test_a_person_removed_from_a_public_room_cannot_return(alice, bob, outside, room):
    messages = await post_for_each(bob, room)
    await outside("rooms.remove(room=place, user=bob)")
    await bob.wait_for_frame("room_removed", room)
    assert await answers(bob, room, messages) == column(AS_REMOVED)
    await alice.post_message(room, "among ourselves")
    await bob.ask("close", room="lobby")
    assert [f["room"] for f in bob.frames if f["type"] == "message" and f["message"]["text"] == "among ourselves"] == []


async def test_nothing_is_changed_or_shown_in_an_archived_room(alice, bob, outside, room):
    messages = await post_for_each(bob, room)
    await outside("rooms.archive(room=place)")
    assert await answers(bob, room, messages) == column(IN_ARCHIVE)
    # When its answer is there, all earlier events have come.
    await alice.ask("close", room="lobby")
    assert not [frame for frame in alice.frames if frame["type"] == "typing"]


async def test_no_verb_of_a_guest_shows_anything_where_guests_only_read(connect, outside, room):
    await outside("rooms.change(room=place, guests='write')")
    guest = await connect(rooms=[room])
    messages = await post_for_each(guest, room)
    await outside("rooms.change(room=place, guests='read')")
    assert await answers(guest, room, messages) == column(AS_GUEST)


async def test_pages_do_not_let_a_removed_member_join_again(place, bob, outside, room):
    await outside("rooms.remove(room=place, user=bob)")
    await bob.wait_for_frame("room_removed", room)
    page = await asyncio.to_thread(place.visitor, "bob")
    assert (await asyncio.to_thread(page.get, f"/rooms/{room}/")).status == 404
    assert (await asyncio.to_thread(page.post, f"/rooms/{room}/join/", {})).status == 404
    assert room not in (await asyncio.to_thread(page.get, "/")).text


async def test_a_repeated_post_after_removal_is_answered_with_the_original_message(alice, connect, outside, room):
    """A person who may no longer see the room does not get later edits and reactions."""
    bob = await connect("bob", rooms=[room])
    post = a_post(room, "as I said it")
    posted = (await bob.ask("post", **post))["message"]
    await bob.ask("edit", message=posted["id"], body="as I put it later")
    await alice.ask("react", message=posted["id"], emoji="🙈", on=True)
    now = (await bob.ask("post", **post))["message"]
    assert (now["text"], len(now["reactions"])) == ("as I put it later", 1)
    await outside("rooms.remove(room=place, user=bob)")
    await bob.wait_for_frame("room_removed", room)
    assert (await bob.ask("post", **post))["message"] == posted


async def test_no_room_removed_for_a_room_that_was_never_sent(connect, outside, room):
    """A connection that does not know of a room gets no `room_removed` for it."""
    charlie = await connect("charlie")
    await outside("rooms.remove(room=place, user=get_user_model().objects.get_by_natural_key('charlie'))")
    await outside("rooms.join(room=place, user=get_user_model().objects.get_by_natural_key('charlie'), role='member')")
    await charlie.wait_for_frame("room_added", room)
    assert not [frame for frame in charlie.frames if frame["type"] == "room_removed"]
