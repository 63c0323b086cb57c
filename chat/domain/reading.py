"""How far people have read."""

from django.db import transaction

from chat.events import shapes
from chat.events.publish import publish
from chat.models import Membership

from . import access


@transaction.atomic
def read(*, room: str, user, upto: int) -> None:
    """Note that `user` has read `room` up to `seq` `upto`, never less than before, and tell all their connections.

    Nothing to note for guests and for people without a membership. Raises NotFound.
    """
    visible = access.get_visible(user, room)
    if visible.my_role is None:
        return
    upto = min(upto, visible.head_version)
    unread_before = Membership.objects.filter(room=visible, user=user, read_seq__lt=upto)
    if unread_before.update(read_seq=upto):
        counts = access.get_with_counts(user, room)
        event = shapes.Read(room=room, upto=counts.my_read, unread=counts.unread, mentions=counts.mentioned)
        publish(event, users=[user.pk])
