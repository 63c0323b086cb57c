"""Undoes the deletion of a message.

The server deletes at once, so that a deleted message stays deleted when the page is closed. For a short time it keeps
what the message had, for the person who deleted it. What a moderator removed is kept longer, for all moderators.
"""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import AccountWork, Attachment, Message, PollVote, Revision, Room

from . import attaching, mentioning, message_changes, messages, people, policy, text, thread_replies
from .errors import Forbidden
from .posting import publish_message
from .previews import links
from .record import record
from .types import AnyPerson

RESTORABLE_FOR = timedelta(seconds=20)
"""How long a deletion can be undone. Pages offer it for 10 seconds; the rest is for a slow network."""


def restore(*, message: int, by: AnyPerson) -> Message:
    """Undo the deletion of a message that `by` has deleted, within RESTORABLE_FOR; or, as a moderator of the room, that
    of one which a moderator has removed, at any time. A second call does nothing.

    Its previews are fetched again. Raises NotFound, Archived, Forbidden.
    """
    with transaction.atomic():
        stored, room = message_changes.get_locked(message, by)
        policy.check_open(room)
        if stored.deleted_at is None:
            return stored
        revision = stored.revisions.order_by("-pk").first()
        by_moderator = stored.removed and room.my_role in policy.MODERATORS
        may_restore = revision is not None and (by_moderator or _may_restore(revision, stored, by))
        if revision is None or not may_restore or (revision.restorable is None and not by_moderator):
            raise Forbidden(_("This deletion can no longer be undone."))
        put_back(stored, room, revision)
        if not people.is_author(stored, by):
            record(by, "message.restore", stored)
        return stored


def put_back(stored: Message, room: Room, revision: Revision) -> None:
    """Give a deleted message back what its last `revision` has kept, and delete the revision. The caller has locked the
    head of the room. If nothing is kept any more but the text, it gets that."""
    if revision.restorable is None:
        rendered = text.render(revision.text)
        kept: dict[str, Any] = {"text": revision.text, "html": rendered.html, "renderer": text.RENDERER}
        kept["removed"] = False
    else:
        kept = message_changes.from_restorable(revision.restorable)
    files = Attachment.objects.filter(message=stored)
    files.update(expires_at=None)
    columns = kept | {"attachments": attaching.to_column(list(files.order_by("order")))}
    revision.delete()
    message_changes.save_changed(stored, room, deleted_at=None, **columns)
    # A guest has no account to leave out.
    mentioning.store(stored, stored.author or AnonymousUser())
    links.enqueue_missing(stored)
    if stored.thread_id is not None:
        publish_message(thread_replies.recount(stored, room), room)


@transaction.atomic
def forget_expired() -> None:
    """Drop what was kept of deleted messages, except their texts. Idempotent."""
    now = timezone.now()
    removed = Q(message__removed=True, replaced_at__gte=now - messages.KEPT_AFTER_REMOVAL)
    alone = Q(removal=None, replaced_at__lt=now - RESTORABLE_FOR) & ~removed
    together = Q(removal__made_at__lt=now - AccountWork.UNDO_FOR)
    expired = Revision.objects.filter(alone | together, restorable__isnull=False)
    PollVote.objects.filter(message__revisions__in=expired, message__deleted_at__isnull=False).delete()
    expired.update(restorable=None)


def _may_restore(revision: Revision, message: Message, by: AnyPerson) -> bool:
    if timezone.now() - revision.replaced_at > RESTORABLE_FOR:
        return False
    if revision.replaced_by_id is not None:
        return bool(by.is_authenticated and revision.replaced_by_id == by.pk)
    # A guest can delete only their own.
    return people.is_author(message, by)
