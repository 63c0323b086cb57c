"""Parsing of frames: any text results in a command, or in an error with a code."""

import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.errors import DomainError, Invalid
from chat.live import parsing
from chat.live.parsing import BadJson, UnknownType
from chat.protocol import commands

POST = {"type": "post", "room": "harbour", "client_id": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "body": "Ahoy"}


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "{", "}", "[]", "null", "1", '"a"', "{'a': 1}", '{"a": NaN}', '{"a": Infinity}', '{"a": -Infinity}'),
        *('{"a": 1} {"b": 2}', '{"a"}', "\ufeff{}", '{"a": "\0"}', "[" * 100_000, '{"a":' * 100_000, "1" * 10_000),
        '{"a": ' + "1" * 5_000 + "}",
    ],
)
def test_a_frame_that_is_not_a_json_object_is_bad_json(text):
    with pytest.raises(BadJson) as caught:
        parsing.parse_object(text)
    assert caught.value.code == "bad_json"


def test_nul_and_lone_surrogates_become_replacement_characters():
    frame = '{"a": "\\ud83d", "b": "\\ud83d\\ude00", "c": "\\\\u0000 \\u0000"}'
    assert parsing.parse_object(frame) == {"a": "\ufffd", "b": "😀", "c": "\\u0000 \ufffd"}


def test_nested_strings_are_not_cleaned():
    assert parsing.parse_object('{"x": ["\\u0000"]}') == {"x": ["\0"]}


@pytest.mark.parametrize(
    ("frame", "ref"),
    [
        ('{"ref": 7}', 7),
        ('{"ref": "a\\u0000"}', "a\ufffd"),
        ('{"ref": []}', None),
        ("[]", None),
        ("no JSON", None),
        ('{"ref": 7, "body": "' + "x" * 8_000 + '"}', 7),
        ('{"ref": 7, "body": "' + "x" * 64 * 1024 + '"}', None),
    ],
)
def test_the_ref_is_read_from_a_frame_that_is_refused_before_parsing(frame, ref):
    assert parsing.ref_in_frame(frame) == ref


@pytest.mark.parametrize("kind", [None, 1, True, [], {}, "", "Post", "nothing", "__class__", "run", "x" * 10_000])
def test_an_unknown_type_raises_unknown_type(kind):
    with pytest.raises(UnknownType) as caught:
        parsing.parse_command({"type": kind})
    assert (caught.value.code, caught.value.field) == ("unknown_type", "type")


