"""Previews as clients get them."""

from typing import Any

from django.urls import reverse

from chat.domain.types import AnyPerson
from chat.models import Message
from chat.protocol import things

from . import files


def serialize(message: Any) -> list[things.Preview]:
    """The previews of a message, or of a row with its columns; without those that were removed."""
    return [_preview(message.id, entry) for entry in message.previews or () if not entry.get("removed")]


def may_see_picture(person: AnyPerson, message: int, token: str) -> bool:
    """Whether this is a picture of a preview of a message that `person` may read."""
    found = Message.objects.visible_to(person).filter(pk=message, deleted_at=None)
    entries = found.values_list("previews", flat=True).first() or ()
    return any((entry.get(name) or {}).get("token") == token for entry in entries for name in files.NAMES)


def _preview(message: int, entry: dict[str, Any]) -> things.Preview:
    picture, icon = entry["picture"], entry["icon"]
    return things.Preview(
        url=entry["url"],
        title=entry["title"],
        description=entry["description"],
        site=entry["site"],
        picture=picture and _path(message, picture),
        width=picture and picture["width"],
        height=picture and picture["height"],
        icon=icon and _path(message, icon),
    )


def _path(message: int, picture: dict[str, Any]) -> str:
    return reverse("chat:preview_picture", args=[message, picture["token"]])
