"""Removes what a person or a guest wrote in the last hours, in all rooms, and puts it back within a week.

The rows stay as those of other deleted messages do. What they had is kept (`Revision.restorable`) until it can no
longer be undone; the files, too.
"""

from datetime import timedelta
from typing import cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.dispatch.queueing import enqueue
from chat.models import AccountWork, Message, Revision, Room
from chat.models.sender import key_of_user

from . import account_rules, account_work, messages, restoring
from .account_work import STEP
from .errors import Forbidden, Invalid, NotFound
from .record import record
from .types import AnyPerson, Rows, User

MAX_HOURS = 30 * 24
State = AccountWork.State


def begin(*, user: User, hours: int, by: AnyPerson, reason: str = "") -> AccountWork:
    """Begin to remove what an account wrote in the last `hours`. Raises Invalid(field="hours"), Forbidden, NotFound,
    TooLong."""
    with transaction.atomic():
        stored = account_rules.lock(user, by)
        return _begin(key_of_user(stored.pk), stored.get_username(), hours, by, reason, stored)


def begin_for_guest(*, guest_id: str, hours: int, by: AnyPerson, reason: str = "") -> AccountWork:
    """The same for a guest, named by public id. Raises NotFound if they wrote nothing."""
    found = Message.objects.exclude(guest_id="").filter(guest_id=guest_id).order_by("-pk")
    last = found.values_list("sender_key", "guest_name").first()
    if last is None:
        raise NotFound(_("This guest has written nothing."), field="guest_id")
    with transaction.atomic():
        return _begin(last[0], last[1], hours, by, reason, None)


@transaction.atomic
def undo(*, work: int, by: AnyPerson) -> None:
    """Begin to put back what a removal has removed. A second call does nothing. `by`: whose permission the caller has
    checked. Raises NotFound, and Forbidden for one that runs, or that is too old."""
    found = AccountWork.objects.select_for_update().filter(pk=work, kind=AccountWork.Kind.REMOVAL).first()
    if found is None:
        raise NotFound(_("This removal does not exist any more."))
    if found.state in (State.UNDOING, State.UNDONE):
        return
    if not found.can_be_undone:
        raise Forbidden(_("This removal still runs, or it can no longer be undone."))
    record(by, "words.put_back", _who(found))
    AccountWork.objects.filter(pk=work).update(state=State.UNDOING, total=_removed_by(found).count(), done=0)
    enqueue("accounts.go_on", work)


def _begin(key: str, name: str, hours: int, by: AnyPerson, reason: str, user: User | None) -> AccountWork:
    if not 1 <= hours <= MAX_HOURS:
        raise Invalid(_("Choose a number of hours from 1 to %(most)d.") % {"most": MAX_HOURS}, field="hours")
    now = timezone.now()
    since = now - timedelta(hours=hours)
    reason = account_rules.check_reason(reason)
    running = AccountWork.objects.filter(kind=AccountWork.Kind.REMOVAL, sender_key=key, state=State.RUNNING)
    last = running.filter(made_by=by, reason=reason).order_by("-pk").first()
    if last is not None and account_rules.is_sent_twice(last.since, since):
        return last
    work = account_work.begin(
        kind=AccountWork.Kind.REMOVAL,
        user=user,
        sender_key=key,
        name=name,
        total=_written(key, since, now).count(),
        by=by,
        since=since,
        made_at=now,
        reason=reason,
    )
    record(by, "words.remove", _who(work), after={"hours": hours, "messages": work.total}, reason=reason)
    return work


def _who(work: AccountWork) -> tuple[str, object, str]:
    # The key of a guest is a secret, which the record must not show.
    return ("person", work.user_id, work.name) if work.user_id else ("guest", "", work.name)


def _written(key: str, since: object, until: object) -> Rows:
    found = Message.objects.not_deleted().filter(sender_key=key, created_at__gte=since, created_at__lte=until)
    return found.order_by("-pk")


def remove_some(work: AccountWork) -> int:
    """A step of a removal."""
    ids = list(_written(work.sender_key, work.since, work.made_at).values_list("pk", flat=True)[:STEP])

    def remove(message: Message, room: Room) -> None:
        if message.deleted_at is None:
            messages.empty(message, room, cast(AnyPerson, work.made_by), removal=work)

    account_work.change_each(ids, remove)
    return len(ids)


def _removed_by(work: AccountWork) -> Rows:
    return Revision.objects.filter(removal=work, restorable__isnull=False).order_by("pk")


def put_some_back(work: AccountWork) -> int:
    """A step of what `undo` began."""
    ids = list(_removed_by(work).values_list("message_id", flat=True)[:STEP])

    def put_back(message: Message, room: Room) -> None:
        revision = _removed_by(work).filter(message=message).last()
        if revision is not None and message.deleted_at is not None:
            restoring.put_back(message, room, revision)
        else:
            # Put back in another way, and perhaps deleted again since.
            _removed_by(work).filter(message=message).update(restorable=None)

    account_work.change_each(ids, put_back)
    return len(ids)
