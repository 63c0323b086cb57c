"""docs/protocol.md, made from the code's own commands and shapes: a template's prose, and tables for its places.

A template writes `{{ commands }}`, `{{ events }}`, `{{ answers }}`, `{{ parts }}` and `{{ errors }}` where they go.
"""

import inspect
import re

from pydantic import BaseModel

from chat.domain.errors import Refused
from chat.events import shapes
from chat.live import parsing
from chat.live.commands import COMMANDS

HEAD = "<!-- Made by `manage.py protocol_docs` from docs/protocol.in.md and the code: change those. -->\n"


def render(template: str) -> str:
    """The document, as Markdown."""
    events, answers, parts = _shapes()
    places = {
        "commands": "\n\n".join(_command(name, command) for name, command in COMMANDS.items()),
        "events": "\n\n".join(_section(_type(event), event) for event in events),
        "answers": "\n\n".join(_section(answer.__name__, answer) for answer in answers),
        "parts": "\n\n".join(_section(part.__name__, part) for part in parts),
        "errors": _errors(),
    }
    return HEAD + re.sub(r"\{\{ (\w+) \}\}", lambda place: places[place[1]], template)


def _shapes() -> tuple[list, list, list]:
    """Events, answers and what they are made of, each in the order of the file."""
    found = [each for each in vars(shapes).values() if inspect.isclass(each) and issubclass(each, shapes.Shape)]
    found.remove(shapes.Shape)
    typed = [shape for shape in found if "type" in shape.model_fields]
    answers = [shape for shape in typed if _type(shape) == "reply"]
    return [each for each in typed if each not in answers], answers, [each for each in found if each not in typed]


def _type(shape) -> str:
    return shape.model_fields["type"].default


def _command(name: str, command) -> str:
    answer = command.answers.__name__
    schema = command.model_json_schema()
    fields = _command_table(schema, [field for field in command.model_fields if field != "ref"])
    return f"### `{name}`\n\n{inspect.getdoc(command)}\n\n{fields}\n\nAnswered with [{answer}](#{answer.lower()})."


def _section(title: str, shape: type[BaseModel]) -> str:
    fields = _table(shape.model_json_schema(mode="serialization"), list(shape.model_fields))
    title = f"`{title}`" if "type" in shape.model_fields and title == _type(shape) else title
    return f"### {title}\n\n{inspect.getdoc(shape)}\n\n{fields}"


def _table(schema: dict, fields: list[str]) -> str:
    rows = [f"| `{name}` | {_kind(schema['properties'][name])} |" for name in fields]
    return "\n".join(["| field | value |", "|---|---|", *rows])


def _command_table(schema: dict, fields: list[str]) -> str:
    """As `_table`, telling which fields may be left out: the server's own events have all of theirs."""
    described = schema["properties"]
    left_out = {name: described[name].get("default") for name in fields if name not in schema["required"]}
    notes = {name: f"; may be left out{'' if value is None else f': {value}'}" for name, value in left_out.items()}
    rows = [f"| `{name}` | {_kind(described[name])}{notes.get(name, '')} |" for name in fields]
    return "\n".join(["| field | value |", "|---|---|", *rows])


def _kind(described: dict) -> str:
    """A JSON Schema's type, in words."""
    if "const" in described:
        return f'`"{described["const"]}"`'
    if "$ref" in described:
        name = described["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
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
    # The base has the code of Forbidden, and is never raised itself.
    rows = [f"| `{each.code}` | {' '.join(inspect.getdoc(each).split())} |" for each in _refusals(Refused)[1:]]
    return "\n".join(["| code | means |", "|---|---|", *sorted(rows)])


def _refusals(base) -> list:
    # Those of the domain, and the two that only a frame can be refused with.
    known = {base.__module__, parsing.__name__}
    found = [base]
    for refusal in base.__subclasses__():
        if refusal.__module__ in known:
            found += [each for each in _refusals(refusal) if each not in found]
    return found
