"""Merges one account into another: everything of the first becomes the second's, and the first ends.

A job does it in steps: see `account_steps`. Rooms first, so that who had access keeps it; then messages and what refers
to people in them; then the rows that only one person sees; then all other rows that name the first account.
"""

from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import (
    AccountBan,
    AccountWork,
    Attachment,
    HeldMessage,
    Membership,
    Mention,
    Message,
    PersonMute,
    PollVote,
    Reaction,
    Report,
    Restriction,
    SavedMessage,
    ScheduledMessage,
    UserActivity,
)
from chat.models.sender import key_of_user
from chat.protocol import events

from . import account_rules, account_work, accounts, erasing, merged_messages, merged_rooms, saved, scheduled
from .account_work import Part, Work
from .errors import Forbidden, Invalid
from .record import record
from .types import AnyPerson, User

STAYS = {"chat.AccountBan", "chat.AccountWork", "chat.Profile", "chat.Session", "chat.Sidebar", "admin.LogEntry"}
"""Models whose rows stay with the first account: what it was, and what its person did in the admin."""
_BY_PARTS = {
    Membership,
    Restriction,
    Message,
    Mention,
    Reaction,
    PollVote,
    SavedMessage,
    ScheduledMessage,
    UserActivity,
}
"""Models that a part of their own moves."""


def begin(*, user: User, into: User, by: AnyPerson, reason: str) -> AccountWork:
    """Begin to merge `user` into the account `into`. The first account is closed at once; its rights are not merged.

    Only superusers may, for a reason and not into their own account: they would read the direct rooms of `user`.
    Raises
    Invalid(field="into") for the same and for a closed one, Invalid(field="reason"), TooLong, Forbidden, NotFound.
    """
    reason = account_rules.check_reason(reason)
    if not reason:
        raise Invalid(_("Say why: the record keeps it."), field="reason")
    if user.pk == into.pk:
        raise Invalid(_("Choose another account."), field="into")
    with transaction.atomic():
        # In one order, so that two merges at the same moment cannot deadlock.
        locked = {each.pk: account_rules.lock(each, by) for each in sorted((user, into), key=lambda one: one.pk)}
        source, target = locked[user.pk], locked[into.pk]
        if by is not None and not by.is_superuser:
            raise Forbidden(_("Only a superuser may merge accounts."))
        if not target.is_active:
            raise Invalid(_("This account is closed."), field="into")
        if accounts.is_deleted(source) or account_work.is_under_way(source) or account_work.is_under_way(target):
            raise Forbidden(_("Other work on one of these accounts has not ended, or it is deleted already."))
        after = {"into": target.get_username()}
        record(by, "person.merge", source, after=after, reason=reason)
        AccountBan.objects.filter(user=source).delete()
        accounts.close(source)
        return account_work.begin(
            kind=AccountWork.Kind.MERGE,
            user=source,
            into=target,
            sender_key=key_of_user(source.pk),
            name=source.get_username(),
            total=_count(source),
            by=by,
            reason=reason,
        )


def merge_some(work: AccountWork) -> int:
    """A step of a merge. The last one ends the first account."""
    if work.user is None or work.into is None:
        return 0
    count = account_work.run_part(work, (*merged_rooms.PARTS, *merged_messages.PARTS, *_PARTS, *_other_rows()))
    if count == 0 and not accounts.is_deleted(work.user):
        with transaction.atomic():
            # Not `lock`: nobody acts any more, and whoever began has been checked.
            stored = get_user_model()._default_manager.select_for_update(no_key=True).get(pk=work.user.pk)
            erasing.end_account(stored)
    return count


def _count(user: User) -> int:
    """About how many rows the job has to change, to show how far it is."""
    return sum(model._default_manager.filter(**{_name_of(model): user}).count() for model in _BY_PARTS)


def _name_of(model: Any) -> str:
    return "author" if model is Message else "user"


def _activity(user: User) -> list[int]:
    return account_work.ids(UserActivity.objects.filter(user=user))


