"""Deletes the account of a person who spoke. The row stays, as “Deleted person”, because messages refer to it.

At once the account is closed, its name becomes free, and the profile and all rights are gone. A job does the rest: it
ends memberships, and removes what only this person saw. What they wrote stays, or goes for good, without former texts.
"""

import secrets

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from chat.models import AccountBan, AccountWork, Invite, Membership, Message, PollVote, Reaction, Revision
from chat.models.sender import key_of_user

from . import account_rules, account_work, accounts, handles, profiles, sessions
from .errors import Forbidden
from .record import record
from .types import AnyPerson, Rows, User

_PERSONAL_FIELDS = ("first_name", "last_name")
"""Columns of other user models that name the person."""


def begin(*, user: User, by: AnyPerson, words: bool, reason: str = "") -> AccountWork:
    """Delete an account; with `words`, also all that it wrote, its reactions and its votes. A job does what takes long.

    Raises Forbidden for one's own account, the last admin, a superuser if `by` is none, and for one that is deleted
    already; NotFound if it is gone; TooLong.
    """
    with transaction.atomic():
        stored = account_rules.lock(user, by)
        if accounts.is_deleted(stored):
            raise Forbidden(_("This account is deleted already."))
        reason = account_rules.check_reason(reason)
        record(by, "person.delete", stored, after={"messages": "deleted" if words else "kept"}, reason=reason)
        end_account(stored)
        key = key_of_user(stored.pk)
        return account_work.begin(
            kind=AccountWork.Kind.ERASURE if words else AccountWork.Kind.DELETION,
            user=stored,
            sender_key=key,
            name=stored.get_username(),
            total=_count(stored, words=words),
            by=by,
            reason=reason,
        )


def _count(user: User, *, words: bool) -> int:
    """About how many rows the job has to change, to show how far it is."""
    rows: list[Rows] = [Membership.objects.filter(user=user)]
    if words:
        key = key_of_user(user.pk)
        rows += [
            Message.objects.not_deleted().filter(sender_key=key),
            Revision.objects.filter(message__sender_key=key),
            Reaction.objects.filter(user=user),
            PollVote.objects.filter(user=user),
        ]
    return sum(found.count() for found in rows)


def end_account(stored: User) -> None:
    """Close an account for good, and take everything personal from it. The caller has locked it."""
    model = get_user_model()
    setattr(stored, model.USERNAME_FIELD, _free_handle(stored))
    setattr(stored, model.get_email_field_name(), "")
    for name in _PERSONAL_FIELDS:
        if hasattr(stored, name):
            setattr(stored, name, "")
    stored.password = make_password(None)
    stored.is_active = stored.is_staff = stored.is_superuser = False
    stored.last_login = None
    # The signal handler in `sessions` ends the sessions and closes the sockets.
    stored.save()
    stored.groups.clear()
    stored.user_permissions.clear()
    sessions.end_all(stored)
    AccountBan.objects.filter(user=stored).delete()
    Invite.objects.filter(created_by=stored).delete()
    with translation.override(settings.LANGUAGE_CODE):
        profiles.forget(user=stored, name=_("Deleted person"))


def _free_handle(user: User) -> str:
    name = f"deleted-{user.pk}"
    while handles.is_taken(name, exclude=user):
        name = f"deleted-{user.pk}-{secrets.token_hex(4)}"
    return name
