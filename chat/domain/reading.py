"""The verbs that move a person's read position in a room: forward by reading, and to a message by marking it unread."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import Membership, Message
from chat.protocol import events

from . import access, receipts, threads
from .errors import Forbidden, NotFound
from .types import AnyPerson, User


@transaction.atomic
def read(*, room: str, user: User, upto: int, unread_marks: int | None = None) -> None:
    """Mark the messages of `room` up to `seq` `upto` as read by `user`, and publish it to all their connections.

    A lower `upto` than before changes nothing, nor does a lower `unread_marks` than the membership's: the device did
    not know yet that messages were marked as unread. Does nothing for guests and people without a membership. Raises
    NotFound.
    """
    visible = access.get_visible(user, room)
    if visible.my_role is None:
        return
    upto = min(upto, visible.head_version)
    memberships = Membership.objects.filter(room=visible, user=user, read_seq__lt=upto)
    if unread_marks is not None:
        memberships = memberships.filter(unread_marks__lte=unread_marks)
    if memberships.update(read_seq=upto):
        _publish(room, user)
        receipts.publish_hint(room=visible, user=user)


@transaction.atomic
def mark_unread(*, message: int, user: AnyPerson) -> None:
    """Set the read position of `user` just before a message (its id), and publish it to all their connections. For a
    reply that only its thread shows, that of the thread.

    The position may go back or forward. Raises NotFound, and Forbidden for people without a membership.
    """
    found = Message.objects.visible_to(user).filter(pk=message).select_related("room").first()
    if found is None:
        raise NotFound(_("Message not found."), field="message")
    slug = found.room.slug
    room = access.get_visible(user, slug)
    if room.my_role is None:
        raise Forbidden(_("Only members of a room can mark its messages as unread."))
    if not found.in_room:
        return threads.mark_unread(reply=found, user=user)
    Membership.objects.filter(room=room, user=user).update(read_seq=found.seq - 1, unread_marks=F("unread_marks") + 1)
    _publish(slug, user)


def _publish(room: str, user: User) -> None:
    counts = access.get_with_counts(user, room)
    event = events.Read(
        room=room,
        upto=counts.my_read,
        unread_marks=counts.my_unread_marks,
        unread=counts.unread,
        mentions=counts.mentioned,
    )
    publish(event, users=[user.pk])
