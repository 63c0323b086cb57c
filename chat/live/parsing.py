"""From the text of a frame to a command."""

import json

from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from chat.domain import text
from chat.domain.errors import Invalid, Refused

from .commands import COMMANDS, Command

REF_SOUGHT_IN = 64 * 1024
"""Characters of a refused frame."""


class BadJson(Refused):
    """The frame is not a JSON object."""

    code = "bad_json"
    detail = _("A frame must hold one JSON object.")


class UnknownType(Refused):
    """There is no such command."""

    code = "unknown_type"
    detail = _("There is no such command.")


def read_object(frame: str) -> dict:
    """The JSON object of a frame, its texts cleaned: those that stand directly in it, for no field holds others.

    Raises BadJson.
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


def build(data: dict) -> Command:
    """The command that an object is, with its fields checked. Raises UnknownType, Invalid with `field`."""
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in COMMANDS:
        raise UnknownType(field="type")
    try:
        return COMMANDS[kind].model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Invalid(first["msg"], field=str(first["loc"][0]) if first["loc"] else None) from error


def ref_in(frame: str) -> str | int | None:
    """The `ref` of a frame that is refused unread. A frame that is longer than any ordinary command has none."""
    if len(frame) > REF_SOUGHT_IN:
        return None
    try:
        return ref_of(read_object(frame))
    except BadJson:
        return None


def ref_of(data) -> str | int | None:
    """The `ref` of a frame that may be wrong in any other way, when it is one that can come back."""
    ref = data.get("ref") if isinstance(data, dict) else None
    if isinstance(ref, str) and len(ref) <= 64:
        return ref
    return ref if type(ref) is int and abs(ref) <= 2**53 else None


def _refuse(constant: str):
    raise ValueError(constant)
