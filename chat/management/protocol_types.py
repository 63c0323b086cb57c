"""TypeScript declarations of the protocol, made from its schemas. The page's modules refer to them in JSDoc."""

import inspect
from textwrap import wrap

from pydantic import BaseModel

from chat.protocol import errors, events, handshake, observation, replies, search, things
from chat.protocol.commands import COMMANDS
from chat.protocol.schema import schemas_in
from chat.views import page_data

HEAD = """\
// Made by `manage.py protocol_docs` from the schemas of the protocol: change those, then run the command again.
// For the type checker only: no module loads this file.
"""
WIDTH = 120


def render() -> str:
    """The declarations of all events, replies, commands and the data of pages, as the text of a `.d.ts` file."""
    sent = [
        *schemas_in(things),
        *schemas_in(handshake),
        *schemas_in(observation),
        *schemas_in(events),
        *schemas_in(replies),
        *schemas_in(search),
        errors.Error,
        *schemas_in(page_data),
    ]
    commands = {name: _command_name(command) for name, command in COMMANDS.items()}
    reply_types = {name: command.answers.__name__ for name, command in COMMANDS.items()}
    sections = [
        *(_block(inspect.getdoc(schema), schema.__name__, _sent_fields(schema)) for schema in sent),
        *(_block(inspect.getdoc(each), commands[name], _command_fields(name, each)) for name, each in COMMANDS.items()),
        _union("Events: what the server sends by itself.", "ServerEvent", _names(schemas_in(events))),
        _union("The answer to a command that was done.", "AnyReply", _names(schemas_in(replies))),
        _union("Everything that the server sends.", "Frame", ["ServerEvent", "AnyReply", errors.Error.__name__]),
        _union("Everything that a client sends.", "Command", commands.values()),
        _block("The answer to each command, by the command's type.", "Replies", reply_types.items()),
    ]
    return "\n".join([HEAD, *sections])


def _names(schemas) -> list[str]:
    return [schema.__name__ for schema in schemas]


def _command_name(command: type[BaseModel]) -> str:
    # A command and an event may have the same name: `typing`, for example.
    return f"{command.__name__.removesuffix('Command')}Command"


def _sent_fields(model: type[BaseModel]) -> list[tuple[str, str]]:
    """All fields, as required ones: the server always sends fields that have a default, too."""
    described = model.model_json_schema(mode="serialization")["properties"]
    return [(name, _type(described[name])) for name in model.model_fields]


def _command_fields(name: str, model: type[BaseModel]) -> list[tuple[str, str]]:
    schema = model.model_json_schema()
    required = schema.get("required", [])
    fields = [
        (field if field in required else f"{field}?", _type(schema["properties"][field]))
        for field in model.model_fields
        if field != "type"
    ]
    return [("type", f'"{name}"'), *fields]


def _block(comment: str, name: str, fields) -> str:
    lines = [f"  {field}: {kind};" for field, kind in fields]
    return "\n".join([_comment(comment), f"export interface {name} {{", *lines, "}", ""])


def _union(comment: str, name: str, members) -> str:
    return "\n".join([_comment(comment), f"export type {name} =", *(f"  | {member}" for member in members)]) + ";\n"


def _comment(text: str) -> str:
    lines = text.splitlines()
    if len(lines) == 1 and len(text) + len("/**  */") <= WIDTH:
        return f"/** {text} */"
    wrapped = [part for line in lines for part in wrap(line, WIDTH - len(" * ")) or [""]]
    return "\n".join(["/**", *(f" * {line}".rstrip() for line in wrapped), " */"])


def _type(described: dict) -> str:
    """A JSON Schema as a TypeScript type."""
    if "const" in described:
        return f'"{described["const"]}"'
    if "enum" in described:
        return " | ".join(f'"{value}"' for value in described["enum"])
    if "$ref" in described:
        return described["$ref"].rpartition("/")[2]
    if "anyOf" in described:
        return " | ".join(_type(option) for option in described["anyOf"])
    if described["type"] == "array":
        items = _type(described["items"])
        return f"({items})[]" if " | " in items else f"{items}[]"
    return _NAMES[described["type"]]


_NAMES = {
    "boolean": "boolean",
    "integer": "number",
    "null": "null",
    "number": "number",
    "object": "Record<string, unknown>",
    "string": "string",
}
