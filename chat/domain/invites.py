"""Invitations: links with which people create an account and join rooms.

The token of a link is not stored, only its hash: it is computed from the row and the site's SECRET_KEY, so a leaked
database does not leak working links, and who made a link can be shown it again. See also `invite_mails`.
"""

import base64
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from chat.models import Invite, InviteUse, Membership, Room
from chat.models.invite import hash_token

from . import access, room_openings, room_policy, rooms, site_permissions, throttle
from .errors import Forbidden, Invalid, NotFound
from .record import record
from .types import AnyPerson, User

TOKEN_BYTES = 24
MAX_USES = 10_000
LINK_VALID_FOR = timedelta(days=7)
LINK_USES = 50
"""For links that people make in a room's panel. In the admin, staff choose both."""


def create(
    *,
    room: Room | None = None,
    by: AnyPerson,
    expires_at: datetime,
    uses: int = 1,
    more_rooms: Collection[Room] = (),
    role: str = Membership.Role.MEMBER,
    email: str = "",
) -> tuple[Invite, str]:
    """Make an invitation to `room`, or to the site, and return it with its token.

    Who comes by it also joins `more_rooms`, and has `role` in all of them. `email`: to whom it is sent.
    Raises Invalid with `field` for a time in the past, a number of uses that is not 1 to MAX_USES, an unknown role, or
    a direct room.
    """
    if expires_at <= timezone.now():
        raise Invalid(_("Choose a time in the future."), field="expires_at")
    if not 1 <= uses <= MAX_USES:
        raise Invalid(_("Choose a number from 1 to %(most)d.") % {"most": MAX_USES}, field="uses_left")
    if role not in Membership.Role.values:
        raise Invalid(_("Unknown role."), field="role")
    for field, chosen in (("room", [room] if room else []), ("rooms", more_rooms)):
        if any(each.kind == Room.Kind.DIRECT for each in chosen):
            raise Invalid(_("You cannot invite people to a direct conversation."), field=field)
    if room is None and more_rooms:
        room, *more_rooms = more_rooms
    key = secrets.token_hex(16)
    token = _token(key)
    with transaction.atomic():
        made = Invite.objects.create(
            room=room,
            created_by=by,
            expires_at=expires_at,
            uses_left=uses,
            role=role,
            email=email,
            key=key,
            token_hash=hash_token(token),
        )
        made.rooms.set(more_rooms)
        after = {"uses": uses, "expires_at": expires_at, "role": str(role), "email": email}
        record(by, "invite.create", made, after=after)
    return made, token


def token_of(invite: Invite) -> str | None:
    """The token of an invitation; None if it cannot be computed: the SECRET_KEY has changed, or an older version made
    it."""
    token = _token(invite.key) if invite.key else ""
    return token if hash_token(token) == invite.token_hash else None


def _token(key: str) -> str:
    digest = salted_hmac("chat.invites", key, algorithm="sha256").digest()[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(digest).decode()


def create_link(*, room: str | None, by: AnyPerson) -> tuple[Invite, str]:
    """Make a link to a room, or to the site, as a person with that right; see `create` for what is returned.

    Raises NotFound, Archived, Forbidden, and SlowDown after many links.
    """
    granted = site_permissions.of(by)
    visible = None
    if room is not None:
        visible = access.get_visible(by, room)
        room_policy.check(visible, granted, room_policy.INVITE_BY_LINK)
    elif site_permissions.INVITE not in granted:
        raise Forbidden(_("This site does not allow you to invite people. Ask one of its admins."))
    throttle.take_for(throttle.NEW_LINK, str(by.pk))
    return create(room=visible, by=by, expires_at=timezone.now() + LINK_VALID_FOR, uses=LINK_USES)


def find(token: str) -> Invite:
    """The valid invitation of a link, with its room. Raises NotFound, the same for wrong, expired and used-up links."""
    invite: Invite | None = Invite.objects.usable().for_token(token).select_related("room").first()
    if invite is None:
        raise _invalid_link()
    return invite


def rooms_of(invite: Invite) -> list[Room]:
    """The rooms that people join by an invitation, the one to show first at the beginning. One query."""
    more = [room for room in invite.rooms.filter(archived_at=None, deleted_at=None) if room.pk != invite.room_id]
    return [*([invite.room] if invite.room else []), *more]


@transaction.atomic
def use(token: str, *, user: User) -> Room | None:
    """Consume one use of the link for `user`, who joins its rooms. Returns the first room; None if it invites to the
    site.

    Raises NotFound as `find` does, also when somebody else has just consumed the last use. Members of all its rooms
    consume none. Raises Forbidden for staff whose own link leads into a room that is closed to them.
    """
    invite = find(token)
    places = rooms_of(invite)
    joined = set(Membership.objects.filter(room__in=places, user=user).values_list("room_id", flat=True))
    new = [room for room in places if room.pk not in joined]
    if places and not new:
        return places[0]
    if not Invite.objects.use(token):
        raise _invalid_link()
    for room in new:
        if user.pk == invite.created_by_id:
            room_openings.check_may_enter(room=room, by=user)
        rooms.join(room=room, user=user)
        if invite.role != Membership.Role.MEMBER:
            rooms.set_role(room=room, user=user, role=invite.role, by=invite.created_by)
    InviteUse.objects.get_or_create(invite=invite, user=user, defaults={"at": timezone.now()})
    return places[0] if places else None


@transaction.atomic
def revoke(*, invite: Invite, by: AnyPerson = None) -> None:
    """End an invitation early. People who used it stay. `by`: for the record; None: who acts now by `acting`. A second
    call does nothing."""
    if Invite.objects.filter(pk=invite.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(by, "invite.revoke", invite, before={"uses": invite.uses_left, "expires_at": invite.expires_at})


def _invalid_link() -> NotFound:
    return NotFound(_("This invitation is no longer valid. It has expired, or it was used up. Ask for a new one."))
