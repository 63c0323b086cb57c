"""Invitations by e-mail: one invitation for each address, which a job sends."""

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.functions import Lower
from django.template import loader
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chat.dispatch import queueing
from chat.models import Invite, Membership, Room, Site

from . import invites, mail
from .errors import Forbidden, Invalid
from .record import record
from .types import AnyPerson

MAX_ADDRESSES = 500
MAX_CHARACTERS = 200_000
_WITH_NAME = re.compile(r"[^<>@]*<([^<>]*)>")
"""A name with an @ in it could be taken for the address."""
SUBJECT, BODY = "chat/mail/invite_subject.txt", "chat/mail/invite.txt"


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that has no address to invite, and why."""

    line: int
    text: str
    reason: str


@dataclass(slots=True)
class Addresses:
    """The addresses of a list, each once, and the lines without one."""

    found: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def parse(text: str) -> Addresses:
    """The addresses of a list: one on each line, also as `Ann Lee <ann@example.org>`, or a CSV with the address in any
    column. A first line of titles is left out. Raises Invalid(field="text") for a list that is too long."""
    if len(text) > MAX_CHARACTERS:
        raise Invalid(_("This list is too long."), field="text")
    text = text.replace("\0", "").removeprefix("\ufeff")
    delimiter = max(",;\t", key=text.count)
    parsed = Addresses()
    seen: set[str] = set()
    for number, row in enumerate(_rows(text, delimiter), start=1):
        cells = [cell.strip() for cell in row if cell.strip()]
        if not cells or (number == 1 and not any("@" in cell for cell in cells) and len(text.splitlines()) > 1):
            continue
        given = [cell for cell in cells if "@" in cell] or cells[:1]
        address = _address_in(given[0])
        reason = _("This line has several addresses.") if len(given) > 1 else _why_not(address, seen)
        if reason:
            parsed.problems.append(Problem(number, ", ".join(given)[:100], reason))
        else:
            seen.add(address.lower())
            parsed.found.append(address)
    if len(parsed.found) > MAX_ADDRESSES:
        raise Invalid(_("Invite at most %(most)d people at once.") % {"most": MAX_ADDRESSES}, field="text")
    _leave_out_known(parsed)
    return parsed


@transaction.atomic
def invite_all(
    *,
    addresses: Collection[str],
    by: AnyPerson,
    expires_at: datetime,
    room: Room | None = None,
    more_rooms: Collection[Room] = (),
    role: str = Membership.Role.MEMBER,
) -> list[Invite]:
    """Make an invitation for each address, and send it later. See `invites.create` for what is refused."""
    made = []
    for address in addresses:
        invite, _token = invites.create(
            room=room, more_rooms=more_rooms, role=role, by=by, expires_at=expires_at, email=address
        )
        _enqueue(invite)
        made.append(invite)
    return made


@transaction.atomic
def send_again(*, invite: Invite, by: AnyPerson = None) -> None:
    """Send an invitation once more, with the same link. Raises Forbidden if it does not work any more or was not made
    for an address."""
    if not invite.email or not Invite.objects.usable().filter(pk=invite.pk).exists():
        raise Forbidden(_("This invitation does not work any more, or it was not sent by e-mail."))
    record(by, "invite.send_again", invite, after={"email": invite.email})
    _enqueue(invite)


def send(*, invite_id: int, language: str, key: str) -> None:
    """Send the mail of an invitation, if it still works. `key`: see `mail.send`."""
    invite = Invite.objects.usable().filter(pk=invite_id).exclude(email="").select_related("room", "created_by").first()
    token = invite and invites.token_of(invite)
    if not invite or not token:
        return
    context = {
        "link": settings.SITE_URL.rstrip("/") + reverse("chat:invite", args=[token]),
        "site_name": Site.current().name,
        "room": invite.room.name if invite.room else "",
        "inviter": invite.created_by.get_username() if invite.created_by else "",
        "expires_at": invite.expires_at,
    }
    with translation.override(language):
        subject = " ".join(loader.render_to_string(SUBJECT, context).split())
        body = loader.render_to_string(BODY, context)
    mail.send(EmailMessage(subject, body, None, [invite.email]), key=key)
    Invite.objects.filter(pk=invite.pk).update(sent_at=timezone.now())


def _enqueue(invite: Invite) -> None:
    queueing.enqueue("mail.send_invite", invite.pk, translation.get_language() or settings.LANGUAGE_CODE)


def _rows(text: str, delimiter: str) -> list[list[str]]:
    try:
        # newline=None: a line may also end with a carriage return alone.
        return list(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(_("This list has a line that is too long."), field="text") from error


def _address_in(cell: str) -> str:
    """The address of `Ann Lee <ann@example.org>`; all other texts as they are. The name is not used."""
    match = _WITH_NAME.fullmatch(cell)
    return match[1].strip() if match else cell


def _why_not(address: str, seen: set[str]) -> str:
    try:
        validate_email(address)
    except ValidationError:
        return _("This is not an e-mail address.")
    if len(address) > (Invite._meta.get_field("email").max_length or 0):
        return _("This address is too long.")
    return _("This address is in the list already.") if address.lower() in seen else ""


def _leave_out_known(parsed: Addresses) -> None:
    """People who have an account need no invitation to the site."""
    column = get_user_model().get_email_field_name()
    users = get_user_model()._default_manager.annotate(_address=Lower(column))
    known = users.filter(_address__in={address.lower() for address in parsed.found}).values_list("_address", flat=True)
    has_account = set(known)
    for address in [address for address in parsed.found if address.lower() in has_account]:
        parsed.found.remove(address)
        parsed.problems.append(Problem(0, address, _("Somebody with this address has an account already.")))
