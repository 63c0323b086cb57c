"""Verbs of the site: set it up once, rename it."""

import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import Allowed, Room, Site
from chat.models.invite import hash_token
from chat.protocol import events

from . import accounts, default_rooms, rooms, site_permissions, site_voice, staff_groups
from .errors import DomainError, Forbidden, Invalid, NotFound
from .record import record
from .types import Rows, User

TOKEN_BYTES = 24


def is_set_up() -> bool:
    """Whether the site has its first admin."""
    return Site.current().set_up_at is not None


def new_setup_token() -> str | None:
    """A new token for the set-up link, which invalidates the former one; None when the site is set up.

    Only its hash is stored. Call it in one process (`make run`, the job that migrates), not in each worker.
    """
    Site.current()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    waiting = Site.objects.filter(pk=1, set_up_at=None).update(setup_token_hash=hash_token(token))
    return token if waiting else None


def check_setup_token(token: str) -> None:
    """Raise NotFound unless this is the token of the set-up link and the site is not set up yet."""
    if not _unused_link(token).exists():
        raise _invalid_link()


def set_up(
    *, token: str | None, name: str, username: str, password: str, email: str = "", lobby_guests: str = "none"
) -> User:
    """Name the site, create its first admin and the Lobby, whose owner they are. Returns the admin.

    `token`: of the set-up link; None for the command line, which needs none. `lobby_guests`: whether guests may "read"
    or "write" in the Lobby ("none": neither).
    Raises Invalid with `field`, and then the link remains valid; NotFound for a token that is wrong or used; Forbidden
    when the site is set up. Of two calls at the same moment one succeeds, because one statement on one row decides.
    """
    name = clean_name(name)
    if lobby_guests not in Room.Guests.values:
        raise Invalid(_("Unknown choice."), field="lobby_guests")
    if token is None:
        Site.current()
        refusal: DomainError = Forbidden(_("This site is already set up."))
        claim = Site.objects.filter(pk=1, set_up_at=None)
    else:
        claim, refusal = _unused_link(token), _invalid_link()
    if not claim.exists():
        raise refusal
    newcomer = accounts.prepare(username=username, password=password, email=email)
    with transaction.atomic():
        if not claim.update(set_up_at=timezone.now(), setup_token_hash="", name=name):
            raise refusal
        admin = accounts.make(newcomer, admin=True)
        record(admin, "site.set_up", Site.current(), after={"name": name})
        staff_groups.make_moderators()
        lobby = rooms.create(slug=accounts.LOBBY, name=_("Lobby"), by=admin, guests=lobby_guests)
        default_rooms.choose(room=lobby, on=True, by=admin)
    return admin


def rename(*, name: str) -> Site:
    """Change the site's name. Raises Invalid(field="name")."""
    name = clean_name(name)
    with transaction.atomic():
        site = _change(name=name)
        site_voice.rename_account(name)
    return site


def allow(**who: str) -> Site:
    """Say who may do something on the site: `who_creates_public`, `who_creates_private`, `who_invites`,
    `who_opens_to_guests` and `who_adds_emoji`, each a value of `Allowed`. Raises Invalid with `field`."""
    for setting, level in who.items():
        if setting not in site_permissions.SETTINGS.values() or level not in Allowed.values:
            raise Invalid(_("Unknown choice."), field=setting)
    return _change(**who)


def show_link_previews(*, on: bool) -> Site:
    """Say whether new messages get previews of their links. Those that are there stay."""
    return _change(link_previews=on)


def open_edit_history(*, on: bool) -> Site:
    """Say whether everyone in a room may see the former texts of its messages, not only authors and moderators."""
    return _change(open_edit_history=on)


def tell_openings(*, on: bool) -> Site:
    """Say whether the members of a closed room are told when a superuser opens it."""
    return _change(tells_openings=on)


def show_read_receipts(*, on: bool) -> Site:
    """Say whether members see who has read their last message."""
    return _change(read_receipts=on)


def clean_name(name: str) -> str:
    """The site's name as it will be stored. Raises Invalid(field="name") when it is empty or too long."""
    name = name.strip()
    longest = Site._meta.get_field("name").max_length or 0
    if not 1 <= len(name) <= longest:
        raise Invalid(_("Choose a name of 1 to %(most)d characters.") % {"most": longest}, field="name")
    return name


@transaction.atomic
def _change(**values: Any) -> Site:
    """Store settings of the site, and record those that differ. Who does it is who acts now by `acting`."""
    former = Site.current()
    before = {name: getattr(former, name) for name, value in values.items() if getattr(former, name) != value}
    if before:
        Site.objects.filter(pk=1).update(**values)
        record(None, "site.change", former, before=before, after={name: values[name] for name in before})
    if not before.keys().isdisjoint(site_permissions.SETTINGS_TO_CREATE):
        publish(events.PublicRoomsChanged())
    return Site.current()


def _unused_link(token: str) -> Rows:
    # An empty hash means that there is no link: no token has this hash.
    return Site.objects.filter(pk=1, set_up_at=None, setup_token_hash=hash_token(token))


def _invalid_link() -> NotFound:
    return NotFound(_("This set-up link is no longer valid. It was already used, or replaced by a newer one."))
