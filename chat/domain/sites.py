"""The site: how it is set up, once, and what its admins turn."""

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import Room, Site
from chat.models.invite import hash_token

from . import accounts, rooms
from .errors import Forbidden, Invalid, NotFound

TOKEN_BYTES = 24


def is_set_up() -> bool:
    """Whether the site has its first admin."""
    return Site.current().set_up_at is not None


def new_setup_token() -> str | None:
    """A fresh secret for the set-up link, in place of the one before; None when the site is set up.

    Only its hash is kept, so each call ends the link that was told before: let one process call it (`make run`,
    the job that migrates), never each worker.
    """
    Site.current()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    waiting = Site.objects.filter(pk=1, set_up_at=None).update(setup_token_hash=hash_token(token))
    return token if waiting else None


def check_setup_token(token: str) -> None:
    """Raise NotFound unless this is the set-up link's secret and the site waits to be set up."""
    if not _waiting(token).exists():
        raise _spent()


def set_up(*, token: str | None, name: str, username: str, password: str, email: str = "", lobby_guests: str = "none"):
    """Name the site, make its first admin and, with them as owner, the Lobby. Returns the admin.

    `token`: the set-up link's secret; None for the command line, which needs none. `lobby_guests`: whether visitors
    without an account may "read" or "write" in the Lobby ("none": neither).
    Raises Invalid with `field`, and then the link still works; NotFound for a token that is wrong or used; Forbidden
    when the site is set up. Of two at the same moment one succeeds: the claim is one statement on one row.
    """
    name = clean_name(name)
    if lobby_guests not in Room.Guests.values:
        raise Invalid(_("There is no such choice."), field="lobby_guests")
    if token is None:
        Site.current()
        claim, refusal = Site.objects.filter(pk=1, set_up_at=None), Forbidden(_("This site is already set up."))
    else:
        claim, refusal = _waiting(token), _spent()
    if not claim.exists():
        raise refusal
    newcomer = accounts.prepare(username=username, password=password, email=email)
    with transaction.atomic():
        if not claim.update(set_up_at=timezone.now(), setup_token_hash="", name=name):
            raise refusal
        admin = accounts.make(newcomer, admin=True)
        rooms.create(slug=accounts.LOBBY, name=_("Lobby"), by=admin, guests=lobby_guests)
    return admin


def rename(*, name: str) -> Site:
    """Give the site another name. Raises Invalid(field="name")."""
    Site.current()
    Site.objects.filter(pk=1).update(name=clean_name(name))
    return Site.current()


def clean_name(name: str) -> str:
    """The site's name as it will be stored. Raises Invalid(field="name") when it is empty or too long."""
    name = name.strip()
    longest = Site._meta.get_field("name").max_length
    if not 1 <= len(name) <= longest:
        raise Invalid(_("Choose a name of 1 to %(most)d characters.") % {"most": longest}, field="name")
    return name


def _waiting(token: str):
    # An empty hash means that no link was told: nothing hashes to it.
    return Site.objects.filter(pk=1, set_up_at=None, setup_token_hash=hash_token(token))


def _spent() -> NotFound:
    return NotFound(_("This set-up link does not work any more: it was used, or a newer one took its place."))
