"""Verbs of messages that a person saves for later, with a reminder if they want one. Nobody else sees them."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import Message, SavedMessage
from chat.protocol import events, things

from .errors import Forbidden, Invalid, NotFound
from .types import AnyPerson, Rows

MAX_SAVED = 1000
"""Saved messages of one person."""
MAX_REMINDER_TIME = timedelta(days=366)
BATCH = 500


@transaction.atomic
def save(*, message: int, user: AnyPerson, on: bool, remind_at: datetime | None = None) -> None:
    """Save a message for later (`on`), or end that. `remind_at`: when to remind the person; None for never. A message
    that is saved already gets the other time.

    Raises NotFound, Forbidden for guests, Invalid above MAX_SAVED or for a time that is over.
    """
    if not user.is_authenticated:
        raise Forbidden(_("Sign in first."))
    mine = SavedMessage.objects.filter(user=user)
    if not on:
        # No check: a person may remove what they may no longer see.
        if mine.filter(message=message).delete()[0]:
            publish(events.SavedEvent(message=message, saved=None), users=[user.pk])
        return
    found = Message.objects.visible_to(user).not_deleted().filter(pk=message).first()
    if found is None:
        raise NotFound(_("Message not found."), field="message")
    now = timezone.now()
    if remind_at is not None and not now < remind_at <= now + MAX_REMINDER_TIME:
        raise Invalid(_("Choose a time in the future, at most a year from now."), field="remind_at")
    if not mine.filter(message=found).exists() and mine.count() >= MAX_SAVED:
        raise Invalid(_("You have %(most)d saved messages: remove some first.") % {"most": MAX_SAVED}, field="message")
    row, is_new = mine.get_or_create(user=user, message=found, defaults={"saved_at": now, "remind_at": remind_at})
    if not is_new:
        row.remind_at, row.reminded_at = remind_at, None
        row.save(update_fields=["remind_at", "reminded_at"])
    _publish(row)


def of_person(user: AnyPerson) -> list[things.Saved]:
    """What a person has saved in rooms that they may see, without the messages themselves. The newest first."""
    if not user.is_authenticated:
        return []
    return [serialize(row) for row in visible(user)]


def visible(user: AnyPerson) -> Rows:
    """The rows of a person's saved messages that they may see, the newest first; deleted messages included."""
    rows = SavedMessage.objects.filter(user=user, message__in=Message.objects.visible_to(user))
    return rows.order_by("-saved_at", "-pk")


def remind_due() -> int:
    """Remind people of the messages whose time has come; returns how many. Idempotent: each row once."""
    now, reminded = timezone.now(), 0
    due = SavedMessage.objects.filter(remind_at__lte=now, reminded_at=None)
    while rows := list(due.order_by("remind_at")[:BATCH]):
        for row in rows:
            reminded += _remind(row, now)
    return reminded


def _remind(row: SavedMessage, now: datetime) -> int:
    with transaction.atomic():
        # Another worker, or the person, may have been faster.
        changed = SavedMessage.objects.filter(pk=row.pk, remind_at=row.remind_at, reminded_at=None)
        if not changed.update(reminded_at=now):
            return 0
        row.reminded_at = now
        _publish(row)
    return 1


def serialize(row: SavedMessage) -> things.Saved:
    """A saved message on the wire."""
    return things.Saved(message=row.message_id, remind_at=row.remind_at, is_due=row.reminded_at is not None)


def _publish(row: SavedMessage) -> None:
    publish(events.SavedEvent(message=row.message_id, saved=serialize(row)), users=[row.user_id])
