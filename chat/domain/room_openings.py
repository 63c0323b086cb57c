"""Private and direct rooms are closed to staff, too. A superuser may open one in the admin for a while, with a reason.

That is recorded, and the members are told unless a setting of the site says otherwise. Nobody becomes a member by it.
"""

import re
from collections.abc import Collection
from datetime import timedelta
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import Membership, Room, RoomOpening, Site

from . import account_rules, acting, people, site_voice
from .errors import Forbidden, Invalid
from .record import record
from .types import AnyPerson, Rows, User

OPEN_FOR = timedelta(hours=1)
CLOSED = (Room.Kind.PRIVATE, Room.Kind.DIRECT)


@transaction.atomic
def open_room(*, place: str, by: AnyPerson, reason: str) -> RoomOpening:
    """Let a superuser read the messages of a closed room in the admin for OPEN_FOR.

    `place`: the slug of the room or, for a direct room, the handles of its people. Raises Forbidden for others than
    superusers, Invalid(field="place") if there is no such closed room, Invalid(field="reason") without a reason.
    """
    stored = get_user_model()._default_manager.filter(pk=by.pk, is_active=True, is_superuser=True).first()
    if stored is None:
        raise Forbidden(_("Only a superuser may open a closed room."))
    reason = account_rules.check_reason(reason)
    if not reason:
        raise Invalid(_("Say why: the members of the room read it."), field="reason")
    room = _find(place)
    opening: RoomOpening = RoomOpening.objects.create(
        room=room, user=stored, reason=reason, until=timezone.now() + OPEN_FOR
    )
    told = Site.current().tells_openings
    record(by, "room.open", room, after={"until": opening.until, "members_told": told}, reason=reason)
    if told:
        _tell(room, stored, reason)
    return opening


def readable_by(user: User) -> Rows:
    """The rooms whose messages this staff user may read in the admin: public ones, and those that they have opened."""
    opened = Exists(RoomOpening.objects.in_force(user).filter(room=OuterRef("pk")))
    return Room.objects.filter(Q(kind=Room.Kind.PUBLIC) | opened)


def check_may_enter(*, room: Room, by: AnyPerson) -> None:
    """Raise Forbidden unless `by` may read a closed room: a member, or who has opened it. For verbs of staff that would
    let them read it: to add themselves, or to make it public."""
    if room.kind not in CLOSED or Membership.objects.filter(room=room, user=by.pk).exists():
        return
    if not RoomOpening.objects.in_force(by).filter(room=room).exists():
        raise Forbidden(_("This room is closed to you. A superuser can open it first, with a reason (“Opened rooms”)."))


def without_actor(room: Room, users: Collection[int]) -> Collection[int]:
    """These people (ids) without who acts now, if they may not read the closed room: nobody comes in by a group that
    they give themselves."""
    actor = acting.current().person
    if actor is None or not actor.is_authenticated or actor.pk not in users:
        return users
    try:
        check_may_enter(room=room, by=actor)
    except Forbidden:
        return [pk for pk in users if pk != actor.pk]
    return users


def _find(place: str) -> Room:
    room: Room | None = Room.objects.filter(slug=place.strip(), kind__in=CLOSED).first()
    if room is None:
        handles = {handle for handle in re.split(r"[\s,@]+", place) if handle}
        name = get_user_model().USERNAME_FIELD
        found = list(get_user_model()._default_manager.filter(**{f"{name}__in": handles}).order_by("pk"))
        if found and len(found) == len(handles) <= Room.DIRECT_PEOPLE:
            room = Room.objects.filter(direct_key=",".join(str(user.pk) for user in found)).first()
    if room is None:
        raise Invalid(_("There is no private or direct room with this address or these people."), field="place")
    return room


def _tell(room: Room, by: User, reason: str) -> None:
    """Tell the members: in the room; each person of a direct room, and the owners of an archived one, by a message."""
    name = people.as_person(by).name
    if room.kind == Room.Kind.PRIVATE and room.archived_at is None:
        text = _("%(name)s, an admin of the site, opened this room to read it. Reason: %(reason)s")
        site_voice.announce(room=room, body=text % {"name": name, "reason": reason}, client_id=uuid4())
        return
    members = Membership.objects.filter(room=room, user__is_active=True).exclude(user=by).select_related("user")
    if room.kind == Room.Kind.PRIVATE:
        members = members.filter(role=Membership.Role.OWNER)
        text = _("%(name)s, an admin of the site, opened the archived room “%(room)s” to read it. Reason: %(reason)s")
    else:
        text = _("%(name)s, an admin of the site, opened the conversation %(room)s to read it. Reason: %(reason)s")
    for member in members[: Room.DIRECT_PEOPLE]:
        body = text % {"name": name, "room": room.name or _people_of(room), "reason": reason}
        site_voice.write_to(user=member.user, body=body, client_id=uuid4())


def _people_of(room: Room) -> str:
    members = Membership.objects.filter(room=room).select_related("user__chat_profile").order_by("user")
    return ", ".join(people.as_person(member.user).name for member in members)
