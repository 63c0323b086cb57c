"""The schemas of what the server sends: names in snake_case, each type once, and their JSON."""

import inspect
import json
import re
from datetime import UTC, datetime, timedelta, timezone
from importlib import import_module
from pkgutil import iter_modules

import pytest

from chat.protocol import errors, events, handshake, observation, replies, things
from chat.protocol.schema import Schema, schemas_in
from chat.tests.wire_message import wire_message

ALL = [schema for module in (things, handshake, observation, events, replies, errors) for schema in schemas_in(module)]
TYPED = [schema for schema in ALL if "type" in schema.model_fields]
ANSWERS = {"reply"}


def test_field_names_are_snake_case():
    for schema in ALL:
        for name in schema.model_fields:
            assert re.fullmatch(r"[a-z]+[0-9]*(_[a-z]+)*", name), f"{schema.__name__}.{name}"


def test_each_event_has_a_type_of_its_own():
    types = [schema.model_fields["type"].default for schema in TYPED]
    assert len(types) > 10
    assert all(types.count(type) == 1 for type in types if type not in ANSWERS)


@pytest.mark.parametrize("package", [things, events, replies], ids=lambda package: package.__name__)
def test_a_package_names_every_schema_of_its_modules(package):
    modules = [import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__)]
    defined = {schema for module in modules for schema in schemas_in(module)}
    missing = {schema.__name__ for schema in defined - set(schemas_in(package))}
    assert len(modules) > 5
    assert not missing, f"add {missing} to __init__.py of {package.__name__}: it is in no document"


def test_each_schema_has_a_docstring():
    for schema in ALL:
        assert inspect.getdoc(schema), schema.__name__
        assert schema.__doc__ != Schema.__doc__ or schema is Schema


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 600_000, UTC), "2026-01-02T03:04:05.600000Z"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2))), "2026-01-02T03:04:05+02:00"),
    ],
)
def test_times_are_iso_8601(at, written):
    message = things.Message(**wire_message(at=at))
    assert json.loads(message.encode())["at"] == written
    assert message.model_dump(mode="json") == json.loads(message.encode())


def test_a_field_without_a_value_is_null():
    error = json.loads(errors.Error(code="invalid", detail="No.").encode())
    assert error == {
        "type": "error",
        "ref": None,
        "code": "invalid",
        "detail": "No.",
        "field": None,
        "retry_after": None,
    }


def test_a_frame_is_one_line_of_any_script():
    frame = events.Bye(reason="שלום\n😀\u2028", retry_after=0.5).encode()
    assert "\n" not in frame
    assert json.loads(frame)["reason"] == "שלום\n😀\u2028"
