"""Who may act on whose account, and what a reason and an end may be. The verbs of accounts and bans call this."""

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import Site

from . import text
from .errors import Forbidden, Invalid, NotFound, TooLong
from .types import AnyPerson, User

MAX_REASON = 250
"""Characters."""
SENT_TWICE = timedelta(seconds=10)
"""A form of staff that says the same again within this time was sent twice."""


def lock(user: User, by: AnyPerson) -> User:
    """The account as it is stored now, locked until the commit, for a verb of `by` that ends it or its rights.

    All superusers are locked as well: two of them who act on each other at the same moment do it one after the other.
    `by` is None for a job or a command, which may do all but end the last superuser.
    Raises NotFound if the account is gone, Forbidden as `check`.
    """
    users = get_user_model()._default_manager
    ids = [user.pk] if by is None else [user.pk, by.pk]
    locked = users.filter(Q(pk__in=ids) | Q(is_superuser=True)).order_by("pk").select_for_update(no_key=True)
    found = {each.pk: each for each in locked}
    if user.pk not in found:
        raise NotFound(_("This account does not exist any more."), field="person")
    check(found[user.pk], None if by is None else found.get(by.pk, by))
    return found[user.pk]


def check(user: User, by: AnyPerson) -> None:
    """Raise Forbidden if `by` may not end this account or its rights: their own, that of a superuser if they are none,
    and that of the last superuser, because nobody could undo it. Django's permissions are checked by the admin."""
    if by is not None:
        if user.pk == by.pk:
            raise Forbidden(_("You cannot do this with your own account."))
        if not by.is_active:
            raise Forbidden(_("Your account is closed."))
        if user.is_superuser and not by.is_superuser:
            raise Forbidden(_("Only a superuser may do this with the account of a superuser."))
        if not has_no_more_rights(user, by):
            raise Forbidden(_("This account has rights that yours has not."))
    if Site.current().voice_id == user.pk:
        raise Forbidden(_("The site itself writes with this account."))
    if is_last_admin(user):
        raise Forbidden(_("This is the only admin of the site. Make another user an admin first."))


def has_no_more_rights(user: User, by: AnyPerson) -> bool:
    """Whether this account, if it is one of staff, has no right that the account of `by` has not. Otherwise `by` could
    get these rights, or end who controls them."""
    if by.is_superuser or user.pk == by.pk or not user.is_staff:
        return True
    return not user.is_superuser and user.get_all_permissions() <= by.get_all_permissions()


def is_last_admin(user: User) -> bool:
    """Whether this user is the only one who can administer the site: active, staff and superuser."""
    admins = get_user_model()._default_manager.filter(is_active=True, is_staff=True, is_superuser=True)
    return admins.filter(pk=user.pk).exists() and not admins.exclude(pk=user.pk).exists()


def check_reason(reason: str) -> str:
    """The reason as it will be stored: one line. Raises TooLong."""
    line = " ".join(text.clean(reason).split())
    if len(line) > MAX_REASON:
        raise TooLong(_("At most %(limit)d characters.") % {"limit": MAX_REASON}, field="reason")
    return line


def is_sent_twice(first: datetime | None, second: datetime | None) -> bool:
    """Whether two times are so close that one form was sent twice; None is no time, the same as None alone."""
    if first is None or second is None:
        return first is second
    return abs(second - first) < SENT_TWICE


def check_end(until: datetime | None) -> datetime | None:
    """The end of a ban. Raises Invalid(field="until") if it is over."""
    if until is not None and until <= timezone.now():
        raise Invalid(_("Choose a time in the future."), field="until")
    return until
