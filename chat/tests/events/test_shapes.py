"""The shapes of events: snake_case, each type once, and what they look like as JSON."""

import inspect
import json
import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from chat.events import shapes

ALL = [shape for _name, shape in inspect.getmembers(shapes, inspect.isclass) if issubclass(shape, shapes.Shape)]
TYPED = [shape for shape in ALL if "type" in shape.model_fields]
ANSWERS = {"reply"}


def test_the_wire_speaks_snake_case():
    for shape in ALL:
        for name in shape.model_fields:
            assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name), f"{shape.__name__}.{name}"


def test_each_event_has_a_type_of_its_own():
    types = [shape.model_fields["type"].default for shape in TYPED]
    assert len(types) > 10
    assert all(types.count(type) == 1 for type in types if type not in ANSWERS)


def test_each_shape_says_what_it_is():
    for shape in ALL:
        assert inspect.getdoc(shape), shape.__name__
        assert shape.__doc__ != shapes.Shape.__doc__ or shape is shapes.Shape


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 1, 2, 3, 4, 5, 600_000, UTC), "2026-01-02T03:04:05.600000Z"),
        (datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=2))), "2026-01-02T03:04:05+02:00"),
    ],
)
def test_times_are_iso_8601(at, written):
    message = shapes.MessageOut(
        id=1,
        seq=1,
        version=1,
        client_id="",
        author=None,
        guest=shapes.GuestOut(id="5d41402abc4b2a76", name="Quiet Heron 27"),
        text="",
        html="",
        at=at,
        edited_at=None,
        deleted=False,
        reply_to=None,
        reactions=[],
    )
    assert json.loads(message.encode())["at"] == written
    assert message.model_dump(mode="json") == json.loads(message.encode())


def test_what_is_empty_is_said_as_null():
    error = json.loads(shapes.ErrorOut(code="invalid", detail="No.").encode())
    assert error == {
        "type": "error",
        "ref": None,
        "code": "invalid",
        "detail": "No.",
        "field": None,
        "retry_after": None,
    }


def test_a_frame_is_one_line_of_any_script():
    frame = shapes.Bye(reason="שלום\n😀\u2028", retry_after=0.5).encode()
    assert "\n" not in frame
    assert json.loads(frame)["reason"] == "שלום\n😀\u2028"
