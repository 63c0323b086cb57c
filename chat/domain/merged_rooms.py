"""The rooms of an account that is merged into another one: memberships, restrictions, direct rooms."""

from django.db import transaction
from django.utils import timezone

from chat.dispatch.publish import publish, publish_rules
from chat.models import Membership, Restriction, Room, RoomHead
from chat.protocol import events

from . import access, account_work, room_changes, serializers
from .account_work import Part, Work
from .types import User

_RANKS: list[str] = [Membership.Role.READER, Membership.Role.MEMBER, Membership.Role.MODERATOR, Membership.Role.OWNER]


def _memberships(user: User) -> list[int]:
    return account_work.ids(Membership.objects.filter(user=user).exclude(room__kind=Room.Kind.DIRECT))


def _move_memberships(work: Work, ids: list[int]) -> None:
    for pk, room_id in Membership.objects.filter(pk__in=ids).order_by("pk").values_list("pk", "room_id"):
        with transaction.atomic():
            room = Room.objects.get(pk=room_id)
            room_changes.lock(room)
            _move_membership(Membership.objects.get(pk=pk), room, work.into)


def _move_membership(theirs: Membership, room: Room, into: User) -> None:
    """Give a membership to the other account. Of two, the one of that account stays, with the higher role."""
    mine = Membership.objects.filter(room=room, user=into).first()
    banned = Restriction.objects.filter(room=room, user=into, kind=Restriction.Kind.BANNED).exists()
    if mine is not None or banned:
        theirs.delete()
        if mine is not None and _RANKS.index(theirs.role) > _RANKS.index(mine.role):
            Membership.objects.filter(pk=mine.pk).update(role=theirs.role)
    else:
        Restriction.objects.filter(room=room, user=into).delete()
        Membership.objects.filter(pk=theirs.pk).update(user=into)
    room_changes.note_members(room)
    publish_rules(room, RoomHead.take_for_rules(room.pk))
    if not banned:
        _tell(room, [into.pk], into)


def _restrictions(user: User) -> list[int]:
    return account_work.ids(Restriction.objects.filter(user=user))


def _move_restrictions(work: Work, ids: list[int]) -> None:
    for theirs in Restriction.objects.filter(pk__in=ids).select_related("room"):
        with transaction.atomic():
            room_changes.lock(theirs.room)
            known = Membership.objects.filter(room=theirs.room, user=work.into).exists()
            if known or Restriction.objects.filter(room=theirs.room, user=work.into).exists():
                theirs.delete()
            else:
                Restriction.objects.filter(pk=theirs.pk).update(user=work.into)
                publish_rules(theirs.room, RoomHead.take_for_rules(theirs.room_id))


def _direct_rooms(user: User) -> list[int]:
    direct = Membership.objects.filter(user=user, room__kind=Room.Kind.DIRECT).order_by("pk")
    return list(direct.values_list("room_id", flat=True)[: account_work.STEP])


def _move_direct_rooms(work: Work, ids: list[int]) -> None:
    for pk in ids:
        with transaction.atomic():
            room = Room.objects.get(pk=pk)
            room_changes.lock(room)
            _move_direct_room(room, work.user, work.into)


def _move_direct_room(room: Room, user: User, into: User) -> None:
    """Let the other account take the place of `user` in a direct room.

    If a room of the same people exists, both stay, because the messages of a room keep their order and their addresses:
    this one is archived, with a key that no search for people finds.
    """
    theirs = Membership.objects.filter(room=room, user=user)
    if Membership.objects.filter(room=room, user=into).exists():
        theirs.delete()
    else:
        theirs.update(user=into)
    people = sorted(Membership.objects.filter(room=room).values_list("user_id", flat=True))
    key = ",".join(map(str, people))
    changed: dict[str, object] = {"direct_key": key}
    version = RoomHead.take_for_rules(room.pk)
    if Room.objects.filter(direct_key=key).exclude(pk=room.pk).exists():
        changed = {"direct_key": f"{key}#{room.pk}", "archived_at": room.archived_at or timezone.now()}
    Room.objects.filter(pk=room.pk).update(changed_version=version, **changed)
    room.refresh_from_db()
    event = events.RoomEvent(room=room.slug, version=version, state=serializers.serialize_room(room))
    publish(event, room=room, version=version)
    publish_rules(room, version)
    for member in Membership.objects.filter(room=room, user__is_active=True).select_related("user__chat_profile"):
        _tell(room, [member.user_id], member.user)


def _tell(room: Room, users: list[int], reader: User) -> None:
    """Send the room in its new form to these people, who see it as `reader` does."""
    state = serializers.serialize_room_state(access.get_with_counts(reader, room.slug))
    publish(events.RoomAdded(room=room.slug, state=state), room=room, users=users)


PARTS: tuple[Part, ...] = (
    (_memberships, _move_memberships),
    (_restrictions, _move_restrictions),
    (_direct_rooms, _move_direct_rooms),
)
