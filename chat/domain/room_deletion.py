"""Deletes a room with everything in it.

`begin` takes the room from everybody at once: it has no members any more and is not public, so nobody sees it and no
rule of visibility has to know of deletion. A job then deletes its messages and files in batches, and the room at last.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish, publish_rules
from chat.dispatch.queueing import enqueue
from chat.models import Attachment, Invite, Membership, Message, Room, RoomHead, ScheduledMessage
from chat.protocol import events

from . import attachments, room_changes, serializers
from .errors import Invalid
from .previews import files as preview_files
from .record import record
from .search import documents
from .types import AnyPerson

BATCH = 500
"""Messages that one transaction deletes."""
RUNNING_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes with a room. `bytes` are those of its files."""

    messages: int
    files: int
    bytes: int
    members: int
    invites: int
    scheduled: int


def contents_of(room: Room) -> Contents:
    """What would be deleted with the room now. Five queries."""
    files = Attachment.objects.filter(room=room).aggregate(number=Count("pk"), bytes=Sum("size"))
    return Contents(
        messages=messages_left(room.pk),
        files=files["number"],
        bytes=files["bytes"] or 0,
        members=Membership.objects.filter(room=room).count(),
        invites=Invite.objects.filter(room=room).count(),
        scheduled=ScheduledMessage.objects.filter(room=room).count(),
    )


def name_to_type(room: Room) -> str:
    """What a person types to confirm that they mean this room: its name, the address of a direct room."""
    return room.name or room.slug


def messages_left(room_id: int) -> int:
    """The number of messages of a room that are still there. One query."""
    return Message.objects.filter(room=room_id).count()


def running() -> list[tuple[Room, int]]:
    """The rooms that are being deleted, the oldest first, each with the number of messages that are left. One query,
    and one for each of at most RUNNING_SHOWN rooms."""
    found = Room.objects.filter(deleted_at__isnull=False).order_by("deleted_at")[:RUNNING_SHOWN]
    return [(room, messages_left(room.pk)) for room in found]


@transaction.atomic
def begin(*, room: Room, name: str, by: AnyPerson = None) -> None:
    """Take the room from everybody, and delete it in the background. A second call does nothing.

    `name`: what the person typed to confirm. Raises Invalid(field="name") if it is not `name_to_type`.
    """
    if " ".join(name.split()) != " ".join(name_to_type(room).split()):
        raise Invalid(_("This is not the name of the room."), field="name")
    room_changes.lock(room)
    stored = Room.objects.get(pk=room.pk)
    if stored.deleted_at is not None:
        return
    was_public = stored.kind == Room.Kind.PUBLIC
    members = list(Membership.objects.filter(room=stored).values_list("user_id", flat=True))
    contents = {"members": len(members), "kind": stored.kind}
    record(by, "room.delete", stored, before=contents)
    Membership.objects.filter(room=stored).delete()
    Invite.objects.filter(room=stored).delete()
    stored.groups.clear()
    stored.deleted_at = timezone.now()
    stored.is_default = False
    if stored.kind == Room.Kind.DIRECT:
        # Its people may begin another one at once.
        stored.direct_key = f"deleted-{stored.pk}"
    else:
        stored.kind, stored.guests = Room.Kind.PRIVATE, Room.Guests.NONE
    stored.changed_version = version = RoomHead.take_for_rules(stored.pk)
    columns = ["deleted_at", "is_default", "direct_key", "kind", "guests", "changed_version"]
    stored.save(update_fields=columns)
    # To guests and to others who watch a public room: it is private now, and they are no members.
    state = serializers.serialize_room(stored)
    publish(events.RoomEvent(room=stored.slug, version=version, state=state), room=stored, version=version)
    publish_rules(stored, version)
    if members:
        publish(events.RoomRemoved(room=stored.slug, deleted=True), room=stored, users=members)
    if was_public:
        publish(events.PublicRoomsChanged())
    enqueue("rooms.delete", stored.pk)


def delete_rest(*, room_id: int) -> bool:
    """Delete a batch of what is left of a room that is being deleted. False: nothing is left, and the room is gone."""
    room = Room.objects.filter(pk=room_id, deleted_at__isnull=False).first()
    if room is None:
        return False
    if _delete_messages(room_id):
        return True
    if _delete_files(Attachment.objects.filter(room=room_id)):
        return True
    room.delete()
    return False


def _delete_messages(room_id: int) -> int:
    # The newest first: a reply is later than what it answers, and than the root of its thread.
    newest = Message.objects.filter(room=room_id).order_by("-seq")
    found = list(newest.values_list("pk", "previews", "thread_id")[:BATCH])
    ids = [pk for pk, _previews, _thread in found]
    while _delete_files(Attachment.objects.filter(message__in=ids)):
        pass
    with transaction.atomic():
        documents.remove(ids)
        for pk, previews, _thread in found:
            preview_files.delete_after_commit(pk, previews or [])
        Message.objects.filter(pk__in=[pk for pk, _previews, thread in found if thread is not None]).delete()
        Message.objects.filter(pk__in=ids).delete()
    return len(ids)


def _delete_files(files: Any) -> int:
    found = list(files[:BATCH])
    with transaction.atomic():
        Attachment.objects.filter(pk__in=[one.pk for one in found]).delete()
    # After the commit: a file without a row is deleted later as an orphan, a row without a file would stay.
    for one in found:
        attachments.delete_stored(one)
    return len(found)
