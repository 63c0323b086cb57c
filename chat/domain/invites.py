"""Invitations: links that let people make an account, and join a room. Only the hash of a link's secret is kept."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import Invite, Membership, Room
from chat.models.invite import hash_token

from . import rooms
from .errors import Invalid, NotFound

TOKEN_BYTES = 24
MAX_USES = 10_000


def create(*, room: Room | None = None, by, expires_at: datetime, uses: int = 1) -> tuple[Invite, str]:
    """Make an invitation to `room`, or to the site, and return it with its token, which is told this once only.

    Raises Invalid with `field` for a time that is past, a number of uses that is not 1 to MAX_USES, or a direct room.
    """
    if expires_at <= timezone.now():
        raise Invalid(_("Choose a time to come."), field="expires_at")
    if not 1 <= uses <= MAX_USES:
        raise Invalid(_("Choose a number from 1 to %(most)d.") % {"most": MAX_USES}, field="uses_left")
    if room is not None and room.kind == Room.Kind.DIRECT:
        raise Invalid(_("Nobody is invited to a direct conversation."), field="room")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = Invite.objects.create(
        room=room, created_by=by, expires_at=expires_at, uses_left=uses, token_hash=hash_token(token)
    )
    return made, token


def find(token: str) -> Invite:
    """The invitation of a link that still stands, with its room. Raises NotFound: wrong, expired and used up are
    told alike."""
    invite = Invite.objects.usable().for_token(token).select_related("room").first()
    if invite is None:
        raise _gone()
    return invite


@transaction.atomic
def use(token: str, *, user) -> Room | None:
    """Take one use of the link for `user`, who joins its room. Returns the room; None when it invites to the site.

    Raises NotFound as `find` does, also when someone else took the last use a moment ago. Who is in the room already
    takes none.
    """
    invite = find(token)
    if invite.room and Membership.objects.filter(room=invite.room, user=user).exists():
        return invite.room
    if not Invite.objects.use(token):
        raise _gone()
    if invite.room:
        rooms.join(room=invite.room, user=user)
    return invite.room


def revoke(*, invite: Invite) -> None:
    """End an invitation before its time. Who came through it stays."""
    invite.delete()


def _gone() -> NotFound:
    return NotFound(_("This invitation does not work any more: it has expired, or it was used up. Ask for a new one."))
