"""The rooms for newcomers: everyone who gets an account becomes a member of them."""

from django.db import transaction

from chat.models import Room

from . import room_changes, rooms
from .record import record
from .types import AnyPerson, User


@transaction.atomic
def choose(*, room: Room, on: bool, by: AnyPerson = None) -> None:
    """Say whether newcomers become members of this room. Who has an account already is not added. Raises Forbidden for
    a direct room."""
    room_changes.check_not_direct(room)
    if Room.objects.filter(pk=room.pk).exclude(is_default=on).update(is_default=on):
        record(by, "room.default", room, before={"is_default": not on}, after={"is_default": on})
    room.is_default = on


@transaction.atomic
def join_all(*, user: User) -> Room | None:
    """Make a newcomer a member of the default rooms, as far as they are not archived. Returns the oldest one."""
    found = list(Room.objects.current().filter(is_default=True).order_by("pk"))
    for room in found:
        rooms.join(room=room, user=user)
    return found[0] if found else None
