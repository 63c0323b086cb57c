"""Bans of people with an account. For guests see `bans`.

A banned account is inactive: every check of an account refuses it, its sessions end, and the hubs close its sockets at
once. The row of the ban says why and until when. A job reactivates the account at the end.
"""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from chat.dispatch.queueing import enqueue
from chat.models import AccountBan

from . import account_rules, accounts
from .errors import Forbidden
from .record import record
from .types import AnyPerson, User

BATCH = 100


@transaction.atomic
def ban(*, user: User, by: AnyPerson, reason: str = "", until: datetime | None = None) -> AccountBan:
    """Ban a person until a time; None for no end. One who is banned already gets this end and this reason.

    Raises Forbidden for one's own account, the last admin, a superuser if `by` is none, and an account that is
    deactivated; Invalid for an end that is over; TooLong; NotFound if the account is gone.
    """
    until, reason = account_rules.check_end(until), account_rules.check_reason(reason)
    stored = account_rules.lock(user, by)
    former: AccountBan | None = AccountBan.objects.filter(user=stored).first()
    if former is None and not stored.is_active:
        raise Forbidden(_("This account is deactivated already."))
    now = timezone.now()
    if former is not None and (former.reason, former.made_by) == (reason, by):
        times = ((former.made_at, now), (former.until, until))
        if all(account_rules.is_sent_twice(*pair) for pair in times):
            return former
    values = {"reason": reason, "until": until, "made_by": by, "made_at": now}
    made, _made = AccountBan.objects.update_or_create(user=stored, defaults=values)
    after = {"until": until.isoformat() if until else None}
    before = {"until": former.until and former.until.isoformat()} if former else {}
    record(by, "person.ban", stored, before=before, after=after, reason=reason)
    if stored.is_active:
        accounts.close(stored)
    user.is_active = False
    if until is not None:
        enqueue("accounts.end_ban", stored.pk, delay_s=(until - timezone.now()).total_seconds())
    return made


@transaction.atomic
def lift(*, user: User, by: AnyPerson = None) -> None:
    """End a ban: the person may sign in again. Does nothing without one. Raises Forbidden, NotFound."""
    stored = account_rules.lock(user, by)
    if AccountBan.objects.filter(user=stored).exists():
        record(by, "person.unban", stored)
        accounts.open_again(stored)
        user.is_active = True


@transaction.atomic
def end(*, user_id: int) -> None:
    """End a ban whose end has come. Does nothing before that, or if it was lifted or prolonged. Idempotent."""
    over = AccountBan.objects.over().select_for_update(of=("self",)).filter(user=user_id).select_related("user").first()
    if over is not None:
        record(None, "person.unban", over.user, after={"reason": "its end has come"})
        accounts.open_again(over.user)


def end_due() -> int:
    """End the bans whose jobs were lost, by a restore for example. Returns how many."""
    due = list(AccountBan.objects.over().order_by("until").values_list("user_id", flat=True)[:BATCH])
    for user_id in due:
        end(user_id=user_id)
    return len(due)


def notice(username: str, password: str) -> str:
    """What a banned person is told when they sign in: why, and until when. "" for all others, and for a wrong password:
    strangers are told nothing."""
    model = get_user_model()
    try:
        user = model._default_manager.get_by_natural_key(username)
    except model.DoesNotExist:
        return ""
    found = of_account(user)
    if found is None or not user.check_password(password):
        return ""
    sentences = [_("This account is banned.")]
    if found.until is not None:
        until = formats.date_format(timezone.localtime(found.until), "DATETIME_FORMAT")
        sentences = [_("This account is banned until %(until)s.") % {"until": until}]
    if found.reason:
        sentences.append(_("Reason: %(reason)s") % {"reason": found.reason})
    return " ".join(sentences)


def of_account(user: User) -> AccountBan | None:
    """The ban of an account, or None."""
    found: AccountBan | None = AccountBan.objects.filter(user=user).first()
    return found
