"""Drafts: what a person has written in a room or a thread and not sent, the same on all their devices.

The last writer wins, by the time of the server. A draft that was sent is never shown again: its `client_id` is that of
the message.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import Draft, Message, Room
from chat.protocol import events, things

from . import access, people, quotes, text
from .errors import Forbidden, Invalid, NotFound, TooLong
from .types import AnyPerson, Rows, User

MAX_DRAFTS = 100
BODY_FACTOR = 4
"""A draft may be this many times longer than a message: who pasted too much shortens it later."""
MAX_CHARACTERS = 400_000
"""In all drafts of one person."""


@transaction.atomic
def save(
    *, room: str, user: AnyPerson, body: str, client_id: UUID, thread: int | None = None, reply_to: int | None = None
) -> None:
    """Keep the draft of `user` in a room, or in a thread of it (the id of its first message), in place of the former
    one. Without `body` and `reply_to`, or with the `client_id` of a message that was posted, there is none any more.

    Raises Forbidden for guests, NotFound, TooLong, Invalid above MAX_DRAFTS or MAX_CHARACTERS.
    """
    if not user.is_authenticated:
        raise Forbidden(_("Sign in first."))
    body = text.clean(body)
    longest = BODY_FACTOR * settings.CHAT_MAX_BODY
    if len(body) > longest:
        raise TooLong(_("A draft can have at most %(most)d characters.") % {"most": longest}, field="body")
    visible = access.get_visible(user, room)
    for field, message in (("thread", thread), ("reply_to", reply_to)):
        if message is not None and not Message.objects.filter(room=visible, pk=message).exists():
            raise NotFound(_("Message not found."), field=field)
    place = {"user": user, "room": visible, "thread_id": thread}
    is_sent = Message.objects.filter(sender_key=people.sender_key(user), client_id=client_id).exists()
    if is_sent or not (body.strip() or reply_to):
        if Draft.objects.filter(**place).delete()[0]:
            _publish(user, visible, thread, timezone.now(), None)
        return
    _check_bounds(user, place, len(body))
    # Also locks the row: the times of two devices are in the order of their commits.
    draft, _made = Draft.objects.select_for_update().get_or_create(
        **place, defaults={"body": "", "client_id": client_id, "at": timezone.now()}
    )
    draft.body, draft.client_id, draft.at, draft.reply_to_id = body, client_id, timezone.now(), reply_to
    draft.save(update_fields=["body", "client_id", "at", "reply_to"])
    _publish(user, visible, thread, draft.at, _serialize(Draft.objects.select_related(*_RELATED).get(pk=draft.pk)))


@transaction.atomic
def discard(*, draft: int, user: User) -> None:
    """Remove a draft by its id. Does nothing if it is gone."""
    found = Draft.objects.filter(pk=draft, user=user).select_related("room").first()
    if found is not None:
        found.delete()
        _publish(user, found.room, found.thread_id, timezone.now(), None)


def rows_of(user: User) -> Rows:
    """The drafts of a person in the rooms that they may see, the latest first, with their rooms."""
    sent = Message.objects.filter(sender_key=people.sender_key(user), client_id=OuterRef("client_id"))
    found = Draft.objects.filter(~Exists(sent), user=user, room__in=Room.objects.visible_to(user))
    return found.select_related(*_RELATED).order_by("-at")[:MAX_DRAFTS]


def drafts_of(person: AnyPerson) -> list[things.Draft]:
    """The drafts of a person. Guests have none. One query."""
    return [_serialize(draft) for draft in rows_of(person)] if person.is_authenticated else []


_RELATED = ("room", "reply_to__author__chat_profile")


def _check_bounds(user: User, place: dict[str, Any], added: int) -> None:
    others = Draft.objects.filter(user=user)
    others = others.exclude(pk__in=others.filter(**place).values("pk"))
    held = others.aggregate(characters=Sum(Length("body")))["characters"] or 0
    if others.count() >= MAX_DRAFTS or held + added > MAX_CHARACTERS:
        raise Invalid(_("You have too many drafts. Send or delete some of them first."), field="body")


def _serialize(draft: Draft) -> things.Draft:
    return things.Draft(
        room=draft.room.slug,
        thread=draft.thread_id,
        body=draft.body,
        reply_to=draft.reply_to_id,
        quote=quotes.form_of(draft.reply_to) if draft.reply_to else None,
        client_id=str(draft.client_id),
        at=draft.at,
    )


def _publish(user: User, room: Room, thread: int | None, at: datetime, draft: things.Draft | None) -> None:
    publish(events.DraftEvent(room=room.slug, thread=thread, at=at, draft=draft), users=[user.pk])
