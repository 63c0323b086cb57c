"""A message and a person as the server sends them, for tests of what comes after that. The only such lists."""

from typing import Any

from chat.protocol import things


def wire_message(**fields: Any) -> dict:
    """A message of a guest with these fields, in JSON data. Each other field has the value of a plain new message."""
    plain = {
        "id": 8,
        "seq": 8,
        "version": 8,
        "client_id": "0d6cf0a1-4bde-4f0c-8f4f-1f2a3d1a9d2b",
        "text": "Ahoy",
        "html": "<p>Ahoy</p>\n",
        "at": "2026-03-01T09:31:12Z",
        "deleted": False,
        "removed": False,
        "reactions": [],
        "attachments": [],
        "previews": [],
        "silent": False,
        "in_room": True,
    }
    # Fields that may be null are null in a plain message.
    return dict.fromkeys(things.Message.model_fields) | plain | fields


def wire_person(id: int, handle: str, **fields: Any) -> dict:
    """A user without a profile, in JSON data."""
    plain = {"id": id, "handle": handle, "name": handle, "avatar": None, "bot": False, "status": None, "version": 0}
    return plain | fields
