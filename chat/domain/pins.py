"""Pinned messages: those that a room shows at its head."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import Message
from chat.protocol import things

from . import access, message_changes, message_log, people, policy, room_policy
from .errors import Forbidden
from .record import record
from .types import AnyPerson

MAX_PINS = 50
"""Pinned messages of one room."""


def pin(*, message: int, by: AnyPerson, on: bool) -> Message:
    """Pin a message to the head of its room (`on`), or end that. A message that is pinned already stays as it is.

    Raises NotFound, Archived, Forbidden (also above MAX_PINS).
    """
    with transaction.atomic():
        stored, room = message_changes.get_locked(message, by)
        policy.check_may_write(room, by)
        room_policy.check_may_pin(room, by)
        if stored.deleted_at is not None:
            raise Forbidden(_("This message was deleted."))
        if on == (stored.pinned is not None):
            return stored
        if on and Message.objects.filter(room=room, pinned__isnull=False).count() >= MAX_PINS:
            raise Forbidden(_("A room can have %(most)d pinned messages: unpin one first.") % {"most": MAX_PINS})
        pinned = things.Pinned(by=people.as_name(by), at=timezone.now()).model_dump(mode="json") if on else None
        message_changes.save_changed(stored, room, pinned=pinned)
        if room.my_role in policy.MODERATORS:
            record(by, "message.pin" if on else "message.unpin", stored)
        return stored


def of_room(viewer: AnyPerson, room: str) -> list[things.Message]:
    """The pinned messages of a room, the one that was pinned last first. Three queries. Raises NotFound."""
    visible = access.get_visible(viewer, room)
    found = message_log.pinned(visible.pk)
    return sorted(found, key=lambda message: message.pinned.at if message.pinned else message.at, reverse=True)
