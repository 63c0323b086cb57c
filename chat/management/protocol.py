"""docs/protocol.md: the text of a template, with tables that are generated from the schemas of the protocol.

The template has the places `{{ commands }}`, `{{ events }}`, `{{ answers }}`, `{{ parts }}` and `{{ errors }}`.
"""

import inspect
import re

from pydantic import BaseModel

from chat.protocol import errors, events, handshake, observation, replies, things
from chat.protocol.commands import COMMANDS, Command
from chat.protocol.schema import schemas_in

HEAD = "<!-- Made by `manage.py protocol_docs` from docs/protocol.in.md and the code: change those. -->\n"


def render(template: str) -> str:
    """The document, as Markdown."""
    parts = [part for module in (things, handshake, observation) for part in schemas_in(module)]
    places = {
        "commands": "\n\n".join(_command(name, command) for name, command in COMMANDS.items()),
        "events": "\n\n".join(_section(_type(event), event) for event in [*schemas_in(events), errors.Error]),
        "answers": "\n\n".join(_section(answer.__name__, answer) for answer in schemas_in(replies)),
        "parts": "\n\n".join(_section(f"{part.__name__} object", part) for part in parts),
        "errors": _errors(),
    }
    return HEAD + re.sub(r"\{\{ (\w+) \}\}", lambda place: places[place[1]], template)


def _type(shape) -> str:
    return shape.model_fields["type"].default


def _command(name: str, command) -> str:
    answer = command.answers.__name__
    schema = command.model_json_schema()
    fields = _command_table(schema, [field for field in command.model_fields if field not in Command.model_fields])
    return f"### `{name}`\n\n{inspect.getdoc(command)}\n\n{fields}\n\nAnswered with [{answer}](#{answer.lower()})."


def _section(title: str, shape: type[BaseModel]) -> str:
    fields = _table(shape.model_json_schema(mode="serialization"), list(shape.model_fields))
    title = f"`{title}`" if "type" in shape.model_fields and title == _type(shape) else title
    return f"### {title}\n\n{inspect.getdoc(shape)}\n\n{fields}"


def _table(schema: dict, fields: list[str]) -> str:
    rows = [f"| `{name}` | {_kind(schema['properties'][name])} |" for name in fields]
    return "\n".join(["| field | value |", "|---|---|", *rows])


def _command_table(schema: dict, fields: list[str]) -> str:
    """Like `_table`, with a mark for optional fields. Events need none: the server sends all of their fields."""
    described = schema["properties"]
    left_out = {name: described[name].get("default") for name in fields if name not in schema.get("required", ())}
    notes = {name: f"; may be left out{'' if value is None else f': {value}'}" for name, value in left_out.items()}
    rows = [f"| `{name}` | {_kind(described[name])}{notes.get(name, '')} |" for name in fields]
    return "\n".join(["| field | value |", "|---|---|", *rows])


def _kind(described: dict) -> str:
    """The type of a JSON Schema, for people."""
    if "const" in described:
        return f'`"{described["const"]}"`'
    if "$ref" in described:
        name = described["$ref"].rpartition("/")[2]
        # Not the name alone: an event may have the same one.
        return f"[{name}](#{name.lower()}-object)"
    if "anyOf" in described:
        return " or ".join(_kind(option) for option in described["anyOf"])
    if described["type"] == "array":
        return f"list of {_kind(described['items'])}"
    words = {"date-time": "time (ISO 8601)", "uuid": "UUID"}.get(described.get("format"), described["type"])
    if "maximum" in described:
        return f"{words} ({_number(described['minimum'])} to {_number(described['maximum'])})"
    if "maxLength" in described:
        least = f"{described['minLength']} to" if "minLength" in described else "at most"
        return f"{words} ({least} {described['maxLength']} characters)"
    return words


def _number(value: int) -> str:
    return {2**63 - 1: "2⁶³ − 1", 2**53: "2⁵³", -(2**53): "−2⁵³"}.get(value, str(value))


def _errors() -> str:
    rows = [f"| `{code}` | {code.meaning} |" for code in sorted(errors.ErrorCode)]
    return "\n".join(["| code | means |", "|---|---|", *rows])
