"""Keeps a message that a filter holds, and tells its author. `held` has what moderators decide about it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from chat.dispatch.publish import publish
from chat.models import Attachment, HeldMessage
from chat.protocol import events
from chat.protocol.things import PostedFile

from . import moderation, people
from .errors import Filtered, Held
from .filters.checking import Met
from .types import AnyPerson, VisibleRoom

MAX_WAITING = 50
"""Held messages of one person that may wait."""
WAITS_FOR = timedelta(days=30)
"""Its files are kept so long, and then it ends without a decision."""
_REFUSALS = {
    HeldMessage.State.REFUSED: _("A moderator did not allow this message."),
    HeldMessage.State.WITHDRAWN: _("You took this message back."),
    HeldMessage.State.EXPIRED: _("No moderator decided about this message in time."),
}


class ToHold(Held):
    """A filter holds the message that is being posted in `room`. `posting.post` keeps it, and raises Held."""

    def __init__(self, room: VisibleRoom, met: Met) -> None:
        self.room, self.met = room, met
        super().__init__()


@transaction.atomic
def keep(
    found: ToHold,
    author: AnyPerson,
    body: str,
    client_id: UUID,
    attachments: Sequence[PostedFile],
    parts: dict[str, Any],
) -> None:
    """Store a message until a moderator decides. Repeated with the same `client_id`, it does nothing.

    Raises Filtered if it waited before and was not allowed, or too many messages of this person wait.
    """
    key = people.sender_key(author)
    mine = HeldMessage.objects.filter(sender_key=key)
    known = mine.filter(client_id=client_id).first()
    if known is not None:
        if known.state in _REFUSALS:
            raise Filtered(str(_REFUSALS[known.state]))
        return
    if mine.filter(state=HeldMessage.State.WAITING).count() >= MAX_WAITING:
        raise Filtered(_t("Too many of your messages wait for a moderator."))
    files = [file.model_dump() for file in attachments]
    if files:
        uploads = Attachment.objects.uploaded_by(author).filter(
            room=found.room, pk__in=[file.id for file in attachments]
        )
        uploads.update(expires_at=timezone.now() + WAITS_FOR)
    row = HeldMessage(
        room=found.room,
        author=author if author.is_authenticated else None,
        sender_key=key,
        guest_name="" if author.is_authenticated else author.name,
        guest_id="" if author.is_authenticated else author.id,
        client_id=client_id,
        body=body,
        parts=parts | {"attachments": files},
        by_filter_id=found.met.filter.id,
        found=found.met.found,
        made_at=timezone.now(),
    )
    # Of two devices that send the same message at the same moment, one stores it.
    HeldMessage.objects.bulk_create([row], ignore_conflicts=True)
    tell_author(row)
    moderation.note_queue(found.room)


def tell_author(row: HeldMessage) -> None:
    """After the commit, tell the devices of the author what became of a held message."""
    event = events.HeldChanged(room=row.room.slug, client_id=str(row.client_id), state=row.state)
    if only_to := moderation.recipients(row.author_id, row.guest_id):
        publish(event, **only_to)