def _add_activity(work: Work, ids: list[int]) -> None:
    with transaction.atomic():
        theirs = UserActivity.objects.select_for_update().filter(user=work.user).first()
        if theirs is not None:
            UserActivity.objects.get_or_create(user=work.into)
            mine = UserActivity.objects.select_for_update().get(user=work.into)
            mine.messages += theirs.messages
            for name in ("last_at", "seen_at"):
                times = [at for at in (getattr(mine, name), getattr(theirs, name)) if at is not None]
                setattr(mine, name, max(times, default=None))
            mine.save(update_fields=["messages", "last_at", "seen_at"])
            theirs.delete()


def _files(user: User) -> list[int]:
    return account_work.ids(Attachment.objects.filter(sender_key=key_of_user(user.pk)))


def _move_files(work: Work, ids: list[int]) -> None:
    new = {"sender_key": key_of_user(work.into.pk), "uploader": work.into}
    Attachment.objects.filter(pk__in=ids).update(**new)


def _saved(user: User) -> list[int]:
    return account_work.ids(SavedMessage.objects.filter(user=user))


def _move_saved(work: Work, ids: list[int]) -> None:
    for row in SavedMessage.objects.filter(pk__in=ids):
        with transaction.atomic():
            if move_row(row, "user", work.into):
                publish(events.SavedEvent(message=row.message_id, saved=saved.serialize(row)), users=[work.into.pk])


def _scheduled(user: User) -> list[int]:
    return account_work.ids(ScheduledMessage.objects.filter(user=user))


def _move_scheduled(work: Work, ids: list[int]) -> None:
    with transaction.atomic():
        for row in ScheduledMessage.objects.filter(pk__in=ids):
            move_row(row, "user", work.into)
        counts: dict[str, Any] = scheduled.count_of(work.into)
        publish(events.ScheduledChanged(**counts), users=[work.into.pk])


def _keyed_part(model: Any, column: str) -> Part:
    """A part for a column that holds the key of a sender (`sender`)."""

    def move(work: Work, ids: list[int]) -> None:
        for row in model._default_manager.filter(pk__in=ids):
            with transaction.atomic():
                move_row(row, column, key_of_user(work.into.pk))

    return lambda user: account_work.ids(model._default_manager.filter(**{column: key_of_user(user.pk)})), move


_PARTS: tuple[Part, ...] = (
    (_activity, _add_activity),
    (_files, _move_files),
    (_saved, _move_saved),
    (_scheduled, _move_scheduled),
    _keyed_part(HeldMessage, "sender_key"),
    _keyed_part(PersonMute, "sender_key"),
    _keyed_part(Report, "reporter_key"),
)


def _other_rows() -> list[Part]:
    """A part for each other foreign key to users, also of other apps: drafts, invites, bans, reports …"""
    return [_part_of(field) for field in references() if field.model not in _BY_PARTS and not _stays(field.model)]


def references() -> list[Any]:
    """All foreign keys to users, but those of the user model's own groups and permissions."""
    user_model = get_user_model()
    relations: list[Any] = list(user_model._meta.get_fields(include_hidden=True))
    fields = [
        relation.field
        for relation in relations
        if (relation.one_to_many or relation.one_to_one) and relation.auto_created and not relation.concrete
    ]
    own = {through for field in user_model._meta.many_to_many if (through := field.remote_field.through)}
    return [field for field in fields if field.model not in own]


def _stays(model: type[models.Model]) -> bool:
    return model._meta.label in STAYS


def _part_of(field: Any) -> Part:
    model, name = field.model, field.name

    def move(work: Work, ids: list[int]) -> None:
        for row in model._base_manager.filter(pk__in=ids):
            with transaction.atomic():
                move_row(row, name, work.into)

    return lambda user: account_work.ids(model._base_manager.filter(**{name: user.pk})), move


def move_row(row: models.Model, name: str, into: Any) -> bool:
    """Let a row name another account, by a reference or by a key. Where that account has such a row already, this one
    is deleted. Returns whether it was moved."""
    rows = type(row)._base_manager.filter(pk=row.pk)
    try:
        with transaction.atomic():
            rows.update(**{name: into})
    except IntegrityError:
        rows.delete()
        return False
    setattr(row, name, into)
    return True
