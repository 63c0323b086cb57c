"""People report messages and people to the moderators; filters report messages. `report_decisions` has what follows."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import Message, Report

from . import moderation, people, text, throttle
from .errors import Invalid, NotFound, TooLong
from .filters.checking import Met
from .types import AnyPerson

MAX_NOTE = 1000
"""Characters that a reporter may add."""
REASONS = tuple(value for value in Report.Reason.values if value != Report.Reason.FILTER)
BY_USERS = throttle.Rule("report", (throttle.Limit(10, throttle.MINUTE_S), throttle.Limit(60, throttle.HOUR_S)))
BY_GUESTS = throttle.Rule("guest-report", (throttle.Limit(3, throttle.MINUTE_S), throttle.Limit(10, throttle.HOUR_S)))
"""By address: a new guest costs nothing."""


def report_message(*, message: int, by: AnyPerson, reason: str, note: str = "") -> Report:
    """Report a message that `by` may see. While that report is open, a second one only replaces reason and note.

    Raises NotFound, also for a message that they may not see; Invalid, TooLong, SlowDown.
    """
    values = _checked(reason, note)
    found = Message.objects.visible_to(by).not_deleted().select_related("room", "author__chat_profile")
    stored = found.filter(pk=message).first()
    if stored is None:
        raise NotFound(_("Message not found."), field="message")
    if people.is_author(stored, by):
        raise Invalid(_("This is your own message. You can delete it."), field="message")
    subject = {"message": stored, "room": stored.room, **_about(stored), "text": stored.text}
    return _store(by, subject, values)


def report_person(*, person: int, by: AnyPerson, reason: str, note: str = "") -> Report:
    """Report a user whom `by` may see, to the moderators of the site. Repeated as `report_message`.

    Raises NotFound, Invalid, TooLong, SlowDown.
    """
    values = _checked(reason, note)
    user = people.visible_to(by).filter(pk=person).first()
    if user is None:
        raise NotFound(_("Person not found."), field="person")
    if by.is_authenticated and user.pk == by.pk:
        raise Invalid(_("You cannot report yourself."), field="person")
    return _store(by, {"about": user}, values)


def report_by_filter(message: Message, met: Met) -> None:
    """Report a message that a filter lets pass. Call it in the transaction that stores the message."""
    row = Report(
        message=message,
        room=message.room,
        **_about(message),
        reporter_key=f"f:{met.filter.id}",
        by_filter_id=met.filter.id,
        reason=Report.Reason.FILTER,
        note=met.found,
        text=message.text,
        made_at=timezone.now(),
    )
    # An edited message may have an open report of this filter already.
    Report.objects.bulk_create([row], ignore_conflicts=True)
    moderation.note_queue(message.room)


def _checked(reason: str, note: str) -> dict[str, Any]:
    if reason not in REASONS:
        raise Invalid(_("Choose a reason."), field="reason")
    note = text.clean(note).strip()
    if len(note) > MAX_NOTE:
        raise TooLong(_("At most %(limit)d characters.") % {"limit": MAX_NOTE}, field="note")
    return {"reason": reason, "note": note}


def _about(message: Message) -> dict[str, Any]:
    return {"about": message.author, "about_guest": message.guest_id, "about_name": message.guest_name}


def _store(by: AnyPerson, subject: dict[str, Any], values: dict[str, Any]) -> Report:
    key = people.sender_key(by)
    same = {"message": subject["message"]} if "message" in subject else {"message": None, "about": subject["about"]}
    open_ones = Report.objects.open().filter(reporter_key=key, **same)
    known: Report | None = open_ones.first()
    if known is None:
        if by.is_authenticated:
            throttle.take_for(BY_USERS, key)
        else:
            throttle.take(BY_GUESTS, by.network)
        row = Report(
            **subject,
            **values,
            reporter=by if by.is_authenticated else None,
            reporter_key=key,
            reporter_name="" if by.is_authenticated else by.name,
            made_at=timezone.now(),
        )
        try:
            with transaction.atomic():
                row.save()
                moderation.note_queue(row.room)
            return row
        except IntegrityError:
            # The same person reported it at the same moment, on another device.
            known = open_ones.first()
            if known is None:
                raise
    Report.objects.filter(pk=known.pk).update(**values)
    return known
