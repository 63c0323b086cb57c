"""Scheduled messages: a job posts them when their time has come.

A message is posted with the `client_id` that was made when it was scheduled, and its row is deleted in the same
transaction: it is posted once, however often the job runs and whenever its worker dies.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.dispatch.queueing import enqueue
from chat.models import Attachment, Message, Room, ScheduledMessage
from chat.protocol import events, things
from chat.protocol.errors import ErrorCode

from . import access, attaching, people, policy, posting, text
from . import attachments as stored_files
from .errors import DomainError, Forbidden, Held, Invalid, NotFound, SignedOut, SlowDown
from .types import AnyPerson, Rows, User

MAX_SCHEDULED = 100
"""Messages that one person may have scheduled."""
MAX_AHEAD = timedelta(days=366)
OVERDUE = timedelta(seconds=60)
"""A message that waits longer has lost its job, after a restore for example."""
TOO_EARLY_S = 0.5
"""A job that starts this much before the time of its message sends it: clocks are not that exact."""


@transaction.atomic
def schedule(
    *,
    room: str,
    author: AnyPerson,
    body: str,
    client_id: UUID,
    at: datetime,
    thread: int | None = None,
    reply_to: int | None = None,
    silent: bool = False,
    attachments: Sequence[things.PostedFile] = (),
) -> things.Scheduled:
    """Post `body` at the time `at`; at once, if that has come. `attachments`: complete uploads of the author in this
    room, which are kept until then. With a `client_id` that was used for another scheduled message, returns that one.

    Raises NotFound, Archived, Forbidden, Invalid, TooLong, TooComplex, FileMissing: what `post` would raise now.
    """
    if not author.is_authenticated:
        raise Forbidden(_("Sign in first."))
    mine = ScheduledMessage.objects.filter(user=author)
    known = mine.filter(client_id=client_id).select_related("room").first()
    if known is not None:
        return _serialize(known)
    visible = access.get_visible(author, room)
    policy.check_may_post(visible, author)
    body = _check_body(body, may_be_empty=bool(attachments))
    attaching.check(attachments)
    for field, message in (("thread", thread), ("reply_to", reply_to)):
        if message is not None and not Message.objects.filter(room=visible, pk=message).exists():
            raise NotFound(_("Message not found."), field=field)
    if Message.objects.filter(sender_key=people.sender_key(author), client_id=client_id).exists():
        raise Invalid(_("This message was sent already."), field="client_id")
    if mine.count() >= MAX_SCHEDULED:
        raise Invalid(_("You have scheduled %(most)d messages already.") % {"most": MAX_SCHEDULED}, field="at")
    files = attaching.find(attachments, visible, author) if attachments else []
    made = ScheduledMessage.objects.create(
        user=author,
        room=visible,
        thread_id=thread,
        body=body,
        reply_to_id=reply_to,
        silent=silent,
        client_id=client_id,
        at=_check_time(at),
        created_at=timezone.now(),
    )
    attaching.hold(made, files)
    _enqueue(made)
    _publish(author)
    return _serialize(made)


@transaction.atomic
def change(*, message: int, user: User, body: str | None = None, at: datetime | None = None) -> None:
    """Give a scheduled message another text, another time, or both. One that could not be sent is tried again. A time
    that has come sends it at once.

    Raises NotFound if it was sent or cancelled, Invalid, TooLong, TooComplex.
    """
    found = _get(message, user)
    if body is not None:
        found.body = _check_body(body, may_be_empty=found.files.exists())
    if at is not None:
        found.at = _check_time(at)
    found.failure = ""
    found.save(update_fields=["body", "at", "failure"])
    _enqueue(found)
    _publish(user)


@transaction.atomic
def cancel(*, message: int, user: User) -> None:
    """Do not send a scheduled message, and delete its files. Raises NotFound if it was sent or cancelled."""
    found = _get(message, user)
    for upload in found.files.values_list("pk", flat=True):
        stored_files.delete_unsent(attachment=upload)
    found.delete()
    _publish(user)


def send(*, message: int) -> None:
    """Post a scheduled message (its id) whose time has come. Does nothing before that, or if it is gone.

    If it cannot be posted, it stays in its author's list with the reason. In slow mode it waits for its turn.
    """
    found = ScheduledMessage.objects.filter(pk=message).first()
    if found is None or found.failure or found.at > timezone.now() + timedelta(seconds=TOO_EARLY_S):
        return
    author = people.load(found.user_id)
    try:
        if author is None:
            raise SignedOut
        _post(message, author)
    except SlowDown as error:
        enqueue("scheduled.send", message, delay_s=max(1.0, error.retry_after or 1.0))
    except DomainError as error:
        _keep_failure(message, found.user_id, error.code)


def send_overdue() -> int:
    """Enqueue the messages that have lost their jobs. Returns how many."""
    lost = ScheduledMessage.objects.filter(failure="", at__lt=timezone.now() - OVERDUE).order_by("at")[:MAX_SCHEDULED]
    for message in lost:
        enqueue("scheduled.send", message.pk)
    return len(lost)


def rows_of(user: User) -> Rows:
    """The scheduled messages of a person, the next one first, with their rooms, also rooms that they no longer see, and
    with their `files`. Two queries."""
    files = Prefetch("files", Attachment.objects.order_by("order", "pk"))
    rows = ScheduledMessage.objects.filter(user=user).select_related("room").prefetch_related(files)
    return rows.order_by("at", "pk")


def count_of(person: AnyPerson) -> dict[str, int]:
    """How many messages a person has scheduled: those that wait, and those that could not be sent. One query."""
    if not person.is_authenticated:
        return {"waiting": 0, "failed": 0}
    rows = ScheduledMessage.objects.filter(user=person.pk)
    return rows.aggregate(waiting=Count("pk", filter=Q(failure="")), failed=Count("pk", filter=~Q(failure="")))


@transaction.atomic
def _post(message: int, author: User) -> None:
    # Locked until the commit: it can be cancelled before it is posted, or not at all.
    found = ScheduledMessage.objects.select_for_update().filter(pk=message, failure="").first()
    if found is None:
        return
    room = Room.objects.get(pk=found.room_id)
    files = attaching.release(found) if found.files.exists() else []
    # A message that a filter holds is not scheduled any more: a moderator has it.
    with suppress(Held):
        posting.post(
            room=room.slug,
            author=author,
            body=found.body,
            client_id=found.client_id,
            reply_to=found.reply_to_id,
            thread=found.thread_id,
            silent=found.silent,
            attachments=files,
        )
    found.delete()
    _publish(author)


@transaction.atomic
def _keep_failure(message: int, user_id: int, code: ErrorCode) -> None:
    if ScheduledMessage.objects.filter(pk=message).update(failure=str(code)):
        author = people.load(user_id)
        if author is not None:
            _publish(author)


def _get(message: int, user: User) -> ScheduledMessage:
    found = ScheduledMessage.objects.select_for_update().filter(pk=message, user=user).first()
    if found is None:
        raise NotFound(_("This message was sent or cancelled already."), field="message")
    return found


def _check_body(body: str, *, may_be_empty: bool) -> str:
    body = text.check_body(body, may_be_empty=may_be_empty)
    text.render(body)
    return body


def _check_time(at: datetime) -> datetime:
    now = timezone.now()
    if at > now + MAX_AHEAD:
        raise Invalid(_("Choose a time within a year."), field="at")
    return max(at, now)


def _enqueue(message: ScheduledMessage) -> None:
    delay_s = (message.at - timezone.now()).total_seconds()
    enqueue("scheduled.send", message.pk, delay_s=max(0.0, delay_s))


def _serialize(message: ScheduledMessage) -> things.Scheduled:
    return things.Scheduled(
        id=message.pk,
        room=message.room.slug,
        thread=message.thread_id,
        body=message.body,
        silent=message.silent,
        at=message.at,
        attachments=[attaching.as_attachment(file) for file in message.files.order_by("order", "pk")],
    )


def _publish(user: User) -> None:
    counts: dict[str, Any] = count_of(user)
    publish(events.ScheduledChanged(**counts), users=[user.pk])
