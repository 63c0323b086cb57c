"""The verb that removes a preview from a message."""

from django.db import transaction

from chat.domain import message_changes, people, policy
from chat.domain.record import record
from chat.domain.types import AnyPerson
from chat.models import Message

from . import changing


def remove_preview(*, message: int, by: AnyPerson, url: str) -> Message:
    """Remove the preview of the link with this address: from one's own message, or as a moderator. A second call does
    nothing.

    Raises NotFound, Forbidden, Archived.
    """
    with transaction.atomic():
        stored, room = message_changes.get_locked(message, by)
        policy.check_open(room)
        policy.check_may_remove_preview(stored, by, room.my_role)
        changed = changing.by_removal(stored, url)
        if changed["previews"] != stored.previews:
            message_changes.save_changed(stored, room, **changed)
            if not people.is_author(stored, by):
                record(by, "message.remove_preview", stored, before={"url": url})
        return stored
