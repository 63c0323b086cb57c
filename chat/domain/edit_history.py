"""The former texts of a message."""

from django.utils.translation import gettext as _

from chat.models import Message, Revision, Site
from chat.protocol import things

from . import access, people, policy
from .errors import Forbidden, NotFound
from .types import AnyPerson

MAX_FORMS = 20
"""Former texts that are shown of one message: those of its last edits."""


def of_message(viewer: AnyPerson, message: int) -> list[things.FormerText]:
    """The texts that a message had before its last MAX_FORMS edits, the oldest first; none if it was never edited.

    For its author and the moderators of its room; for everyone who may see it if the site allows that. A deleted
    message has no texts. Raises NotFound, Forbidden.
    """
    found: Message | None = Message.objects.visible_to(viewer).select_related("room").filter(pk=message).first()
    if found is None or found.deleted_at is not None:
        raise NotFound(_("Message not found."), field="message")
    if not people.is_author(found, viewer) and not Site.current().open_edit_history:
        room = access.get_visible(viewer, found.room.slug)
        if room.my_role not in policy.MODERATORS:
            raise Forbidden(_("Only its author and moderators can see what a message said before."))
    revisions = list(Revision.objects.filter(message=found).order_by("-pk")[:MAX_FORMS])
    return [things.FormerText(text=revision.text, until=revision.replaced_at) for revision in reversed(revisions)]
