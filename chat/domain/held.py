"""What becomes of a message that a filter holds: a moderator lets it be posted or refuses it, its author takes it back,
or nobody decides in time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import Attachment, HeldMessage, Message, Room
from chat.protocol import replies, things
from chat.protocol.things import PostedFile, PostedPoll

from . import holding, moderation, people, posting
from .errors import Decided, DomainError, Invalid, NotFound
from .guests import Guest
from .record import record
from .types import AnyPerson

State = HeldMessage.State
EXPIRES_AT_ONCE = 500
"""Rows that one run of `expire` ends."""


@transaction.atomic
def approve(*, held: int, by: AnyPerson, site: bool = False) -> Message:
    """Post a held message, now, as its author. A second call returns the same message.

    `site`: see `moderation`. Raises NotFound, Decided if it was refused, and Invalid if its author may not post it any
    more.
    """
    row = _get_locked(held, by, site)
    if row.state not in (State.WAITING, State.POSTED):
        raise Decided(_("This message was refused already."))
    message = _post(row)
    if row.state == State.WAITING:
        record(by, "message.approve", message)
        _decide(row, State.POSTED, by)
    return message


@transaction.atomic
def refuse(*, held: int, by: AnyPerson, site: bool = False) -> None:
    """Refuse a held message: it is never posted. A second call does nothing. Raises NotFound, and Decided if it was
    posted."""
    row = _get_locked(held, by, site)
    if row.state == State.POSTED:
        raise Decided(_("This message was posted already."))
    if row.state == State.WAITING:
        record(by, "message.refuse", ("held message", row.pk, str(row.author or row.guest_name)), room=row.room)
        _drop_files(row)
        _decide(row, State.REFUSED, by)


@transaction.atomic
def withdraw(*, user: AnyPerson, client_id: UUID) -> None:
    """Take back one's own message that waits, on all devices. Does nothing if none waits. Raises Decided if it was
    posted."""
    mine = HeldMessage.objects.select_for_update().filter(sender_key=people.sender_key(user), client_id=client_id)
    row = mine.first()
    if row is None:
        return
    if row.state == State.POSTED:
        raise Decided(_("This message was posted already."))
    if row.state == State.WAITING:
        _drop_files(row)
        # The row stays without its text: a device that still has the message must not post it again.
        row.body, row.parts, row.found = "", {}, ""
        row.save(update_fields=["body", "parts", "found"])
        _decide(row, State.WITHDRAWN, None)


def own(person: AnyPerson, knows: Sequence[UUID] = ()) -> replies.OwnHeldReply:
    """A person's own messages that wait in rooms that they may see, and what became of those of `knows` (client_ids)
    that do not wait. At most 3 queries."""
    mine = HeldMessage.objects.filter(sender_key=people.sender_key(person))
    rows = mine.filter(state=State.WAITING, room__in=Room.objects.visible_to(person)).select_related("room")
    waiting = list(rows.order_by("pk")[: holding.MAX_WAITING])
    ids = [file["id"] for row in waiting for file in row.parts.get("attachments", [])]
    names = dict(Attachment.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    ended = mine.exclude(state=State.WAITING).filter(client_id__in=knows) if knows else ()
    return replies.OwnHeldReply(
        waiting=[_serialize_own(row, names) for row in waiting],
        ended=[things.HeldState(client_id=str(row.client_id), state=row.state) for row in ended],
    )


def expire() -> None:
    """End the wait of messages about which nobody has decided for WAITS_FOR, and forget those that ended so long ago.
    Idempotent."""
    before = timezone.now() - holding.WAITS_FOR
    HeldMessage.objects.exclude(state=State.WAITING).filter(decided_at__lt=before).delete()
    old = HeldMessage.objects.filter(state=State.WAITING, made_at__lt=before).order_by("pk")
    for held in list(old.values_list("pk", flat=True)[:EXPIRES_AT_ONCE]):
        with transaction.atomic():
            # A moderator may have decided meanwhile.
            row = HeldMessage.objects.select_for_update().filter(pk=held, state=State.WAITING).first()
            if row is not None:
                _drop_files(row)
                _decide(row, State.EXPIRED, None)


def _serialize_own(row: HeldMessage, names: dict[int, str]) -> things.OwnHeldMessage:
    parts: dict[str, Any] = row.parts
    thread = parts.get("thread")
    files = [names[file["id"]] for file in parts.get("attachments", []) if file["id"] in names]
    return things.OwnHeldMessage(
        room=row.room.slug,
        client_id=str(row.client_id),
        body=row.body,
        reply_to=parts.get("reply_to"),
        thread=thread,
        in_room=thread is None or bool(parts.get("in_room")),
        silent=bool(parts.get("silent")),
        poll=parts.get("poll"),
        files=files,
        at=row.made_at,
    )


def _get_locked(held: int, by: AnyPerson, site: bool) -> HeldMessage:
    # One that its author took back is nobody else's any more.
    rows = HeldMessage.objects.exclude(state=State.WITHDRAWN)
    within = moderation.within_reach(rows, by, site)
    if not within.filter(pk=held).exists():
        raise NotFound(_("This message does not wait any more."), field="held")
    locked: HeldMessage = HeldMessage.objects.select_for_update().get(pk=held)
    return locked


def _post(row: HeldMessage) -> Message:
    author = people.load(row.author_id) if row.author_id else Guest(row.sender_key.removeprefix("g:"), row.guest_name)
    if author is None:
        raise Invalid(_("Its author has no account any more."))
    parts = dict(row.parts)
    files = [PostedFile(**file) for file in parts.pop("attachments", [])]
    poll = parts.pop("poll", None)
    try:
        return posting.post(
            room=row.room.slug,
            author=author,
            body=row.body,
            client_id=row.client_id,
            attachments=files,
            poll=PostedPoll(**poll) if poll else None,
            is_approved=True,
            **parts,
        )
    except DomainError as error:
        raise Invalid(_("It cannot be posted: %(why)s") % {"why": error.detail}) from error


def _decide(row: HeldMessage, state: str, by: AnyPerson) -> None:
    row.state, row.decided_at, row.decided_by = state, timezone.now(), by
    row.save(update_fields=["state", "decided_at", "decided_by"])
    holding.tell_author(row)
    moderation.note_queue(row.room)


def _drop_files(row: HeldMessage) -> None:
    files = [file["id"] for file in row.parts.get("attachments", [])]
    own = Attachment.objects.filter(sender_key=row.sender_key, message=None, pk__in=files)
    own.update(expires_at=timezone.now())
