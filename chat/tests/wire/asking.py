"""Functions that send commands and wait for answers."""

import asyncio
import uuid
from itertools import islice

import pytest

from chat.management.protocol_connection import CommandRefused, ProtocolConnection
from chat.tests.client import Client


async def refusal(command) -> CommandRefused:
    """Await a command that must be refused. Returns the error."""
    with pytest.raises(CommandRefused) as caught:
        await command
    return caught.value


async def answer_to(client: Client, text: str | bytes) -> dict:
    """Send one text frame unchanged. Returns the next answer."""
    before = len(client.frames)
    await client.wire.socket.send(text, text=True)

    def answered():
        return next((f for f in islice(client.frames, before, None) if f["type"] in {"reply", "error"}), None)

    return await client.until(answered, f"an answer to {text[:100]!r}")


async def close_code(wire: ProtocolConnection) -> int:
    """Wait until a client's connection is closed. Returns the close code.

    Take `wire` from the client before it is closed, because the client reconnects at once.
    """
    await asyncio.wait_for(wire.closed(), 30)
    return wire.socket.close_code


def a_post(room: str, body: str = "hello", **fields) -> dict:
    """The fields of a `post` command, with a new client_id."""
    return {"room": room, "client_id": str(uuid.uuid4()), "body": body} | fields


def command(name: str, room: str, message: int) -> dict:
    """Valid fields of each command, in `room` or about `message`, that change nothing outside of this room."""
    fields = {
        "post": a_post(room, "more"),
        "edit": {"message": message, "body": "other"},
        "react": {"message": message, "emoji": "👍", "on": True},
        "typing": {"room": room},
        "tick": {"message": message, "task": 0, "on": True},
        "delete": {"message": message},
        "remove_preview": {"message": message, "url": "https://example.com/"},
        "restore": {"message": message},
        "pin": {"message": message, "on": True},
        "pins": {"room": room},
        "edits": {"message": message},
        "forward": {"message": message, "room": room, "client_id": str(uuid.uuid4())},
        "save": {"message": message, "on": True},
        "saved": {},
        "custom_emoji": {},
        "open": {"room": room},
        "history": {"room": room, "before": 10},
        "read": {"room": room, "upto": 1},
        "mark_unread": {"message": message},
        "close": {"room": room},
        "browse": {},
        "about": {"room": room},
        "members": {"room": room},
        "files": {"room": room},
        "create_room": {"name": ""},
        "change_room": {"room": room, "topic": "Mine"},
        "add_members": {"room": room, "people": [1]},
        "remove_member": {"room": room, "person": 1},
        "set_role": {"room": room, "person": 1, "role": "reader"},
        "name_to_post": {"room": room, "person": 1, "on": True},
        "make_invite": {"room": room},
        "set_notify": {"room": room, "level": "all"},
        "join": {"room": room},
        "leave": {"room": room},
        "people": {"query": "b"},
        "direct": {"people": [10**9]},
        "favourite": {"room": room, "on": True},
        "mute": {"room": room, "on": False},
        "hide": {"room": room, "on": True},
        "thread": {"message": message},
        "threads": {},
        # Of their own message, which nobody can report.
        "report": {"message": message, "reason": "spam"},
        "reports": {"room": room},
        "report_context": {"report": 10**9},
        "decide_report": {"report": 10**9, "act": "dismiss"},
        "decide_held": {"held": 10**9, "post": True},
        "withdraw_held": {"client_id": str(uuid.uuid4())},
        "filters": {"room": room},
        "save_filter": {"room": room, "name": "Tea", "kind": "words", "value": "tea", "action": "hold"},
        "delete_filter": {"room": room, "filter": 10**9},
        "try_filter": {"room": room, "name": "Tea", "kind": "words", "value": "tea", "action": "hold"},
        "count_reports": {"room": room},
        "own_held": {"knows": [str(uuid.uuid4())]},
        "mute_person": {"room": room, "person": 1, "minutes": 5},
        "follow": {"message": message},
        "unfollow": {"message": message},
        "read_thread": {"message": message, "upto": 1},
        "fold": {"section": "archived", "on": True},
        "draft": {"room": room, "client_id": str(uuid.uuid4()), "body": "not yet"},
        "drafts": {},
        "schedule": a_post(room, "later", at="2100-01-01T00:00:00Z"),
        "vote": {"message": message, "options": [0]},
        "close_poll": {"message": message},
        "receipts": {"message": message},
        "votes": {"messages": [message]},
        "render": {"room": room, "body": "*not yet*"},
        "set_status": {},
        "changed_people": {"since": 0},
        "profile": {"person": 1, "room": room},
        "ping": {},
        "observe": {},
        "ping_frame": {},
    }
    assert name in fields, f"add valid fields of {name} to `command` in chat/tests/wire/asking.py"
    return fields[name]
