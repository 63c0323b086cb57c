"""Verbs of rooms: create, change, archive, join, leave, remove.

A change of who may see a room or write in it takes a version of the room, under the lock of its head, and stores it in
the head (`rules`). So no change is accepted after an older check, and no hub delivers later events before it has read
who may still see the room.
"""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish, publish_disconnect
from chat.models import Membership, Restriction, Room, RoomHead
from chat.protocol import events

from . import access, room_changes, room_columns, serializers
from .errors import Forbidden, Invalid, NotFound
from .record import is_other, record
from .types import AnyPerson, Rows, User


@transaction.atomic
def create(*, slug: str, name: str, by: AnyPerson = None, **fields: Any) -> Room:
    """Create a room and its head. `by` becomes its owner. `fields`: topic, kind, guests, slow_mode_s and rights
    (`room_columns.RIGHTS`). Of a private room, owners and moderators add people unless `who_invites` says otherwise.

    Raises Invalid with `field` when a value is wrong or the slug is taken. For direct rooms see `direct_rooms`.
    """
    if fields.get("kind") == Room.Kind.PRIVATE:
        fields.setdefault("who_invites", Room.Circle.MODERATORS)
    room = Room(slug=slug, name=name, **fields)
    if room.kind == Room.Kind.DIRECT:
        raise Invalid(_("A direct room is made by choosing its people."), field="kind")
    room_columns.check(room)
    room.save()
    RoomHead.objects.create(room=room)
    if by is not None:
        join(room=room, user=by, role=Membership.Role.OWNER, by=by)
    record(by, "room.create", room, after={"kind": room.kind})
    if room.kind == Room.Kind.PUBLIC:
        publish(events.PublicRoomsChanged())
    return room


@transaction.atomic
def change(*, room: Room, by: AnyPerson = None, **fields: Any) -> Room:
    """Change name, topic, kind, guests, slow_mode_s, archived_at or a right (`room_columns.RIGHTS`). It takes a version
    if a value differs. Of a room that becomes private, owners and moderators add people unless `who_invites` is given.

    `by`, here and below: who does it, for the record; None: who acts now by `acting`.
    Raises Invalid with `field`, and Forbidden for a direct room.
    """
    unknown = fields.keys() - room_columns.CHANGEABLE
    if unknown:
        raise Invalid(_("This cannot be changed."), field=min(unknown))
    # Lock the head first, as posting does. Locking the room's row instead could deadlock with a message's foreign key.
    room_changes.lock(room)
    stored = Room.objects.get(pk=room.pk)
    room_changes.check_not_direct(stored)
    if fields.get("kind") == Room.Kind.PRIVATE != stored.kind and stored.who_invites == Room.Circle.MEMBERS:
        fields = {"who_invites": Room.Circle.MODERATORS} | fields
    changed = [name for name, value in fields.items() if getattr(stored, name) != value]
    if fields.get("kind") == Room.Kind.DIRECT:
        raise Invalid(_("A direct room is made by choosing its people."), field="kind")
    if not changed:
        return stored
    former = {name: getattr(stored, name) for name in (*changed, "kind", "guests")}
    for name in changed:
        setattr(stored, name, fields[name])
    if "kind" in changed and stored.kind != Room.Kind.PUBLIC:
        stored.guests = Room.Guests.NONE
        changed.append("guests")
    room_columns.check(stored)
    _record_change(stored, by, former, changed)
    take = RoomHead.take_for_rules if room_columns.RULES.intersection(changed) else RoomHead.take
    stored.changed_version = take(stored.pk)
    stored.save(update_fields=[*changed, "changed_version"])
    state = serializers.serialize_room(stored)
    event = events.RoomEvent(room=stored.slug, version=stored.changed_version, state=state)
    publish(event, room=stored, version=stored.changed_version)
    if room_columns.IN_DIRECTORY.intersection(changed) and Room.Kind.PUBLIC in (stored.kind, former["kind"]):
        publish(events.PublicRoomsChanged())
    return stored


@transaction.atomic
def archive(*, room: Room, by: AnyPerson = None) -> Room:
    """Make the room read-only for everyone. A second call does nothing."""
    room_changes.lock(room)
    # Not what the caller has read: somebody else may have archived it meanwhile.
    room.refresh_from_db(fields=["archived_at"])
    return room if room.archived_at else change(room=room, by=by, archived_at=timezone.now())


def restore(*, room: Room, by: AnyPerson = None) -> Room:
    """End the archiving of a room."""
    return change(room=room, by=by, archived_at=None)


def disconnect(*, room: Room, by: AnyPerson = None) -> None:
    """Close the connections of everyone who has the room open. Their pages connect again, and read it anew."""
    with transaction.atomic():
        publish_disconnect(room)
        record(by, "room.disconnect", room)


@transaction.atomic
def join(*, room: Room, user: User, role: str | None = None, by: AnyPerson = None) -> Membership:
    """Make `user` a member. An existing member keeps their role. All earlier messages count as read.

    Without a `role`, a person who left as a reader becomes a reader again. With a `role` they get it, and restrictions
    end; only callers that may give roles pass one. Raises Forbidden for a person who was removed from the room, and
    for a direct room.
    """
    room_changes.check_not_direct(room)
    head = room_changes.lock(room)
    restriction = Restriction.objects.filter(room=room, user=user).first()
    if role is None:
        if restriction and restriction.kind == Restriction.Kind.BANNED:
            raise Forbidden(_("You were removed from this room. Ask one of its moderators to add you again."))
        role = Membership.Role.READER if restriction else Membership.Role.MEMBER
    membership, made = Membership.objects.get_or_create(
        room=room, user=user, defaults={"role": role, "read_seq": head.version}
    )
    if restriction:
        restriction.delete()
    if made:
        seen = {"read": head.version, "version": head.version, "active_at": head.active_at}
        state = serializers.serialize_new_state(room, role=role, **seen)
        publish(events.RoomAdded(room=room.slug, state=state), room=room, users=[user.pk])
        room_changes.note_members(room)
        if is_other(user, by):
            record(by, "member.add", user, room=room, after={"role": str(role)})
    return membership


