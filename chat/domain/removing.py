"""Moderators remove messages, and restore those that were removed, also where they are no members: for the admin and
the queue of reports. In a room, its moderators use `messages.delete` and `restoring.restore`."""

from django.db import transaction
from django.utils.translation import gettext as _

from chat.models import Message, Room, RoomHead

from . import messages, moderation, people, policy, restoring
from .errors import Archived, Forbidden, NotFound
from .record import record
from .types import AnyPerson


@transaction.atomic
def remove(*, message: int, by: AnyPerson, site: bool = False, reason: str = "") -> Message:
    """Remove a message as a moderator. Does nothing if it is deleted. `site`: see `moderation`.

    Raises NotFound, Archived, Forbidden.
    """
    stored, room = _get_locked(message)
    _check(stored, room, by, site)
    if stored.deleted_at is None:
        messages.empty(stored, room, by)
        record(by, "message.remove", stored, reason=reason)
    return stored


@transaction.atomic
def restore(*, message: int, by: AnyPerson, site: bool = False) -> Message:
    """Restore a message that a moderator removed. Does nothing if it is not deleted. `site`: see `moderation`.

    Raises NotFound; Archived: the room must be restored first; Forbidden, also for what its author has deleted.
    """
    stored, room = _get_locked(message)
    _check(stored, room, by, site)
    if stored.deleted_at is None:
        return stored
    if not stored.removed:
        raise Forbidden(_("Its author deleted this message. Only what a moderator removed can be restored."))
    revision = stored.revisions.order_by("-pk").first()
    if revision is None:
        raise Forbidden(_("Its text is not kept any more."))
    restoring.put_back(stored, room, revision)
    record(by, "message.restore", stored)
    return stored


def _get_locked(message: int) -> tuple[Message, Room]:
    room_id = Message.objects.filter(pk=message).values_list("room_id", flat=True).first()
    if room_id is None:
        raise NotFound(_("Message not found."), field="message")
    RoomHead.objects.select_for_update().get(pk=room_id)
    stored: Message = Message.objects.for_serialization().select_related("room").get(pk=message)
    return stored, stored.room


def _check(stored: Message, room: Room, by: AnyPerson, site: bool) -> None:
    if not site:
        moderation.get_room(by, room.slug)
    try:
        policy.check_open(room)
    except Archived as error:
        raise Archived(_("The room of this message is archived. Restore the room first.")) from error
    if people.is_author(stored, by):
        # Then it would not count as removed by a moderator.
        raise Forbidden(_("This is your own message. Delete it in its room."))
