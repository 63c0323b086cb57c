"""Puts uploads into a message that is being posted, and gives files their form on the wire."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from chat.dispatch import queueing
from chat.models import Attachment, Message, RoomHead, ScheduledMessage
from chat.protocol import commands, things

from . import text
from .errors import FileMissing, Invalid, TooLong
from .types import AnyPerson, VisibleRoom

MAX_FILES = commands.MESSAGE_FILES
MAX_ALT = 1000
"""Characters of the description of a file."""
KEPT_AFTER_DELETION = timedelta(minutes=1)
"""How long the files of a deleted message are kept: longer than its deletion can be undone (`restoring`)."""


def as_attachment(attachment: Attachment) -> things.Attachment:
    """Serialise a file, the same for every viewer."""
    return things.Attachment(
        id=attachment.pk,
        name=attachment.name,
        type=attachment.type,
        size=attachment.size,
        width=attachment.width,
        height=attachment.height,
        duration_ms=attachment.duration_ms,
        lines=attachment.lines,
        state=attachment.state,
        refusal=attachment.refusal,
        alt=attachment.alt,
        spoiler=attachment.spoiler,
        thumbs=attachment.thumbs,
    )


def to_column(attachments: Sequence[Attachment]) -> list[dict[str, Any]] | None:
    """The column `attachments` of a message with these files, in their order."""
    return [as_attachment(one).model_dump() for one in attachments] or None


def check(files: Sequence[things.PostedFile]) -> None:
    """Raise Invalid or TooLong unless a message can have these files."""
    if len(files) > MAX_FILES:
        raise Invalid(_("A message can have at most %(limit)d files.") % {"limit": MAX_FILES}, field="attachments")
    if len({file.id for file in files}) < len(files):
        raise Invalid(_("A message can have each file once."), field="attachments")
    for file in files:
        if len(file.alt) > MAX_ALT:
            raise TooLong(
                _("A description can have at most %(limit)d characters.") % {"limit": MAX_ALT}, field="attachments"
            )


def take(files: Sequence[things.PostedFile], room: VisibleRoom, author: AnyPerson) -> list[Attachment]:
    """The author's uploads in this room that `files` names, in that order, with description and spoiler set, and
    without a time at which they expire.

    Locks the head of the room, then the uploads: `attachments.change` locks in the same order. Call it in the
    transaction of the post. Raises FileMissing unless all are complete, and none is part of a message or of a scheduled
    one.
    """
    taken = find(files, room, author)
    for upload in taken:
        upload.expires_at = None
    return taken


def find(files: Sequence[things.PostedFile], room: VisibleRoom, author: AnyPerson) -> list[Attachment]:
    """Like `take`, and their time stays."""
    RoomHead.objects.select_for_update().get(pk=room.pk)
    own = Attachment.objects.uploaded_by(author).filter(room=room, scheduled=None, expires_at__gt=timezone.now())
    # Those that were refused too: their message says why, and its other files are sent.
    own = own.exclude(state=Attachment.State.UPLOADING)
    # In the order of the keys: the model's own order joins messages, and PostgreSQL locks no row of an outer join.
    named = own.filter(pk__in=[file.id for file in files]).order_by("pk").select_for_update()
    found = {one.pk: one for one in named}
    if len(found) < len(files):
        raise FileMissing(field="attachments")
    taken = []
    for order, file in enumerate(files):
        upload = found[file.id]
        upload.order, upload.alt, upload.spoiler = order, text.clean(file.alt).strip(), file.spoiler
        taken.append(upload)
    return taken


def hold(scheduled: ScheduledMessage, uploads: Sequence[Attachment]) -> None:
    """Keep these uploads, which `find` returned, for a scheduled message that was inserted."""
    for upload in uploads:
        upload.scheduled = scheduled
    Attachment.objects.bulk_update(uploads, ["scheduled", "order", "alt", "spoiler"])


def release(scheduled: ScheduledMessage) -> list[things.PostedFile]:
    """Give the files of a scheduled message free, in the transaction that posts it. Returns what `take` needs."""
    RoomHead.objects.select_for_update().get(pk=scheduled.room_id)
    held = Attachment.objects.filter(scheduled=scheduled).order_by("order", "pk")
    files = [things.PostedFile(id=one.pk, alt=one.alt, spoiler=one.spoiler) for one in held]
    # For the moment until they are taken.
    expires_at = timezone.now() + KEPT_AFTER_DELETION
    Attachment.objects.filter(scheduled=scheduled).update(scheduled=None, expires_at=expires_at)
    return files


def store(message: Message, uploads: Sequence[Attachment]) -> None:
    """Make these uploads the files of a message that was inserted."""
    for upload in uploads:
        upload.message = message
    Attachment.objects.bulk_update(uploads, ["message", "order", "alt", "spoiler", "expires_at"])


def expire(message: Message, *, until: datetime | None = None) -> None:
    """Have the files of a message that is being deleted deleted as well, some time later: KEPT_AFTER_DELETION from now,
    or after `until`."""
    if not message.attachments:
        return
    files = Attachment.objects.filter(message=message)
    if until is not None:
        # The job that runs by the clock finds them.
        files.update(expires_at=until + KEPT_AFTER_DELETION)
    else:
        files.update(expires_at=timezone.now() + KEPT_AFTER_DELETION)
        queueing.enqueue("uploads.delete_expired", delay_s=KEPT_AFTER_DELETION.total_seconds() + 1)