@transaction.atomic
def join_public(*, room: str, user: User) -> Membership:
    """Join a public room. Raises NotFound, and Forbidden for guests and for rooms that need an invitation."""
    if not user.is_authenticated:
        raise Forbidden(_("Sign in to join."))
    room_changes.lock(access.get_visible(user, room))
    visible = access.get_visible(user, room)
    if visible.kind != Room.Kind.PUBLIC and visible.my_role is None:
        raise Forbidden(_("You need an invitation to join this room."))
    return join(room=visible, user=user)


def joinable(user: User) -> Rows:
    """The public rooms that `user` may join, by name."""
    return Room.objects.visible_to(user).current().exclude(memberships__user=user)


@transaction.atomic
def leave(*, room: Room, user: User) -> None:
    """End a membership, if there is one. A reader who joins again is a reader again. Raises Forbidden for a direct
    room."""
    # No permission check: every member may leave.
    room_changes.check_not_direct(room)
    room_changes.lock(room)
    membership = Membership.objects.filter(room=room, user=user).first()
    if membership is None:
        return
    if membership.role == Membership.Role.READER:
        Restriction.objects.create(room=room, user=user, kind=Restriction.Kind.READER)
    membership.delete()
    publish(events.RoomRemoved(room=room.slug), room=room, users=[user.pk])
    room_changes.note_members(room)
    if room.kind != Room.Kind.PUBLIC:
        room_changes.note_rules(room)


@transaction.atomic
def remove(*, room: Room, user: User, by: AnyPerson = None, reason: str = "") -> None:
    """Remove a person from a room and ban them, also when they are no member. They cannot see it, write or join until
    `lift`, or `join` with a role. The caller checks the permission. Raises Forbidden for a direct room."""
    room_changes.check_not_direct(room)
    room_changes.lock(room)
    members = Membership.objects.filter(room=room, user=user)
    before = {"role": role} if (role := members.values_list("role", flat=True).first()) else {}
    members.delete()
    Restriction.objects.update_or_create(room=room, user=user, defaults={"kind": Restriction.Kind.BANNED})
    record(by, "member.remove", user, room=room, before=before, reason=reason)
    publish(events.RoomRemoved(room=room.slug), room=room, users=[user.pk])
    room_changes.note_members(room)
    room_changes.note_rules(room)


@transaction.atomic
def end_memberships(room: Room, users: Collection[int]) -> None:
    """End the memberships of these users (ids). They may join again, as far as the room is public."""
    if not users:
        return
    room_changes.lock(room)
    Membership.objects.filter(room=room, user__in=users).delete()
    publish(events.RoomRemoved(room=room.slug), room=room, users=users)
    room_changes.note_members(room)
    if room.kind != Room.Kind.PUBLIC:
        room_changes.note_rules(room)


@transaction.atomic
def lift(*, restriction: Restriction, by: AnyPerson = None) -> None:
    """End a restriction: the person may join the room again."""
    record(by, "member.lift", restriction.user, room=restriction.room, before={"restriction": restriction.kind})
    restriction.delete()


@transaction.atomic
def set_role(*, room: Room, user: User, role: str, by: AnyPerson = None) -> None:
    """Change a member's role. Raises Invalid for an unknown role, NotFound when there is no membership, Forbidden for a
    direct room."""
    room_changes.check_not_direct(room)
    if role not in Membership.Role.values:
        raise Invalid(_("Unknown role."), field="role")
    room_changes.lock(room)
    members = Membership.objects.filter(room=room, user=user)
    former = members.values_list("role", flat=True).first()
    if former is None:
        raise NotFound(_("This person is not a member of the room."), field="person")
    # Whoever gets a role by hand stays without the group, too.
    members.update(role=role, by_group=False)
    record(by, "member.role", user, room=room, before={"role": former}, after={"role": str(role)})
    room_changes.note_own_rules(room, user)


@transaction.atomic
def name_to_post(*, room: Room, user: User, on: bool, by: AnyPerson = None) -> None:
    """Say whether a member posts where only named people do. Raises NotFound when there is no membership, Forbidden for
    a direct room."""
    room_changes.check_not_direct(room)
    room_changes.lock(room)
    if not Membership.objects.filter(room=room, user=user).update(named_to_post=on):
        raise NotFound(_("This person is not a member of the room."), field="person")
    record(by, "member.may_post", user, room=room, before={"named_to_post": not on}, after={"named_to_post": on})
    room_changes.note_own_rules(room, user)


def _record_change(room: Room, by: AnyPerson, former: dict[str, Any], changed: list[str]) -> None:
    if "archived_at" in changed:
        record(by, "room.archive" if room.archived_at else "room.restore", room)
    others = [name for name in changed if name != "archived_at" and getattr(room, name) != former[name]]
    if others:
        before, after = ({name: of[name] for name in others} for of in (former, vars(room)))
        record(by, "room.change", room, before=before, after=after)
