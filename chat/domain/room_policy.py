"""The rules of who may manage a room: its settings, its members, its invitations. The verbs call them.

The same functions tell a page what to offer, so no rule is written a second time in JavaScript.
"""

from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext as _

from chat.models import Room

from .errors import Archived, Forbidden, Invalid
from .policy import CIRCLES, MODERATORS, OWNERS, Role
from .site_permissions import INVITE, OPEN_TO_GUESTS, TO_CREATE
from .types import AnyPerson, VisibleRoom

CHANGED_BY = {
    "topic": MODERATORS,
    "slow_mode_s": MODERATORS,
    "who_posts": MODERATORS,
    "name": OWNERS,
    "kind": OWNERS,
    "guests": OWNERS,
    "who_invites": OWNERS,
    "who_pins": OWNERS,
    "who_mentions_all": OWNERS,
    "archived": OWNERS,
}
"""For each setting of a room, the roles that may change it."""
ADD, INVITE_BY_LINK, PIN, MENTION_ALL = "add", "invite", "pin", "mention_all"
NAME_TO_POST = "name_to_post"


def rights(room: VisibleRoom, granted: Collection[str]) -> list[str]:
    """What a person may do with `room`, which was fetched by `access`: names of CHANGED_BY, `add`, `invite`,
    `pin`, `mention_all` and `name_to_post`.

    `granted`: their permissions, from `site_permissions.of`.
    """
    if room.kind == Room.Kind.DIRECT:
        return []
    if room.archived_at is not None:
        return ["archived"] if room.my_role in OWNERS else []
    found = [name for name, roles in CHANGED_BY.items() if room.my_role in roles]
    if OPEN_TO_GUESTS not in granted and room.guests == Room.Guests.NONE:
        found = [name for name in found if name != "guests"]
    circles = {ADD: room.who_invites, PIN: room.who_pins, MENTION_ALL: room.who_mentions_all}
    found += [name for name, circle in circles.items() if room.my_role in CIRCLES[Room.Circle(circle)]]
    if room.my_role in MODERATORS:
        found.append(NAME_TO_POST)
        if ADD in found and INVITE in granted:
            found.append(INVITE_BY_LINK)
    return found


def check(room: VisibleRoom, granted: Collection[str], *wanted: str) -> None:
    """Raise Archived or Forbidden unless `rights` has all these."""
    allowed = rights(room, granted)
    if all(name in allowed for name in wanted):
        return
    if room.archived_at is not None and not set(wanted) <= {"archived"}:
        raise Archived
    raise Forbidden(_("Your role in this room does not allow this."))


def check_change(room: VisibleRoom, granted: Collection[str], fields: dict[str, Any]) -> None:
    """Like `check`, for new values of a room's settings. To make a room public or private needs the permission to
    create such a room; to open it to guests needs that one. Raises Invalid for another kind."""
    check(room, granted, *fields)
    kind, guests = fields.get("kind", room.kind), fields.get("guests", room.guests)
    if kind not in TO_CREATE:
        raise Invalid(_("Unknown choice."), field="kind")
    if kind != room.kind and TO_CREATE[kind] not in granted:
        raise Forbidden(_("This site does not allow you to make a room of this kind."), field="kind")
    if guests not in (room.guests, Room.Guests.NONE) and OPEN_TO_GUESTS not in granted:
        raise Forbidden(_("This site does not allow you to open a room to guests."), field="guests")


def roles_to_give(mine: str | None, theirs: str) -> list[str]:
    """The roles that a person with the role `mine` may give a member with the role `theirs`.

    Owners give every role; moderators only turn members into readers and back.
    """
    if mine in OWNERS:
        return [str(role.value) for role in Role]
    if mine == Role.MODERATOR and theirs in (Role.MEMBER, Role.READER):
        return [str(Role.MEMBER.value), str(Role.READER.value)]
    return []


def may_remove(mine: str | None, theirs: str) -> bool:
    """Whether a person with the role `mine` may remove a member with the role `theirs`."""
    return mine in OWNERS or (mine == Role.MODERATOR and theirs in (Role.MEMBER, Role.READER))


def check_may_pin(room: VisibleRoom, person: AnyPerson) -> None:
    """Raise Forbidden unless `person`, who may write in the room, may pin messages: the room says which members may."""
    if not person.is_authenticated or room.my_role not in CIRCLES[Room.Circle(room.who_pins)]:
        raise Forbidden(_("Your role in this room does not allow you to pin messages."))
