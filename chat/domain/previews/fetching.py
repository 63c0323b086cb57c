"""Fetches the previews of a message, and adds them to it. Called by a job: it takes up to 12 seconds."""

from base64 import b64decode
from typing import Any

from django.conf import settings
from django.db import transaction

from chat.domain import text
from chat.domain.posting import publish_message
from chat.models import Message, RoomHead, Site
from chat.previews import child

from . import files, links


def fetch(*, message: int) -> None:
    """Add the previews that the links of this message lack. Does nothing if it was deleted, or if the site has none.

    Idempotent. A page that cannot be fetched gets no preview.
    """
    row = Message.objects.filter(pk=message, deleted_at=None).first()
    if row is None or not Site.current().link_previews:
        return
    wanted = links.missing(row)
    if not wanted:
        return
    found = child.look_up(wanted, settings.PREVIEWS_ALSO_FROM)
    made = {
        url: _stored(message, url, preview) for url, preview in zip(wanted, found, strict=True) if preview is not None
    }
    if made:
        _add(message, made)


def _stored(message: int, url: str, preview: dict[str, Any]) -> dict[str, Any]:
    """An entry of the column, whose pictures are stored."""
    entry = {"url": url} | {name: text.clean(preview[name]) for name in ("title", "description", "site")}
    for name in files.NAMES:
        picture = preview[name]
        entry[name] = picture and {
            "token": files.store(message, url, name, b64decode(picture["content"])),
            "width": picture["width"],
            "height": picture["height"],
        }
    return entry


@transaction.atomic
def _add(message: int, made: dict[str, dict[str, Any]]) -> None:
    """Add entries to the message as it is now: it may have been edited or deleted meanwhile, or a preview removed."""
    room_id = Message.objects.filter(pk=message).values_list("room_id", flat=True).first()
    RoomHead.objects.select_for_update().filter(pk=room_id).first()
    stored = Message.objects.for_serialization().select_related("room").filter(pk=message, deleted_at=None).first()
    if stored is None or stored.room.archived_at is not None:
        return files.delete_after_commit(message, made.values())
    present = {entry["url"]: entry for entry in stored.previews or ()}
    column = [entry for url in links.links_of(stored.html) if (entry := present.get(url) or made.get(url))]
    files.delete_after_commit(message, (entry for entry in made.values() if entry not in column))
    if column == (stored.previews or []):
        return None
    stored.previews, stored.version = column, RoomHead.take(stored.room_id)
    Message.objects.filter(pk=message).update(previews=column, version=stored.version)
    publish_message(stored, stored.room)
    return None
