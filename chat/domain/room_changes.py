"""What changes of a room have in common: the lock of its head, and what others are told."""

from django.utils.translation import gettext as _

from chat.dispatch.publish import publish, publish_rules
from chat.models import Room, RoomHead
from chat.protocol import events

from . import access, serializers
from .errors import Forbidden, NotFound
from .types import User


def lock(room: Room) -> RoomHead:
    """Lock the room's head until the commit: changes of the room happen one after the other."""
    return RoomHead.objects.select_for_update().get(pk=room.pk)


def note_members(room: Room) -> None:
    """After the commit, tell open pages that the room's members or their roles changed."""
    publish(events.MembersChanged(room=room.slug), room=room)


def note_rules(room: Room) -> None:
    """Take a version for a change of who may see the room or write in it. The caller has locked the head."""
    publish_rules(room, RoomHead.take_for_rules(room.pk))


def note_own_rules(room: Room, user: User) -> None:
    """Tell everyone of another role of one member, and this member of what they may do now."""
    note_members(room)
    note_rules(room)
    if user.is_active:
        state = serializers.serialize_room_state(access.get_with_counts(user, room.slug))
        publish(events.RoomAdded(room=room.slug, state=state), room=room, users=[user.pk])


def check_not_direct(room: Room) -> None:
    """Raise Forbidden for a direct room, and NotFound for one that is being deleted."""
    if room.deleted_at is not None:
        raise NotFound(_("Room not found."), field="room")
    if room.kind == Room.Kind.DIRECT:
        raise Forbidden(_("A direct room stays as it is: nobody joins or leaves, and nobody has a role."))
