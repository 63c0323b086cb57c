"""Queries for rows of rooms that moderators read: reports, held messages, mutes."""

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from .membership import Membership
from .room import Room
from .room_opening import RoomOpening

MODERATOR_ROLES = (Membership.Role.OWNER, Membership.Role.MODERATOR)


def is_open_to(user: Any) -> Any:
    """The condition for rows of public rooms, and of closed ones that this superuser has opened."""
    opened = RoomOpening.objects.in_force(user).filter(room=OuterRef("room"))
    return Q(room__kind=Room.Kind.PUBLIC) | Exists(opened)


class OfRoomsQuerySet(models.QuerySet):
    """Queries for rows with a room."""

    def in_rooms_of(self, user: Any) -> Self:
        """Those of rooms whose moderator `user` is. Direct rooms have none."""
        mine = Membership.objects.filter(
            room=OuterRef("room"), user=user.pk, role__in=MODERATOR_ROLES, user__is_active=True
        )
        return self.exclude(room__kind=Room.Kind.DIRECT).filter(Exists(mine))

    def for_staff(self, user: Any) -> Self:
        """Those that a moderator of the site may read and decide: of public rooms, and of closed ones that `user`, a
        superuser, has opened. What a filter finds in a closed room is for the moderators of that room: with a filter
        that meets every text, staff would read all that is written there."""
        return self.filter(is_open_to(user))
