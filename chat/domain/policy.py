"""The rules of who may do what in a room. The verbs call them."""

from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import Membership, Message, Room

from . import people
from .errors import Archived, Forbidden, Muted
from .types import AnyPerson, VisibleRoom

Role = Membership.Role
OWNERS = {Role.OWNER}
MODERATORS = {*OWNERS, Role.MODERATOR}
WRITERS = {*MODERATORS, Role.MEMBER}
CIRCLES = {Room.Circle.MEMBERS: WRITERS, Room.Circle.MODERATORS: MODERATORS, Room.Circle.OWNERS: OWNERS}
"""The roles of each circle of members, to whom a room gives a right."""


def check_open(room: Room) -> None:
    """Raise Archived if the room is archived."""
    if room.archived_at is not None:
        raise Archived


def check_may_write(room: VisibleRoom, person: AnyPerson) -> None:
    """Raise Archived, Muted or Forbidden unless `person` may write in `room`, which was fetched by `access`.

    For every verb that shows others something new: edit, react, vote. Deleting one's own message is not writing. For
    new messages see `check_may_post`.
    """
    check_open(room)
    if room.who_posts == Room.Posting.NOBODY:
        raise Forbidden(_("This room is read-only."))
    # The rows of `room_lists` do not have it: a page that was drawn with one learns of a mute by its socket.
    until = getattr(room, "mute_until", None)
    if until is not None:
        raise Muted(retry_after=max(1.0, round((until - timezone.now()).total_seconds(), 1)))
    if not person.is_authenticated:
        if room.guests != Room.Guests.WRITE:
            raise Forbidden(_("Guests can only read this room. Sign in to write."))
    elif (room.my_role or room.my_restriction) == Membership.Role.READER:
        raise Forbidden(_("You can read this room, but not write in it."))


def check_may_post(room: VisibleRoom, person: AnyPerson) -> None:
    """Raise Archived or Forbidden unless `person` may write new messages in `room`: for `post` and what leads to it, as
    uploads and typing."""
    check_may_write(room, person)
    if room.who_posts == Room.Posting.EVERYONE or room.my_role in MODERATORS:
        return
    if room.who_posts == Room.Posting.MODERATORS:
        raise Forbidden(_("Only owners and moderators post in this room."))
    if not room.my_named_to_post:
        raise Forbidden(_("Only some people post in this room. Its owners and moderators name them."))


def may_post(room: VisibleRoom, person: AnyPerson) -> bool:
    """Whether `check_may_post` raises no Forbidden. Archived is a Forbidden, too."""
    try:
        check_may_post(room, person)
    except Forbidden:
        return False
    return True


def check_may_edit(message: Message, room: VisibleRoom, person: AnyPerson) -> None:
    """Authors who may write in the room may edit their own messages, unless deleted."""
    check_may_write(room, person)
    if not people.is_author(message, person):
        raise Forbidden(_("Only its author can edit a message."))
    if message.deleted_at is not None:
        raise Forbidden(_("This message was deleted."))


def check_may_delete(message: Message, person: AnyPerson, role: str | None) -> None:
    """Authors may delete their own messages; moderators all messages."""
    if not people.is_author(message, person) and role not in MODERATORS:
        raise Forbidden(_("Only its author or a moderator can delete a message."))


def check_may_remove_preview(message: Message, person: AnyPerson, role: str | None) -> None:
    """Authors may remove the previews of their own messages; moderators those of all messages."""
    if not people.is_author(message, person) and role not in MODERATORS:
        raise Forbidden(_("Only the author of a message or a moderator can remove a preview from it."))


def check_may_react(message: Message, room: VisibleRoom, person: AnyPerson) -> None:
    """Users who may write in the room may react to messages, unless deleted."""
    check_may_write(room, person)
    if not person.is_authenticated:
        raise Forbidden(_("Sign in to react."))
    if message.deleted_at is not None:
        raise Forbidden(_("This message was deleted."))


def check_may_vote(message: Message, room: VisibleRoom, person: AnyPerson) -> None:
    """Users who may write in the room may vote, unless the message is deleted."""
    check_may_write(room, person)
    if not person.is_authenticated:
        raise Forbidden(_("Sign in to vote."))
    if message.deleted_at is not None:
        raise Forbidden(_("This message was deleted."))


def may_mention_all(person: AnyPerson, room: VisibleRoom) -> bool:
    """Whether `@all` and `@here` of this person mention everyone: the room says which members may do that."""
    return bool(person.is_authenticated and room.my_role in CIRCLES[Room.Circle(room.who_mentions_all)])