def test_each_command_is_built_from_its_fields():
    message = {"message": 7}
    for fields in (
        POST,
        POST | {"reply_to": 3, "ref": "a", "more": "is ignored"},
        {"type": "open", "room": "harbour"},
        {"type": "open", "room": "harbour", "since": 0, "epoch": "e", "ref": 5},
        {"type": "close", "room": "harbour"},
        {"type": "edit", "body": "Aye"} | message,
        {"type": "delete"} | message,
        {"type": "react", "emoji": "👋", "on": True} | message,
        {"type": "read", "room": "harbour", "upto": 2**63 - 1},
        {"type": "typing", "room": "harbour"},
        {"type": "history", "room": "harbour", "before": 5},
        {"type": "history", "room": "harbour", "around": 5},
        {"type": "open", "room": "harbour", "at": "unread"},
        {"type": "open", "room": "harbour", "at": 5},
        {"type": "mark_unread", "message": 5},
        {"type": "history", "room": "harbour", "before": 5, "limit": 100},
    ):
        command = parsing.parse_command(fields)
        assert type(command) is commands.COMMANDS[fields["type"]]
    assert parsing.parse_command(POST).client_id == uuid.UUID(POST["client_id"])


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        (POST | {"room": ""}, "room"),
        (POST | {"room": "x" * 65}, "room"),
        (POST | {"room": 1}, "room"),
        (POST | {"room": None}, "room"),
        (POST | {"client_id": "7"}, "client_id"),
        (POST | {"client_id": 7}, "client_id"),
        (POST | {"body": None}, "body"),
        (POST | {"body": ["a"]}, "body"),
        (POST | {"reply_to": "1"}, "reply_to"),
        (POST | {"reply_to": -1}, "reply_to"),
        (POST | {"reply_to": 2**63}, "reply_to"),
        (POST | {"ref": True}, "ref"),
        (POST | {"ref": 1.5}, "ref"),
        (POST | {"ref": "x" * 65}, "ref"),
        (POST | {"ref": 2**53 + 1}, "ref"),
        ({"type": "post", "room": "a", "client_id": POST["client_id"]}, "body"),
        ({"type": "open"}, "room"),
        ({"type": "open", "room": "a", "since": "1"}, "since"),
        ({"type": "open", "room": "a", "since": True}, "since"),
        ({"type": "open", "room": "a", "since": 1.0}, "since"),
        ({"type": "open", "room": "a", "epoch": 1}, "epoch"),
        ({"type": "edit", "body": "a"}, "message"),
        ({"type": "delete", "message": [1]}, "message"),
        ({"type": "react", "message": 1, "emoji": "👋"}, "on"),
        ({"type": "react", "message": 1, "emoji": "👋", "on": 1}, "on"),
        ({"type": "react", "message": 1, "emoji": None, "on": True}, "emoji"),
        ({"type": "read", "room": "a", "upto": 1e400}, "upto"),
        ({"type": "history", "room": "a", "before": "1"}, "before"),
        ({"type": "history", "room": "a", "after": -1}, "after"),
        ({"type": "history", "room": "a", "around": 2**63}, "around"),
        ({"type": "open", "room": "a", "at": "read"}, "at"),
        ({"type": "open", "room": "a", "at": 1.5}, "at"),
        ({"type": "open", "room": "a", "at": True}, "at"),
        ({"type": "read", "room": "a", "upto": 1, "unread_marks": -1}, "unread_marks"),
        ({"type": "mark_unread", "message": "1"}, "message"),
        ({"type": "history", "room": "a", "before": 1, "limit": 0}, "limit"),
        ({"type": "history", "room": "a", "before": 1, "limit": 101}, "limit"),
    ],
)
def test_a_wrong_field_is_named(fields, wrong):
    with pytest.raises(Invalid) as caught:
        parsing.parse_command(fields)
    assert (caught.value.code, caught.value.field) == ("invalid", wrong)
    assert str(caught.value.detail)


@pytest.mark.parametrize("ref", ["a", "", "x" * 64, 0, -5, 2**53, -(2**53)])
def test_a_valid_ref_is_found_whatever_else_is_wrong(ref):
    assert parsing.ref_of({"type": "nothing", "ref": ref}) == ref


@pytest.mark.parametrize("data", [None, [], {}, *({"ref": ref} for ref in (None, True, 1.5, [], "x" * 65, 2**53 + 1))])
def test_an_invalid_ref_is_none(data):
    assert parsing.ref_of(data) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda more: st.lists(more) | st.dictionaries(st.text(), more),
)
FIELDS = st.sampled_from(
    ["ref", *sorted({name for command in commands.COMMANDS.values() for name in command.model_fields})]
)
FRAMES = st.builds(
    lambda kind, fields: {"type": kind} | fields,
    st.sampled_from(list(commands.COMMANDS)) | VALUES,
    st.dictionaries(FIELDS, VALUES | st.just(7) | st.just("harbour")),
)


@given(FRAMES.map(json.dumps) | VALUES.map(json.dumps) | st.text())
def test_any_frame_is_a_command_or_raises_a_domain_error(text):
    data, refused = None, None
    try:
        data = parsing.parse_object(text)
        command = parsing.parse_command(data)
    except DomainError as error:
        refused = error
    if refused:
        assert refused.code in {"bad_json", "unknown_type", "invalid"}
        str(refused.detail).encode()
    else:
        assert isinstance(command, commands.Command)
        assert parsing.ref_of(data) == command.ref
        command.model_dump_json().encode()
