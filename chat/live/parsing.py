"""Parses the text of a frame into a command."""

import json

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from chat.domain import text
from chat.domain.errors import DomainError, Invalid
from chat.protocol.commands import COMMANDS, Command
from chat.protocol.errors import ErrorCode

REF_SEARCH_LIMIT = 64 * 1024
"""Characters of a frame. The `ref` of a longer frame that is refused is not searched for."""


class BadJson(DomainError):
    """The frame is not a JSON object."""

    code = ErrorCode.BAD_JSON
    detail = _("A frame must hold one JSON object.")


class UnknownType(DomainError):
    """Unknown command."""

    code = ErrorCode.UNKNOWN_TYPE
    detail = _("Unknown command.")


def parse_object(frame: str) -> dict:
    """The JSON object of a frame. The strings that are its values are cleaned (`text.clean`); those inside of lists and
    objects are cleaned by the verbs (`attaching.take`). Raises BadJson.
    """
    try:
        data = json.loads(frame, parse_constant=_refuse)
        if not isinstance(data, dict):
            raise BadJson
        if "\\u" in frame or "\0" in frame:
            return {key: text.clean(value) if isinstance(value, str) else value for key, value in data.items()}
        return data
    except (ValueError, RecursionError) as error:
        raise BadJson from error


def parse_command(data: dict) -> Command:
    """The command that an object describes, validated. Raises UnknownType, or Invalid with `field`."""
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in COMMANDS:
        raise UnknownType(field="type")
    try:
        return COMMANDS[kind].model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Invalid(first["msg"], field=str(first["loc"][0]) if first["loc"] else None) from error


def ref_in_frame(frame: str) -> str | int | None:
    """The `ref` of a frame that is refused before it is parsed. None above REF_SEARCH_LIMIT characters."""
    if len(frame) > REF_SEARCH_LIMIT:
        return None
    try:
        return ref_of(parse_object(frame))
    except BadJson:
        return None


def ref_of(data) -> str | int | None:
    """The `ref` of an object that may be invalid otherwise; None if it has no valid one."""
    ref = data.get("ref") if isinstance(data, dict) else None
    if isinstance(ref, str) and len(ref) <= 64:
        return ref
    return ref if type(ref) is int and abs(ref) <= 2**53 else None


def _refuse(constant: str):
    raise ValueError(constant)
