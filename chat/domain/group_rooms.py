"""Members by Django group: the people of the groups of a room (`Room.groups`) are its members.

Only changes count: who joins a group joins its rooms, who leaves it leaves those that no other group of theirs has.
People who became members in another way stay (`Membership.by_group`), and so do those whom somebody gave a role. Who
has left a room, or was removed from it, does not come back until they join the group again.
"""

from collections.abc import Collection
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models.signals import m2m_changed, pre_delete

from chat.models import Membership, Restriction, Room

from . import added_by_staff, members, room_changes, room_openings, rooms
from .record import record
from .types import AnyPerson


@transaction.atomic
def bind(*, room: Room, groups: Collection[Group], by: AnyPerson = None) -> None:
    """Bind a room to exactly these groups. Raises Forbidden for a direct room."""
    room_changes.check_not_direct(room)
    room_changes.lock(room)
    former = set(room.groups.all())
    wanted = set(groups)
    if former == wanted:
        return
    room.groups.set(wanted)
    names = {name: sorted(group.name for group in of) for name, of in (("before", former), ("after", wanted))}
    record(by, "room.groups", room, before={"groups": names["before"]}, after={"groups": names["after"]})
    if added := wanted - former:
        users = _users_of(added)
        if by is not None and by.pk in users:
            # Who adds themselves would read the room.
            room_openings.check_may_enter(room=room, by=by)
        _add(room, users)
    if removed := former - wanted:
        _remove(room, _users_of(removed))


def connect_signals() -> None:
    """Follow every change of a group, whoever makes it: the admin, a command, an app that reads a directory."""
    field: Any = getattr(get_user_model(), "groups", None)
    if field is not None:
        m2m_changed.connect(_groups_changed, sender=field.through, dispatch_uid="chat.group_rooms")
        pre_delete.connect(_group_deleted, sender=Group, dispatch_uid="chat.group_rooms")


def _groups_changed(action: str, instance: Any, reverse: bool, pk_set: set[int] | None, **_: Any) -> None:
    """`instance` is a user and `pk_set` groups, or the reverse."""
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    if action == "pre_clear":
        kept = instance.user_set if reverse else instance.groups
        pk_set = set(kept.values_list("pk", flat=True))
    users, groups = (pk_set or set(), {instance.pk}) if reverse else ({instance.pk}, pk_set or set())
    with transaction.atomic():
        for room in Room.objects.filter(groups__in=groups, deleted_at=None).distinct().order_by("pk"):
            if action == "post_add":
                _add(room, room_openings.without_actor(room, users))
            else:
                _remove(room, users, left=groups if action == "pre_clear" else ())


def _group_deleted(instance: Group, **_: Any) -> None:
    with transaction.atomic():
        for room in instance.rooms.order_by("pk"):
            _remove(room, _users_of([instance]), left=[instance.pk])


def _users_of(groups: Collection[Group]) -> set[int]:
    return set(get_user_model()._default_manager.filter(groups__in=groups).values_list("pk", flat=True))


def _add(room: Room, users: Collection[int]) -> None:
    room_changes.lock(room)
    restricted = Restriction.objects.filter(room=room, user__in=users).values("user")
    active = get_user_model()._default_manager.filter(pk__in=users, is_active=True).exclude(pk__in=restricted)
    new = list(active.exclude(pk__in=Membership.objects.filter(room=room).values("user")))
    members.add_all(room, new, lifts_restrictions=False, by_group=True)
    added_by_staff.tell(room, new)


def _remove(room: Room, users: Collection[int], left: Collection[int] = ()) -> None:
    """`left`: groups that they are about to leave, and are still in."""
    others = room.groups.exclude(pk__in=left)
    still = get_user_model()._default_manager.filter(pk__in=users, groups__in=others).values("pk")
    mine = Membership.objects.filter(room=room, user__in=users, by_group=True).exclude(user__in=still)
    rooms.end_memberships(room, list(mine.values_list("user_id", flat=True)))
