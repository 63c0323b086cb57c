"""How far people have read, and what they have not."""

from django.db import transaction
from django.db.models import CharField, Count, F, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from chat.events import shapes
from chat.events.publish import publish
from chat.models import Membership, Mention, Message, Room

from . import people, rooms


@transaction.atomic
def read(*, room: str, user, upto: int) -> None:
    """Note that `user` has read `room` up to `seq` `upto`, never less than before, and tell all their connections.

    Nothing to note for guests and for people without a membership. Raises NotFound.
    """
    visible = rooms.get_visible(user, room, Room.objects.annotate(head_version=F("head__version")))
    if visible.my_role is None:
        return
    upto = min(upto, visible.head_version)
    unread_before = Membership.objects.filter(room=visible, user=user, read_seq__lt=upto)
    if unread_before.update(read_seq=upto):
        counts = with_counts(Room.objects.filter(pk=visible.pk), user).get()
        event = shapes.Read(room=room, upto=counts.my_read, unread=counts.unread, mentions=counts.mentioned)
        publish(event, users=[user.pk])


def unread_counts(room_id: int, user_ids: list[int]) -> list[tuple[int, int, int]]:
    """(user id, unread, mentions) for each of `user_ids` that has a membership in the room. One query."""
    own = Concat(Value("u:"), Cast(OuterRef("user_id"), CharField()))
    counted = Membership.objects.filter(room_id=room_id, user_id__in=user_ids).annotate(
        unread=_unread(room_id, own, OuterRef("read_seq")),
        mentioned=_mentioned(room_id, OuterRef("user_id"), OuterRef("read_seq")),
    )
    return list(counted.values_list("user_id", "unread", "mentioned"))


def with_counts(queryset, person):
    """Annotate rooms with `my_role` and `head_version`; for a user also with `my_read`, `unread` and `mentioned`."""
    queryset = rooms.with_my_role(queryset, person).annotate(head_version=F("head__version"))
    if not person.is_authenticated:
        return queryset
    mine = Membership.objects.filter(room=OuterRef("pk"), user_id=person.pk)
    return queryset.annotate(my_read=Subquery(mine.values("read_seq")[:1])).annotate(
        unread=_unread(OuterRef("pk"), people.sender_key(person), OuterRef("my_read")),
        mentioned=_mentioned(OuterRef("pk"), person.pk, OuterRef("my_read")),
    )


def _unread(room, reader, read_seq):
    """The number of messages that stand, that others than `reader` (a sender_key) said, after `read_seq`."""
    unread = Message.objects.standing().filter(room=room, seq__gt=read_seq).exclude(sender_key=reader)
    return _count(unread.order_by(), "room")


def _mentioned(room, user, read_seq):
    """The number of mentions of `user` in messages that stand, after `read_seq`. Nobody mentions themselves."""
    unread = {"message__room": room, "message__seq__gt": read_seq, "message__deleted_at": None}
    return _count(Mention.objects.filter(user=user, **unread), "user")


def _count(queryset, group: str):
    counted = queryset.values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
