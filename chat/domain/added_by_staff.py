"""People whom staff add to a private room of which they are no members: the room is told, by a line of the site.

Otherwise staff could add a second account of theirs, and read the room with it unseen.
"""

from collections.abc import Collection
from functools import partial
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.models import Membership, Room, Site

from . import acting, people, room_openings, rooms, site_voice
from .types import AnyPerson, User

NAMED = 5
"""People whom the line names. Of more it says the number."""


@transaction.atomic
def add(*, room: Room, user: User, role: str, by: User) -> Membership:
    """Make somebody a member as staff, with a role. Raises Forbidden for a direct room, and for oneself if the room is
    closed to `by`."""
    if user.pk == by.pk:
        # Who adds themselves would read it.
        room_openings.check_may_enter(room=room, by=by)
    is_new = not Membership.objects.filter(room=room, user=user).exists()
    made = rooms.join(room=room, user=user, role=role, by=by)
    if is_new:
        tell(room, [user], by)
    return made


def tell(room: Room, users: Collection[User], by: AnyPerson = None) -> None:
    """Tell a private room who were just added to it, if somebody else than one of its members did that. `by`: None for
    who acts now. The setting that tells of openings counts here, too. An archived room is not told: nobody writes
    there."""
    actor = acting.current().person if by is None else by
    if room.kind != Room.Kind.PRIVATE or room.archived_at is not None or not users:
        return
    if actor is None or not actor.is_authenticated or not Site.current().tells_openings:
        return
    was_member = Membership.objects.filter(room=room, user=actor.pk).exclude(user__in=users).exists()
    if not was_member:
        # After the commit: the account of the site is locked before the head of a room, never after it.
        announce = partial(site_voice.announce, room=room, body=_line(actor, users), client_id=uuid4())
        transaction.on_commit(announce, robust=True)


def _line(actor: User, users: Collection[User]) -> str:
    name = people.as_person(actor).name
    if len(users) > NAMED:
        text = ngettext(
            "%(name)s, an admin of the site, added %(count)d person to this room.",
            "%(name)s, an admin of the site, added %(count)d people to this room.",
            len(users),
        )
        return text % {"name": name, "count": len(users)}
    names = ", ".join(people.as_person(user).name for user in users)
    return _("%(name)s, an admin of the site, added to this room: %(names)s") % {"name": name, "names": names}
