"""Who may do what in a room. One home for each rule; the verbs call these."""

from django.utils.translation import gettext as _

from chat.models import Membership, Message, Room

from . import people
from .errors import Archived, Forbidden

MODERATORS = {Membership.Role.OWNER, Membership.Role.MODERATOR}


def check_open(room: Room) -> None:
    """Raise Archived when the room takes no more changes."""
    if room.archived_at is not None:
        raise Archived


def check_may_write(room: Room, person) -> None:
    """Raise Archived or Forbidden unless `person` may write in `room`, as `access` gave it to them.

    Every verb asks that shows others something new: post, edit, react, typing. To delete what one said is not to write.
    """
    check_open(room)
    if not person.is_authenticated:
        if room.guests != Room.Guests.WRITE:
            raise Forbidden(_("Guests may read here. Sign in to write."))
    elif (room.my_role or room.my_restriction) == Membership.Role.READER:
        raise Forbidden(_("You may read this room, not write in it."))


def may_write(room: Room, person) -> bool:
    """Whether `check_may_write` would let them."""
    try:
        check_may_write(room, person)
    except Forbidden:
        return False
    return True


def check_may_edit(message: Message, room: Room, person) -> None:
    """Authors who may write edit what they said, as long as it stands."""
    check_may_write(room, person)
    if not people.said_by(message, person):
        raise Forbidden(_("Only its author can edit a message."))
    if message.deleted_at is not None:
        raise Forbidden(_("This message was deleted."))


def check_may_delete(message: Message, person, role: str | None) -> None:
    """Authors delete what they said; moderators what anyone said."""
    if not people.said_by(message, person) and role not in MODERATORS:
        raise Forbidden(_("Only its author or a moderator can delete a message."))


def check_may_react(message: Message, room: Room, person) -> None:
    """Users who may write react to what stands."""
    check_may_write(room, person)
    if not person.is_authenticated:
        raise Forbidden(_("Sign in to react."))
    if message.deleted_at is not None:
        raise Forbidden(_("This message was deleted."))


def may_mention_all(person, role: str | None) -> bool:
    """`@all` is for moderators."""
    return person.is_authenticated and role in MODERATORS
