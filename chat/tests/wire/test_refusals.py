"""Every `error` code of PROTOCOL.md, one by one. After each the socket lives on."""

import json

import pytest
from websockets.exceptions import ConnectionClosed

from .asking import a_post, answer_to, refusal


@pytest.fixture(params=["site"])
def place(request):
    """One site is enough: what is refused does not depend on the database (but for `unavailable`, tested elsewhere)."""
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize(
    "text",
    [
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
    ],
    ids=lambda text: text[:20] or "empty",
)
async def test_what_is_not_one_json_object_is_bad_json(alice, text):
    answer = await answer_to(alice, text)
    assert (answer["type"], answer["code"], answer["ref"]) == ("error", "bad_json", None)
    assert answer["detail"]


@pytest.mark.parametrize("type", [None, 5, True, [], {}, "", "shout", "Post", "__class__", "welcome", "server.drain"])
async def test_an_unknown_type_is_told_with_its_ref(alice, type):
    answer = await answer_to(alice, json.dumps({"type": type, "ref": "r1"}))
    assert (answer["code"], answer["ref"], answer["field"]) == ("unknown_type", "r1", "type")


async def test_a_frame_without_type_is_an_unknown_type(alice):
    assert (await answer_to(alice, "{}"))["code"] == "unknown_type"


COMMANDS = {
    "open": {"room": "lobby"},
    "close": {"room": "lobby"},
    "post": a_post("lobby"),
    "edit": {"message": 1, "body": "x"},
    "delete": {"message": 1},
    "react": {"message": 1, "emoji": "👍", "on": True},
    "read": {"room": "lobby", "upto": 1},
    "typing": {"room": "lobby"},
    "history": {"room": "lobby", "before": 1},
}
WRONG = {
    "room": [None, 5, [], {}, "", "x" * 65, True],
    "client_id": [None, 5, "", "not-a-uuid", "12345678-1234-1234-1234-1234567890", [1]],
    "body": [None, 5, [], {}, "", "   \n", "\u2003"],
    "message": [None, "1", 1.5, -1, 2**63, True, []],
    "emoji": [None, 5, "", "word"],
    "on": [None, "yes", 1, 0],
    "upto": [None, "1", 1.5, -1, 2**63, True],
    "before": [None, "1", 1.5, -1, 2**63],
}
OPTIONAL = {
    "open": {"since": ["1", 1.5, -1, 2**63, True], "epoch": [5, [], "x" * 65]},
    "post": {"reply_to": ["1", 1.5, -1, 2**63]},
    "history": {"limit": [None, "1", 0, 101, 1.5, -1]},
}


@pytest.mark.parametrize(("type", "field"), [(type, field) for type in COMMANDS for field in COMMANDS[type]])
async def test_a_missing_field_is_named(alice, type, field):
    fields = {name: value for name, value in COMMANDS[type].items() if name != field}
    refused = await refusal(alice.ask(type, **fields))
    assert (refused.code, refused.field) == ("invalid", field)


async def wrong_values(who, type, fields):
    message = await who.say("lobby", "one")
    for field, values in fields.items():
        for value in values:
            command = COMMANDS[type] | ({"message": message["id"]} if "message" in COMMANDS[type] else {})
            refused = await refusal(who.ask(type, **command | {field: value}))
            assert (refused.code, refused.field) == ("invalid", field), (field, value)
            assert refused.detail


@pytest.mark.parametrize("type", COMMANDS)
async def test_a_wrong_value_is_told_with_its_field(alice, type):
    await wrong_values(alice, type, {field: WRONG[field] for field in COMMANDS[type]})


@pytest.mark.parametrize("type", OPTIONAL)
async def test_a_wrong_value_of_an_optional_field_is_told_too(alice, type):
    await wrong_values(alice, type, OPTIONAL[type])


@pytest.mark.parametrize("ref", [1.5, True, [], {}, "x" * 65, 2**53 + 1])
async def test_a_ref_that_cannot_come_back_is_refused(alice, ref):
    answer = await answer_to(alice, json.dumps({"type": "close", "room": "lobby", "ref": ref}))
    assert (answer["code"], answer["field"], answer["ref"]) == ("invalid", "ref", None)


async def test_fields_nobody_asked_for_are_ignored(alice):
    assert (await alice.ask("close", room="lobby", colour="green", html="<b>"))["type"] == "reply"


async def test_eight_thousand_characters_are_a_message_and_one_more_is_too_long(alice, room):
    longest = "🧶" * 8000
    assert (await alice.say(room, longest))["text"] == longest
    refused = await refusal(alice.ask("post", **a_post(room, "🧶" * 8001)))
    assert (refused.code, refused.field) == ("too_long", "body")
    assert "8000" in refused.detail
    assert "8001" in refused.detail
    message = await alice.say(room, "short")
    assert (await refusal(alice.ask("edit", message=message["id"], body="x" * 8001))).code == "too_long"
    assert alice.copies[room].version == 2


@pytest.mark.parametrize("type", ["open", "post", "read", "typing", "history"])
async def test_charlie_cannot_tell_a_room_he_may_not_see_from_none(connect, type):
    charlie = await connect("charlie")
    there = await refusal(charlie.ask(type, **COMMANDS[type] | {"room": "den"}))
    not_there = await refusal(charlie.ask(type, **COMMANDS[type] | {"room": "no-such-room"}))
    assert vars(there) == vars(not_there)
    assert there.code == ("invalid" if type == "typing" else "not_found")
    assert (await charlie.ask("close", room="den")) == (await charlie.ask("close", room="no-such-room")) | {"ref": 3}


async def test_a_refused_open_watches_nothing(alice, connect):
    charlie = await connect("charlie")
    await refusal(charlie.ask("open", room="den"))
    await alice.say("den", "between us")
    await charlie.ask("close", room="x")
    assert [frame["type"] for frame in charlie.frames] == ["welcome", "error", "reply"]


async def test_who_was_deactivated_is_told_at_the_next_command(place, connect):
    place.add_person("erin")
    erin = await connect("erin")
    place.python("""
        from django.contrib.auth import get_user_model
        get_user_model().objects.filter(username="erin").update(is_active=False)
    """)
    wire = erin.wire
    try:
        assert (await refusal(wire.ask("post", **a_post("lobby")))).code == "signed_out"
    except ConnectionClosed:
        # The two-second check came first.
        assert wire.socket.close_code == 4001
    said = "from chat.models import Message\nresult = Message.objects.filter(author__username='erin').count()"
    assert place.python(said) == 0
