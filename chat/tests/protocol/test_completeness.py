"""Nothing was forgotten on the way of a feature through the layers. Each failure names what is missing, and where."""

import ast
import re
from inspect import getmembers, isclass, isfunction, signature
from pathlib import Path
from pkgutil import iter_modules

import pytest

import chat.domain
from chat.live.execution import EXECUTORS
from chat.live.received import EVENTS
from chat.protocol import commands, events, handshake, observation, replies, things
from chat.protocol.schema import Schema

CHAT = Path(chat.domain.__file__).parent.parent
ENTRY_POINTS = ("jobs", "live", "views", "admin", "management", "domain")
"""Folders whose code calls verbs. A verb of the domain may be a part of another one."""

NOT_READ_BY_THE_PAGE = {
    "rate": "for programs: a page sends at the pace of a person",
    "burst": "for programs: a page sends at the pace of a person",
}
"""Fields of what the server sends that the page's modules do not read, and why."""
NOT_HANDLED_BY_THE_PAGE: dict[str, str] = {}
"""Events that the page ignores, and why."""
NOT_SENT_BY_THE_PAGE = {
    "close": "a page shows one room until it is left",
    "threads": "the server's page /threads/ lists them",
}
"""Commands that only other clients send, and why."""


@pytest.fixture(scope="module")
def javascript() -> str:
    """The text of the page's modules, without comments. `unsent.js` makes messages and reads none."""
    return text_of_modules(CHAT / "static" / "chat")


def text_of_modules(folder: Path) -> str:
    """The text of the modules in a folder, without comments and without `unsent.js`."""
    files = sorted(path for path in folder.rglob("*.js") if path.name != "unsent.js")
    return "\n".join(re.sub(r"/\*.*?\*/|^ *//[^\n]*", "", path.read_text(), flags=re.S | re.M) for path in files)


def schemas() -> list[type[Schema]]:
    """Every schema of what the server sends."""
    modules = (things, handshake, observation, events, replies)
    found = {
        schema for module in modules for _name, schema in getmembers(module, isclass)
        if issubclass(schema, Schema) and schema is not Schema
    }  # fmt: skip
    return sorted(found, key=lambda schema: schema.__name__)


@pytest.mark.parametrize("schema", schemas(), ids=lambda schema: schema.__name__)
def test_the_page_reads_every_field_that_the_server_sends(schema, javascript):
    unread = {name for name in schema.model_fields if not re.search(rf"\b{name}\b", javascript)}
    missing = unread - NOT_READ_BY_THE_PAGE.keys()
    assert not missing, f"no module in chat/static/chat reads {missing} of {schema.__name__}; draw it, or list it here"


def test_the_page_draws_every_field_of_a_message():
    elements = text_of_modules(CHAT / "static" / "chat" / "elements")
    missing = {name for name in things.Message.model_fields if not re.search(rf"\b{name}\b", elements)}
    assert not missing, f"no module in chat/static/chat/elements reads {missing} of a message; a mark: message_marks.js"


def test_the_page_handles_every_event(javascript):
    types = {event.model_fields["type"].default for event in vars(events).values() if is_event(event)}
    unhandled = {name for name in types if not re.search(rf'\b{name}: |"{name}"', javascript)}
    missing = unhandled - NOT_HANDLED_BY_THE_PAGE.keys()
    assert not missing, f"no handler in chat/static/chat/event_handlers.js for {missing}"


def is_event(event) -> bool:
    return isclass(event) and issubclass(event, Schema) and "type" in event.model_fields


def test_the_page_sends_every_command(javascript):
    missing = {name for name in commands.COMMANDS if f'type: "{name}"' not in javascript} - NOT_SENT_BY_THE_PAGE.keys()
    assert not missing, f"no module builds {missing}: add it to protocol.js or message_actions.js, or list it here"


def test_every_template_that_a_module_uses_exists(javascript):
    used = set(re.findall(r'fromTemplate\("([\w-]+)"\)', javascript))
    used |= {f"{name}-template" for name in re.findall(r'updatePart\(\w+, "([\w-]+)"', javascript)}
    assert len(used) > 10
    pages = "".join(path.read_text() for path in (CHAT.parent / "templates").rglob("*.html"))
    missing = {name for name in used if f'<template id="{name}">' not in pages}
    assert not missing, f"no file in templates/chat has {missing}"


def test_every_command_has_an_executor():
    missing = set(commands.COMMANDS.values()) ^ EXECUTORS.keys()
    assert not missing, (
        f"add {missing} to EXECUTORS in chat/live/execution.py, or in the module there of the same subject"
    )


def test_every_event_that_a_verb_publishes_is_accepted_from_other_processes():
    published = {
        node.attr
        for path in (CHAT / "domain").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "events"
    }
    types = {getattr(events, name).model_fields["type"].default for name in published} - NOT_BETWEEN_PROCESSES
    assert types <= EVENTS.keys(), f"add {types - EVENTS.keys()} to EVENTS in chat/live/received.py"


NOT_BETWEEN_PROCESSES = {"welcome", "changes"}
"""Events that the domain makes for one socket, or for the hub that asked."""


def verbs() -> set[tuple[str, str]]:
    """(module, name) of every function of the domain whose parameters are keyword-only: those are the verbs."""
    found = set()
    for module in iter_modules(chat.domain.__path__):
        if module.ispkg:
            continue
        loaded = __import__(f"chat.domain.{module.name}", fromlist=[""])
        for name, function in getmembers(loaded, isfunction):
            parameters = signature(function).parameters.values()
            own = function.__module__ == loaded.__name__ and not name.startswith("_")
            if own and parameters and all(one.kind is one.KEYWORD_ONLY for one in parameters):
                found.add((module.name, name))
    return found


def called() -> set[str]:
    """Every name that the code of the entry points uses outside of its own definition."""
    names = set()
    for folder in ENTRY_POINTS:
        for path in (CHAT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Attribute):
                    names.add(node.attr)
                elif isinstance(node, ast.Name):
                    names.add(node.id)
    return names


def test_every_verb_is_called_by_an_entry_point():
    assert ("rooms", "archive") in verbs()
    names = called()
    missing = sorted(f"{module}.{verb}" for module, verb in verbs() if verb not in names)
    assert not missing, f"no command, view, job, admin action or management command calls {missing}"
