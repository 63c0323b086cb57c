"""docs/protocol.md is what the code says, and its example is a conversation that could be."""

import json
import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from chat.events import shapes
from chat.live import parsing
from chat.live.commands import COMMANDS
from chat.management.commands import protocol_docs

EVENTS = {
    shape.model_fields["type"].default: shape for shape in shapes.Shape.__subclasses__() if "type" in shape.model_fields
}
DOCUMENT = protocol_docs.DOCUMENT.read_text()


def test_the_document_is_current():
    """After a change of the protocol: `manage.py protocol_docs`."""
    call_command("protocol_docs", check=True, stdout=StringIO())


def test_a_document_that_is_not_current_is_told_of_and_written_anew(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(protocol_docs, "DOCUMENT", tmp_path / "protocol.md")
    with pytest.raises(CommandError, match="protocol_docs"):
        call_command("protocol_docs", check=True)
    call_command("protocol_docs")
    assert (tmp_path / "protocol.md").read_text() == DOCUMENT
    call_command("protocol_docs", check=True)
    assert "is current" in capsys.readouterr().out


def test_every_command_event_and_code_is_there():
    for name in [*COMMANDS, *EVENTS]:
        assert f"### `{name}`\n" in DOCUMENT or name == "reply"
    for refusal in (parsing.BadJson, parsing.UnknownType):
        assert f"| `{refusal.code}` |" in DOCUMENT
    assert "{{" not in DOCUMENT


def test_every_link_within_it_leads_somewhere():
    headings = re.findall(r"^#+ (.*)$", DOCUMENT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    links = set(re.findall(r"\]\(#([^)]+)\)", DOCUMENT))
    assert links
    assert links <= anchors


def test_its_conversation_is_one_that_could_be():
    asked = {}
    lines = re.findall(r"^([→←]) (.*)$", DOCUMENT, re.MULTILINE)
    assert len(lines) > 6
    for direction, text in lines:
        frame = json.loads(text)
        if direction == "→":
            command = parsing.build(frame)
            assert frame.keys() - {"type"} <= type(command).model_fields.keys()
            asked[frame["ref"]] = command.answers
        else:
            shape = asked[frame["ref"]] if frame["type"] == "reply" else EVENTS[frame["type"]]
            # Each field, and no other: as the server would write it.
            assert json.loads(shape.model_validate(frame).encode()) == frame
