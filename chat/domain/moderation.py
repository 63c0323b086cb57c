"""Who moderates what: owners and moderators their room, and staff with the permission `chat.moderate_site` the site.

The verbs of moderators have a parameter `site`: true if the caller, a page of the admin, has checked that permission.
Otherwise they act for one room, as its moderators.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import HeldMessage, Membership, Message, Report, Room
from chat.models.sender import key_of_user
from chat.protocol import events

from . import access, people, policy, room_policy
from .errors import Forbidden
from .types import AnyPerson, Rows, User, VisibleRoom

MODERATE_SITE = "chat.moderate_site"
MAX_TOLD = 200
"""Moderators of one room who get the count of its reports."""


@dataclass(frozen=True, slots=True)
class Target:
    """The person whom a moderator acts upon: a user, or a guest."""

    sender_key: str
    user: User | None = None
    guest_id: str = ""
    guest_name: str = ""

    @property
    def name(self) -> str:
        """How others see them."""
        return people.as_name(self.user).name if self.user is not None else self.guest_name


def target_of(message: Message) -> Target:
    """The sender of a message."""
    return Target(message.sender_key, message.author, message.guest_id, message.guest_name)


def target_of_user(user: User) -> Target:
    """A user as a target."""
    return Target(key_of_user(user.pk), user)


def moderates_site(person: AnyPerson) -> bool:
    """Whether a person moderates the whole site. Their permissions are cached in the instance for a request."""
    return bool(person.is_authenticated and person.is_active and person.is_staff and person.has_perm(MODERATE_SITE))


def get_room(by: AnyPerson, slug: str) -> VisibleRoom:
    """The room with this slug, for one of its moderators. Raises NotFound, Forbidden."""
    room = access.get_visible(by, slug)
    if room.kind == Room.Kind.DIRECT or room.my_role not in policy.MODERATORS:
        raise Forbidden(_("Only moderators of the room can do this."))
    return room


def within_reach(rows: Rows, by: AnyPerson, site: bool) -> Rows:
    """Those of these reports or held messages that `by` may decide."""
    if site:
        return rows.for_staff(by)
    return rows.in_rooms_of(by) if by.is_authenticated else rows.none()


def check_target(target: Target, by: AnyPerson, room: Room | None, site: bool) -> None:
    """Raise Forbidden unless `by` may act upon this person, in `room` or in the whole site.

    Nobody acts upon themselves; in a room, only upon those whom they may remove; in the site, upon a superuser only as
    one.
    """
    if by.is_authenticated and target.sender_key == people.sender_key(by):
        raise Forbidden(_("You cannot do this to yourself."), field="person")
    if site:
        if target.user is not None and target.user.is_superuser and not by.is_superuser:
            raise Forbidden(_("Only a superuser may do this to a superuser."), field="person")
        return
    if room is None:
        raise Forbidden(_("Only staff can do this in the whole site."))
    of_room = Membership.objects.filter(room=room)
    mine = of_room.filter(user=by.pk).values_list("role", flat=True).first()
    theirs = of_room.filter(user=target.user).values_list("role", flat=True).first() if target.user else None
    if not room_policy.may_remove(mine, theirs or Membership.Role.READER):
        raise Forbidden(_("Your role in this room does not allow this."), field="person")


def count_open(room: Room) -> int:
    """How many reports and held messages of a room wait for a moderator. Two queries."""
    waiting = HeldMessage.objects.filter(room=room, state=HeldMessage.State.WAITING)
    return Report.objects.open().filter(room=room).count() + waiting.count()


def note_queue(room: Room | None) -> None:
    """After the commit, tell the moderators of a room how many reports and held messages wait there."""
    if room is None or room.kind == Room.Kind.DIRECT:
        return
    moderators = Membership.objects.filter(room=room, role__in=policy.MODERATORS, user__is_active=True)
    users = list(moderators.values_list("user_id", flat=True)[:MAX_TOLD])
    if users:
        publish(lambda: events.ReportsChanged(room=room.slug, open=count_open(room)), users=users)


def recipients(user_id: int | None, guest_id: str) -> dict[str, Any]:
    """The arguments of `publish` for an event that one person alone gets: a user, or a guest by the public id."""
    if user_id is not None:
        return {"users": [user_id]}
    return {"guests": [guest_id]} if guest_id else {}


def act_of(act: str, by: AnyPerson, at: Any, note: str = "") -> dict[str, Any]:
    """An entry of `Report.acts`."""
    return {"act": act, "by": people.as_name(by).name, "at": at.isoformat(), "note": note}
