"""Verbs of rooms: make, change, archive, join, leave, remove.

What changes who may see a room or write in it takes a version of the room, under the lock of its head, and marks it in
the head (`rules`): so no change is let through by an older check, and no hub hands on what follows before it has asked
who may still see the room.
"""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.events import shapes
from chat.events.publish import publish, publish_rules
from chat.models import Membership, Restriction, Room, RoomHead

from . import access, facts, timeline
from .errors import Forbidden, Invalid, NotFound

CHANGEABLE = {"name", "topic", "kind", "guests", "slow_mode_s", "archived_at"}

RULES = {"kind", "guests", "slow_mode_s", "archived_at"}
"""Of these, what says who may see the room or write in it."""


@transaction.atomic
def create(*, slug: str, name: str, by=None, **fields) -> Room:
    """Make a room, and its head; `by` becomes its owner. `fields`: topic, kind, guests, slow_mode_s.

    Raises Invalid with `field` when a value is wrong or the slug is taken.
    """
    room = Room(slug=slug, name=name, **fields)
    _check(room)
    room.save()
    RoomHead.objects.create(room=room)
    if by is not None:
        join(room=room, user=by, role=Membership.Role.OWNER)
    return room


@transaction.atomic
def change(*, room: Room, **fields) -> Room:
    """Change name, topic, kind, guests, slow_mode_s or archived_at: a durable change of the room itself.

    Raises Invalid with `field`. What is already so takes no version.
    """
    unknown = fields.keys() - CHANGEABLE
    if unknown:
        raise Invalid(_("This cannot be changed."), field=min(unknown))
    # The head first, as a message does: a lock on the room's row would meet that of a message's foreign key.
    _lock(room)
    stored = Room.objects.get(pk=room.pk)
    changed = [name for name, value in fields.items() if getattr(stored, name) != value]
    if not changed:
        return stored
    for name in changed:
        setattr(stored, name, fields[name])
    if "kind" in changed and stored.kind != Room.Kind.PUBLIC:
        stored.guests = Room.Guests.NONE
        changed.append("guests")
    _check(stored)
    take = RoomHead.take_for_rules if RULES.intersection(changed) else RoomHead.take
    stored.changed_version = take(stored.pk)
    stored.save(update_fields=[*changed, "changed_version"])
    state = facts.room_out(stored)
    event = shapes.RoomEvent(room=stored.slug, version=stored.changed_version, state=state)
    publish(event, room=stored, version=stored.changed_version)
    return stored


def archive(*, room: Room) -> Room:
    """Close the room to changes; it can still be read."""
    return room if room.archived_at else change(room=room, archived_at=timezone.now())


def restore(*, room: Room) -> Room:
    """Open an archived room again."""
    return change(room=room, archived_at=None)


@transaction.atomic
def join(*, room: Room, user, role: str | None = None) -> Membership:
    """Make `user` a member; one who is already keeps the role they have. Counts as having read all until now.

    Without a `role`, who left as a reader comes back as one. With a `role` they get that, and restrictions end: for
    those who may give roles. Raises Forbidden for who was removed from the room.
    """
    head = _lock(room)
    restriction = Restriction.objects.filter(room=room, user=user).first()
    if role is None:
        if restriction and restriction.kind == Restriction.Kind.BARRED:
            raise Forbidden(_("You were removed from this room. Its moderators can let you in again."))
        role = Membership.Role.READER if restriction else Membership.Role.MEMBER
    membership, made = Membership.objects.get_or_create(
        room=room, user=user, defaults={"role": role, "read_seq": head.version}
    )
    if restriction:
        restriction.delete()
    if made:
        state = facts.state_out(room, role=role, read=membership.read_seq, version=membership.read_seq)
        publish(shapes.RoomAdded(room=room.slug, state=state), room=room, users=[user.pk])
    return membership


@transaction.atomic
def join_public(*, room: str, user) -> Membership:
    """Join a public room that `user` sees. Raises NotFound, and Forbidden for rooms one is invited to."""
    _lock(access.get_visible(user, room))
    visible = access.get_visible(user, room)
    if visible.kind != Room.Kind.PUBLIC and visible.my_role is None:
        raise Forbidden(_("One is invited to this room."))
    return join(room=visible, user=user)


def joinable(user):
    """The public rooms that `user` may join and is not in, by name."""
    return Room.objects.visible_to(user).current().exclude(memberships__user=user)


@transaction.atomic
def leave(*, room: Room, user) -> None:
    """End a membership; nothing happens if there is none. A reader stays one, should they come back."""
    # No permission check: whoever is in may go.
    _lock(room)
    membership = Membership.objects.filter(room=room, user=user).first()
    if membership is None:
        return
    if membership.role == Membership.Role.READER:
        Restriction.objects.create(room=room, user=user, kind=Restriction.Kind.READER)
    membership.delete()
    publish(shapes.RoomRemoved(room=room.slug), room=room, users=[user.pk])
    if room.kind != Room.Kind.PUBLIC:
        _note_rules(room)


@transaction.atomic
def remove(*, room: Room, user) -> None:
    """Put somebody out of a room, member or not: they can neither see it, nor write there, nor join it again, until
    `lift` or a `join` with a role. The caller must have checked that this may be done."""
    _lock(room)
    Membership.objects.filter(room=room, user=user).delete()
    Restriction.objects.update_or_create(room=room, user=user, defaults={"kind": Restriction.Kind.BARRED})
    publish(shapes.RoomRemoved(room=room.slug), room=room, users=[user.pk])
    _note_rules(room)


def lift(*, restriction: Restriction) -> None:
    """End a restriction: the person may come back to the room as anybody may."""
    restriction.delete()


@transaction.atomic
def set_role(*, room: Room, user, role: str) -> None:
    """Give a member another role. Raises Invalid for an unknown one, NotFound when there is no membership."""
    if role not in Membership.Role.values:
        raise Invalid(_("There is no such role."), field="role")
    _lock(room)
    if not Membership.objects.filter(room=room, user=user).update(role=role):
        raise NotFound(_("This person is not a member of the room."))
    _note_rules(room)
    if user.is_active:
        state = timeline.state_of(access.get_with_counts(user, room.slug))
        publish(shapes.RoomAdded(room=room.slug, state=state), room=room, users=[user.pk])


def _lock(room: Room) -> RoomHead:
    """Wait for the room's changes under way, and keep others waiting until the commit."""
    return RoomHead.objects.select_for_update().get(pk=room.pk)


def _note_rules(room: Room) -> None:
    """Take a version for a change of who may see the room or write in it. The head must be locked."""
    publish_rules(room, RoomHead.take_for_rules(room.pk))


def _check(room: Room) -> None:
    try:
        room.full_clean(exclude=["changed_version"])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        # The one rule that is about two fields.
        raise Invalid(sentences[0], field="guests" if field == NON_FIELD_ERRORS else field) from error
