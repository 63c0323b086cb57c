"""chat/static/chat/wire.d.ts declares the fields of the schemas of the protocol."""

import re
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from chat.management import protocol_types
from chat.management.commands import protocol_docs
from chat.protocol import things
from chat.protocol.commands import COMMANDS

TEXT = protocol_docs.TYPES.read_text()


def fields_of(name):
    """The fields of an interface, as {name: type}."""
    [body] = re.findall(rf"^export interface {name} {{\n(.*?)^}}", TEXT, re.MULTILINE | re.DOTALL)
    return dict(line.strip().rstrip(";").split(": ", 1) for line in body.splitlines())


def test_a_message_has_all_fields_of_its_schema():
    """The server leaves no field out, those with a default included."""
    assert list(fields_of("Message")) == list(things.Message.model_fields)


def test_a_command_may_leave_out_what_has_a_default():
    assert fields_of("PostCommand") == {
        "type": '"post"',
        "ref?": "string | number | null",
        "room": "string",
        "client_id": "string",
        "body": "string",
        "reply_to?": "number | null",
        "attachments?": "PostedFile[]",
        "thread?": "number | null",
        "in_room?": "boolean",
        "silent?": "boolean",
        "poll?": "PostedPoll | null",
    }


def test_the_data_of_a_page_is_declared():
    assert fields_of("PageData") == {
        "welcome": "Welcome",
        "open": "OpenReply | null",
        "at": "number | null",
        "urls": "Addresses",
        "sees_edits": "boolean",
        "time_zone": "string",
        "bans": "BanPages | null",
    }


def test_every_command_has_an_answer():
    assert fields_of("Replies") == {name: command.answers.__name__ for name, command in COMMANDS.items()}


class Sample(BaseModel):
    """One line."""

    text: str
    choice: Literal["a", "b"]
    bounded: Annotated[int, Field(ge=0, le=9)]
    maybe: float | None
    several: list[int | None]
    unknown: list[dict]


def test_each_json_type_has_its_typescript_type():
    assert dict(protocol_types._sent_fields(Sample)) == {
        "text": "string",
        "choice": '"a" | "b"',
        "bounded": "number",
        "maybe": "number | null",
        "several": "(number | null)[]",
        "unknown": "Record<string, unknown>[]",
    }
