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
    unread = _standing(room_id).filter(seq__gt=OuterRef("read_seq")).exclude(sender_key=own)
    mentioned = Mention.objects.filter(user=OuterRef("user_id"), message__in=_standing(room_id)).filter(
        message__seq__gt=OuterRef("read_seq")
    )
    members = Membership.objects.filter(room_id=room_id, user_id__in=user_ids)
    counted = members.annotate(unread=_count(unread, "room"), mentioned=_count(mentioned, "user"))
    return list(counted.values_list("user_id", "unread", "mentioned"))


def _standing(room_id: int):
    return Message.objects.standing().filter(room_id=room_id).order_by()


def with_counts(queryset, person):
    """Annotate rooms with `my_role`, `my_read`, `head_version`, `unread` and `mentioned` for `person`."""
    queryset = rooms.with_my_role(queryset, person).annotate(head_version=F("head__version"))
    if not person.is_authenticated:
        return queryset
    mine = person.memberships.filter(room=OuterRef("pk"))
    unread = unread_messages(person).filter(room=OuterRef("pk"), seq__gt=OuterRef("my_read"))
    mentioned = Mention.objects.filter(user=person, message__in=unread.values("pk"))
    return queryset.annotate(my_read=Subquery(mine.values("read_seq")[:1])).annotate(
        unread=_count(unread, "room"), mentioned=_count(mentioned, "user")
    )


def unread_messages(person):
    """What can be unread to `person`: it stands, and others said it."""
    return Message.objects.standing().exclude(sender_key=people.sender_key(person)).order_by()


def _count(queryset, group: str):
    counted = queryset.values(group).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
