"""Every `error` code of docs/protocol.md. After each the connection stays open."""

import json

import pytest
from websockets.exceptions import ConnectionClosed

from .asking import a_post, answer_to, refusal

pytestmark = pytest.mark.sites("site")


BAD_JSON = (
    "",
    " ",
    "hello",
    "{",
    "[]",
    '"post"',
    "17",
    "null",
    '{"type": NaN}',
    '{"type": "close", "room": Infinity}',
    "{'type': 'close'}",
    '{"type": "close"} {"type": "close"}',
    "\ufeff{}",
    "[" * 100_000,
    '{"a":' * 50_000,
)


async def test_a_frame_that_is_not_one_json_object_gets_bad_json(alice):
    for text in BAD_JSON:
        answer = await answer_to(alice, text)
        assert (answer["type"], answer["code"], answer["ref"]) == ("error", "bad_json", None), text[:20]
        assert answer["detail"]


async def test_the_error_for_an_unknown_type_has_the_ref(alice):
    for type in (None, 5, True, [], {}, "", "shout", "Post", "__class__", "welcome", "server.drain"):
        answer = await answer_to(alice, json.dumps({"type": type, "ref": "r1"}))
        assert (answer["code"], answer["ref"], answer["field"]) == ("unknown_type", "r1", "type"), type


async def test_a_frame_without_type_gets_unknown_type(alice):
    assert (await answer_to(alice, "{}"))["code"] == "unknown_type"


COMMANDS = {
    "open": {"room": "lobby"},
    "close": {"room": "lobby"},
    "post": a_post("lobby"),
    "edit": {"message": 1, "body": "x"},
    "delete": {"message": 1},
    "react": {"message": 1, "emoji": "👍", "on": True},
    "read": {"room": "lobby", "upto": 1},
    "mark_unread": {"message": 1},
    "typing": {"room": "lobby"},
    "history": {"room": "lobby", "before": 1},
    "people": {},
    "direct": {"people": [10**9]},
    "favourite": {"room": "lobby", "on": False},
    "mute": {"room": "lobby", "on": False},
    "hide": {"room": "lobby", "on": False},
    "fold": {"section": "archived", "on": True},
    "changed_people": {"since": 0},
    "profile": {"person": 1},
    "browse": {},
    "about": {"room": "lobby"},
    "members": {"room": "lobby"},
    "files": {"room": "lobby"},
    # A name that no other test uses: a taken one is refused first.
    "create_room": {"name": "Refused rooms"},
    "change_room": {"room": "lobby"},
    "add_members": {"room": "lobby", "people": [1]},
    "remove_member": {"room": "lobby", "person": 10**9},
    "set_role": {"room": "lobby", "person": 10**9, "role": "reader"},
    "name_to_post": {"room": "lobby", "person": 10**9, "on": True},
    "set_notify": {"room": "lobby", "level": "all"},
    "join": {"room": "lobby"},
    "leave": {"room": "no-such-room"},
    "make_invite": {},
}
WRONG = {
    "room": [None, 5, [], {}, "", "x" * 65, True],
    "client_id": [None, 5, "", "not-a-uuid", "12345678-1234-1234-1234-1234567890", [1]],
    "body": [None, 5, [], {}, "", "   \n", "\u2003"],
    "message": [None, "1", 1.5, -1, 2**63, True, []],
    "emoji": [None, 5, "", "word"],
    "on": [None, "yes", 1, 0],
    "section": [None, 5, "", "drafts"],
    "upto": [None, "1", 1.5, -1, 2**63, True],
    "since": [None, "1", 1.5, -1, 2**63, True],
    "before": [None, "1", 1.5, -1, 2**63],
    "name": [None, 5, [], "", " ", "x" * 81],
    "people": [None, 5, "1", {}, ["1"], [1.5], [-1], [10**9], [1] * 51],
    "person": [None, "1", 1.5, -1, 2**63, True],
    "role": [None, 5, []],
    "level": [None, 5, "", "loud"],
}
OPTIONAL = {
    "open": {
        "since": ["1", 1.5, -1, 2**63, True],
        "epoch": [5, [], "x" * 65],
        "at": ["read", "1", 1.5, -1, 2**63, True],
    },
    "read": {"unread_marks": ["1", 1.5, -1, 2**63, True]},
    "post": {"reply_to": ["1", 1.5, -1, 2**63]},
    "history": {"limit": [None, "1", 0, 101, 1.5, -1], "after": ["1", 1.5, -1, 2**63], "around": ["1", 1.5, -1, 2**63]},
    "browse": {"search": [None, 5, "x" * 81], "skip": [None, "1", -1, 1.5]},
    "files": {
        "kind": ["", "pictures", 5],
        "sender": ["1", -1],
        "until": ["yesterday", "1999-12-31", "2026-13-01", 5, ""],
        "before": ["1", -1],
    },
    "members": {"search": [None, 5, "x" * 81], "skip": [None, "1", -1, 1.5]},
    "create_room": {"topic": [None, 5, "x" * 251], "kind": [None, 5, "direct", "x"], "people": [None, ["x"], [10**9]]},
    "change_room": {
        "name": [5, []],
        "topic": [5, True],
        "kind": [5, {}],
        "guests": [5],
        "slow_mode_s": ["1", -1, 86_401, 1.5],
        "who_posts": [5, []],
        "who_invites": [5, True],
        "who_pins": [5],
        "who_mentions_all": [5, {}],
        "archived": ["yes", 1],
    },
    "make_invite": {"room": [5, "", "x" * 65]},
    "profile": {"room": [5, "", "x" * 65]},
    "people": {"query": [None, 5, [], "x" * 81], "limit": [None, "1", 0, 51, 1.5, -1]},
}


