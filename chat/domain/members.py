"""Verbs of a room's members: add, remove, change a role, leave, choose notifications.

Each fetches the room as the acting person may see it, and checks their rights. The admin calls the verbs of `rooms`,
which check nothing.
"""

from collections.abc import Collection

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import Membership, Restriction, Room
from chat.protocol import events

from . import access, people, policy, room_changes, room_policy, rooms, serializers, site_permissions
from .errors import Forbidden, Invalid, NotFound
from .record import record_each
from .types import AnyPerson, User, VisibleRoom

MAX_ADDED = 50
"""The largest number of people that one command adds."""


@transaction.atomic
def add(*, room: str, by: AnyPerson, people: Collection[int]) -> None:
    """Make people (ids of users) members of a room. Those who are members keep their role.

    A moderator also brings back a person who was removed. All of them are added, or none. Their number does not change
    the number of queries. Raises NotFound, Archived, Forbidden, and Invalid(field="people") for an unknown or inactive
    account.
    """
    users = find_users(people)
    visible = _locked(room, by)
    room_policy.check(visible, site_permissions.of(by), room_policy.ADD)
    add_all(visible, users, lifts_restrictions=visible.my_role in policy.MODERATORS, by=by)


def find_users(ids: Collection[int]) -> list[User]:
    """The active users with these ids. Raises Invalid(field="people") if one is missing, or above MAX_ADDED."""
    if len(ids) > MAX_ADDED:
        raise Invalid(_("Add at most %(most)d people at once.") % {"most": MAX_ADDED}, field="people")
    found = list(get_user_model()._default_manager.filter(pk__in=ids, is_active=True))
    if len(found) < len(set(ids)):
        raise Invalid(_("One of these people has no account, or it is closed."), field="people")
    return found


def add_all(
    room: Room, users: list[User], *, lifts_restrictions: bool, by: AnyPerson = None, by_group: bool = False
) -> None:
    """Make these users members. The caller has locked the head of the room and checked the permission. `by_group`: a
    Django group brings them, see `group_rooms`.

    Raises Forbidden if one of them was removed from the room or may only read it, unless `lifts_restrictions`.
    """
    joined = set(Membership.objects.filter(room=room, user__in=users).values_list("user_id", flat=True))
    new = [user for user in users if user.pk not in joined]
    if not new:
        return
    restrictions = Restriction.objects.filter(room=room, user__in=new)
    if lifts_restrictions:
        restrictions.delete()
    elif restricted := restrictions.select_related("user__chat_profile").first():
        name = people.as_person(restricted.user).name
        text = _("%(name)s was removed from this room. One of its moderators can add them.")
        raise Forbidden(text % {"name": name}, field="people")
    head = room_changes.lock(room)
    version = head.version
    Membership.objects.bulk_create(
        Membership(room=room, user=user, read_seq=version, by_group=by_group) for user in new
    )
    state = serializers.serialize_new_state(
        room, role=Membership.Role.MEMBER, read=version, version=version, active_at=head.active_at
    )
    publish(events.RoomAdded(room=room.slug, state=state), room=room, users=[user.pk for user in new])
    room_changes.note_members(room)
    record_each(by, "member.add", new, room=room, after={"role": str(Membership.Role.MEMBER)})


@transaction.atomic
def remove(*, room: str, by: AnyPerson, person: int) -> None:
    """Remove a member and ban them, until a moderator adds them again. Raises NotFound, Forbidden."""
    visible = _locked(room, by)
    theirs = _managed(visible, person)
    if person == by.pk:
        raise Forbidden(_("You cannot remove yourself. You can leave the room."), field="person")
    if not room_policy.may_remove(visible.my_role, theirs.role):
        raise Forbidden(_("Your role in this room does not allow this."))
    rooms.remove(room=visible, user=theirs.user, by=by)


@transaction.atomic
def set_role(*, room: str, by: AnyPerson, person: int, role: str) -> None:
    """Change the role of a member. Raises NotFound, Archived, Forbidden, and Invalid(field="role").

    The last owner stays owner: nobody else could manage the room.
    """
    visible = _locked(room, by)
    policy.check_open(visible)
    theirs = _managed(visible, person)
    if role not in Membership.Role.values:
        raise Invalid(_("Unknown role."), field="role")
    if role not in room_policy.roles_to_give(visible.my_role, theirs.role):
        raise Forbidden(_("Your role in this room does not allow this."), field="role")
    if theirs.role == role:
        return
    if theirs.role == Membership.Role.OWNER and count_owners(visible) == 1:
        raise Forbidden(_("This is the only owner. Make somebody else an owner first."), field="role")
    rooms.set_role(room=visible, user=theirs.user, role=role, by=by)


@transaction.atomic
def name_to_post(*, room: str, by: AnyPerson, person: int, on: bool) -> None:
    """Say whether a member posts where only named people do. Raises NotFound, Archived, Forbidden."""
    visible = _locked(room, by)
    policy.check_open(visible)
    theirs = _managed(visible, person)
    if theirs.named_to_post != on:
        rooms.name_to_post(room=visible, user=theirs.user, on=on, by=by)


@transaction.atomic
def leave(*, room: str, user: AnyPerson) -> None:
    """End one's own membership. Does nothing without one. Raises NotFound, and Forbidden in a direct room."""
    visible = access.get_visible(user, room)
    if visible.kind == Room.Kind.DIRECT:
        raise Forbidden(_("A direct conversation cannot be left. You can hide it."))
    if visible.my_role is not None:
        rooms.leave(room=visible, user=user)


@transaction.atomic
def set_notify(*, room: str, user: AnyPerson, level: str) -> None:
    """Choose which messages of a room notify its member: `all`, `mentions` or `none`. Raises NotFound, Forbidden, and
    Invalid(field="level")."""
    if level not in Membership.Notify.values:
        raise Invalid(field="level")
    visible = access.get_visible(user, room)
    if visible.my_role is None:
        raise Forbidden(_("Join the room first."))
    Membership.objects.filter(room=visible, user=user).update(notify=level)
    # To the person's other devices.
    state = serializers.serialize_room_state(access.get_with_counts(user, room))
    publish(events.RoomAdded(room=room, state=state), room=visible, users=[user.pk])


def count_owners(room: Room) -> int:
    """The number of active owners."""
    return Membership.objects.filter(room=room, role=Membership.Role.OWNER, user__is_active=True).count()


def _locked(slug: str, by: AnyPerson) -> VisibleRoom:
    """The room as `by` may see it, read under the lock of its head: no rule of it changes until the commit."""
    room_changes.lock(access.get_visible(by, slug))
    return access.get_visible(by, slug)


def _managed(room: VisibleRoom, person: int) -> Membership:
    """The membership of a person, for those who manage members. Raises Forbidden, NotFound."""
    if room.my_role not in policy.MODERATORS:
        raise Forbidden(_("Your role in this room does not allow this."))
    theirs = Membership.objects.select_related("user").filter(room=room, user=person).first()
    if theirs is None:
        raise NotFound(_("This person is not a member of the room."), field="person")
    return theirs
