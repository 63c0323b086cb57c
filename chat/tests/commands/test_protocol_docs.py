"""docs/protocol.md agrees with the code, and its example is a possible conversation."""

import json
import re
from functools import cache
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pydantic import ValidationError

from chat.live import parsing
from chat.management import protocol, protocol_types
from chat.management.commands import protocol_docs
from chat.protocol import errors, events
from chat.protocol.commands import COMMANDS
from chat.protocol.schema import schemas_in

EVENTS = {event.model_fields["type"].default: event for event in [*schemas_in(events), errors.Error]}
DOCUMENT = protocol_docs.DOCUMENT.read_text()


@pytest.fixture(scope="module", autouse=True)
def rendered_once():
    """The schemas of all tests here are the same: they are rendered once, which takes two seconds."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (protocol, protocol_types):
            patch.setattr(module, "render", cache(module.render))
        yield


def test_the_document_and_the_types_are_current():
    """If this fails, run `manage.py protocol_docs`."""
    call_command("protocol_docs", check=True, stdout=StringIO())


@pytest.mark.parametrize("name", ["DOCUMENT", "TYPES"])
def test_check_fails_for_a_file_that_is_not_current(name, tmp_path, monkeypatch, capsys):
    path = getattr(protocol_docs, name)
    copy = tmp_path / path.name
    monkeypatch.setattr(protocol_docs, name, copy)
    with pytest.raises(CommandError, match=f"{path.name} is not current"):
        call_command("protocol_docs", check=True)
    call_command("protocol_docs")
    assert copy.read_text() == path.read_text()
    call_command("protocol_docs", check=True)
    assert "is current" in capsys.readouterr().out


def test_each_command_event_and_error_code_is_described():
    for name in [*COMMANDS, *EVENTS]:
        assert f"### `{name}`\n" in DOCUMENT or name == "reply"
    for code in errors.ErrorCode:
        assert f"| `{code}` |" in DOCUMENT
    assert "{{" not in DOCUMENT


def test_each_internal_link_has_a_target():
    headings = re.findall(r"^#+ (.*)$", DOCUMENT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    links = set(re.findall(r"\]\(#([^)]+)\)", DOCUMENT))
    assert links
    assert links <= anchors


def test_the_example_conversation_is_valid():
    asked = {}
    lines = re.findall(r"^([→←]) (.*)$", DOCUMENT, re.MULTILINE)
    assert len(lines) > 6
    for direction, text in lines:
        frame = json.loads(text)
        if direction == "→":
            command = parsing.parse_command(frame)
            unknown = frame.keys() - type(command).model_fields.keys()
            assert not unknown, f"{frame['type']} has no field {unknown}; correct the example in {SOURCE}: {text}"
            asked[frame["ref"]] = command.answers
        else:
            schema = asked[frame["ref"]] if frame["type"] == "reply" else EVENTS[frame["type"]]
            # Each field, and no other: as the server would write it.
            try:
                written = json.loads(schema.model_validate(frame).encode())
            except ValidationError as error:
                pytest.fail(f"{schema.__name__}: {error}\nCorrect the example in {SOURCE}: {text}")
            assert not (found := differences(frame, written)), (
                f"{schema.__name__}: correct {found} in the example in {SOURCE}: {text}"
            )


SOURCE = "docs/protocol.in.md"


def differences(example, written, place: str = "") -> list[str]:
    """The fields, by their way, in which an example differs from what the server would write."""
    if isinstance(example, dict) and isinstance(written, dict):
        missing = [f"{place}{name} (is missing)" for name in written if name not in example]
        unknown = [f"{place}{name} (is unknown)" for name in example if name not in written]
        inside = [differences(example[name], written[name], f"{place}{name}.") for name in example if name in written]
        return [*missing, *unknown, *(one for found in inside for one in found)]
    if isinstance(example, list) and isinstance(written, list) and len(example) == len(written):
        inside = [differences(*pair, f"{place}{n}.") for n, pair in enumerate(zip(example, written, strict=True))]
        return [one for found in inside for one in found]
    return [] if example == written else [f"{place.rstrip('.')} ({example!r}, not {written!r})"]


def test_the_message_about_a_wrong_example_names_the_field():
    example = {"message": {"id": 1, "poll": None, "quotes": [{"text": "a"}]}, "old": 1}
    written = {"message": {"id": 2, "poll": None, "quotes": [{"text": "a", "name": ""}], "new": 1}}
    assert differences(example, written) == [
        "old (is unknown)",
        "message.new (is missing)",
        "message.id (1, not 2)",
        "message.quotes.0.name (is missing)",
    ]
    assert differences(example, example) == []