async def test_the_error_names_a_missing_field(alice):
    for type, fields in COMMANDS.items():
        for missing in fields:
            refused = await refusal(alice.ask(type, **{name: fields[name] for name in fields if name != missing}))
            assert (refused.code, refused.field) == ("invalid", missing), (type, missing)


async def wrong_values(who, type, fields):
    message = await who.post_message("lobby", "one")
    for field, values in fields.items():
        for value in values:
            command = COMMANDS[type] | ({"message": message["id"]} if "message" in COMMANDS[type] else {})
            refused = await refusal(who.ask(type, **command | {field: value}))
            assert (refused.code, refused.field) == ("invalid", field), (type, field, value)
            assert refused.detail


async def test_the_error_names_the_field_with_a_wrong_value(alice):
    for type, fields in COMMANDS.items():
        await wrong_values(alice, type, {field: WRONG[field] for field in fields})


async def test_the_error_names_an_optional_field_with_a_wrong_value(alice):
    for type, fields in OPTIONAL.items():
        await wrong_values(alice, type, fields)


async def test_an_invalid_ref_is_refused(alice):
    for ref in (1.5, True, [], {}, "x" * 65, 2**53 + 1):
        answer = await answer_to(alice, json.dumps({"type": "close", "room": "lobby", "ref": ref}))
        assert (answer["code"], answer["field"], answer["ref"]) == ("invalid", "ref", None), ref


async def test_unknown_fields_are_ignored(alice):
    assert (await alice.ask("close", room="lobby", colour="green", html="<b>"))["type"] == "reply"


async def test_eight_thousand_characters_are_a_message_and_one_more_is_too_long(alice, room):
    longest = "🧶" * 8000
    assert (await alice.post_message(room, longest))["text"] == longest
    refused = await refusal(alice.ask("post", **a_post(room, "🧶" * 8001)))
    assert (refused.code, refused.field) == ("too_long", "body")
    assert "8000" in refused.detail
    assert "8001" in refused.detail
    message = await alice.post_message(room, "short")
    assert (await refusal(alice.ask("edit", message=message["id"], body="x" * 8001))).code == "too_long"
    assert alice.copies[room].version == 2


HIDDEN = (
    *("open", "post", "read", "typing", "history", "about", "members", "files", "join", "leave"),
    *("change_room", "add_members", "remove_member", "set_role", "name_to_post", "set_notify"),
    "make_invite",
)


async def test_a_hidden_room_and_a_missing_room_give_charlie_the_same_error(connect):
    charlie = await connect("charlie")
    for type in HIDDEN:
        there = await refusal(charlie.ask(type, **COMMANDS[type] | {"room": "den"}))
        not_there = await refusal(charlie.ask(type, **COMMANDS[type] | {"room": "no-such-room"}))
        assert vars(there) == vars(not_there)
        assert there.code == ("invalid" if type == "typing" else "not_found"), type
    closed = await charlie.ask("close", room="den")
    assert closed | {"ref": 0} == (await charlie.ask("close", room="no-such-room")) | {"ref": 0}


async def test_a_refused_open_watches_nothing(alice, connect):
    charlie = await connect("charlie")
    await refusal(charlie.ask("open", room="den"))
    await alice.post_message("den", "between us")
    await charlie.ask("close", room="x")
    assert [frame["type"] for frame in charlie.frames] == ["welcome", "error", "reply"]


async def test_the_next_command_of_a_deactivated_user_gets_signed_out(place, connect):
    place.add_person("erin")
    erin = await connect("erin")
    place.python("""
        from django.contrib.auth import get_user_model
        get_user_model().objects.filter(handle="erin").update(is_active=False)
    """)
    wire = erin.wire
    try:
        assert (await refusal(wire.ask("post", **a_post("lobby")))).code == "signed_out"
    except ConnectionClosed:
        # The check had closed the connection already.
        assert wire.socket.close_code == 4001
    count = "from chat.models import Message\nresult = Message.objects.filter(author__handle='erin').count()"
    assert place.python(count) == 0
