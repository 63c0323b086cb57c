"""What every change of a message begins and ends with: the lock of its room, and the room's next version."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, cast

from django.utils.translation import gettext as _

from chat.models import Message, Revision, Room, RoomHead

from . import access, people
from .errors import NotFound
from .posting import publish_message
from .search import documents
from .types import AnyPerson, VisibleRoom

_SEARCHED = {"text", "deleted_at", "author", "attachments"}
"""The columns that the search reads. After a change of one, the search document of the message is written again."""


def get_locked(message: int, by: AnyPerson, or_own: bool = False) -> tuple[Message, VisibleRoom]:
    """The message as `by` may see it, locked, and its room with `my_role`; `or_own`: also one of theirs in a room that
    they may no longer see (then `may_see` is false).

    The room's head is locked first, as in `post`: two changes cannot deadlock. The message and the permission are read
    after that, so that nobody changes them before this change is stored.
    """
    candidates = Message.objects.visible_to(by)
    if or_own:
        candidates = candidates | Message.objects.filter(sender_key=people.sender_key(by))
    found = candidates.filter(pk=message).values_list("room_id", "room__slug", "sender_key").first()
    if found is None:
        raise NotFound(_("Message not found."), field="message")
    room_id, slug, sender_key = found
    RoomHead.objects.select_for_update().get(pk=room_id)
    try:
        room = access.get_visible(by, slug)
    except NotFound:
        if not or_own or sender_key != people.sender_key(by):
            raise
        room = cast(VisibleRoom, Room.objects.get(pk=room_id))
        room.my_role, room.may_see = None, False
    else:
        room.may_see = True
    return Message.objects.for_serialization().get(pk=message), room


def add_revision(message: Message, by: AnyPerson, now: datetime, **fields: Any) -> None:
    """Keep the text of a message that `by` is about to replace. `fields`: other columns of the revision."""
    user = by if by is not None and by.is_authenticated else None
    Revision.objects.create(message=message, text=message.text, replaced_at=now, replaced_by=user, **fields)


def to_restorable(message: Message, columns: Iterable[str]) -> dict[str, Any]:
    """The values of these columns as JSON can hold them, for `Revision.restorable`: times become text."""
    values = {name: getattr(message, name) for name in columns}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def from_restorable(kept: dict[str, Any]) -> dict[str, Any]:
    """The values that `to_restorable` was given, by column."""
    fields = {field.attname: field for field in Message._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in kept.items()}


def save_changed(message: Message, room: Room, **changed: Any) -> None:
    """Store the `changed` columns (new values by name) with the room's next version, and publish the message.

    Only these columns are written: PostgreSQL does not copy a long text that the statement does not name.
    """
    changed["version"] = RoomHead.take(room.pk)
    Message.objects.filter(pk=message.pk).update(**changed)
    for name, value in changed.items():
        setattr(message, name, value)
    if not _SEARCHED.isdisjoint(changed):
        documents.write(message)
    publish_message(message, room)
