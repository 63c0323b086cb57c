"""Verbs of messages: post, edit, delete, react.

Each renders and checks first, and takes the room's next version late: the head is locked from then until the commit.
"""

from contextlib import nullcontext
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.events import shapes
from chat.events.publish import publish
from chat.models import Message, Reaction, Revision, Room, RoomHead
from chat.models.room import RulesChanged
from chat.models.saying import say

from . import access, facts, mentioning, people, policy, rooms, text, throttle
from .emoji import canonical
from .errors import Barred, Invalid, NotFound, Refused, SignedOut, SlowDown

REACTIONS_LIMIT = 30
"""Different emoji under one message."""


def post(*, room: str, author, body: str, client_id: UUID, reply_to: int | None = None) -> Message:
    """Say `body` in the room with this slug. Speaking in a public room joins it.

    The same author with the same `client_id` gets the first message again: it is never said twice. Who may no longer
    see the room gets it as it was when it was said.
    At most 4 queries; one more for an answer, and two each for mentions and in slow mode. Raises NotFound, Archived,
    Forbidden, Invalid, TooLong, TooComplex, SlowDown.
    """
    body = text.check_body(body)
    try:
        return _post(room, author, body, client_id, reply_to)
    except RulesChanged:
        # Rare, but for rooms in slow mode: this time the rules stand still, and nobody else speaks, meanwhile.
        with transaction.atomic():
            RoomHead.objects.select_for_update().filter(room__slug=room).first()
            return _post(room, author, body, client_id, reply_to, locked=True)


def _post(room: str, author, body: str, client_id: UUID, reply_to: int | None, locked: bool = False) -> Message:
    """Check and say. Raises RulesChanged when the check no longer held at the moment of saying, or has to be made under
    the head's lock, which `locked` says is held."""
    now = timezone.now()
    try:
        place = access.get_for_posting(author, room, reply_to)
        policy.check_may_write(place, author)
        if reply_to is not None and not place.has_reply_to:
            raise NotFound(_("The message to reply to is not here."), field="reply_to")
        rendered = text.render(body, mentioning.names_in(body, place, author))
        if place.slow_mode_s:
            # Last: what is refused for another reason does not use up a guest's turn.
            _check_slow_mode(place, author, now, locked)
        message = Message(
            room=place,
            author=author if author.is_authenticated else None,
            guest_name="" if author.is_authenticated else author.name,
            guest_id="" if author.is_authenticated else author.id,
            sender_key=people.sender_key(author),
            client_id=client_id,
            text=body,
            html=rendered.html,
            renderer=text.RENDERER,
            mentions=mentioning.as_stored(rendered.named),
            reply_to_id=reply_to,
            created_at=now,
        )
        joins = author.is_authenticated and place.my_role is None
        # A plain message is one statement; on PostgreSQL it needs no transaction around it. Within a caller's own it
        # needs a savepoint, to go back to when the same was said before.
        whole = joins or message.mentions is not None or connection.in_atomic_block
        with transaction.atomic() if whole else nullcontext():
            if joins:
                rooms.join(room=place, user=author)
            say(message, place.rules)
            if reply_to is not None:
                # Read after the answer has its version: a later change of this message has a later version.
                message.reply_to = Message.objects.select_related("author").filter(pk=reply_to).first()
            mentioning.store(message, author)
            _publish(message, place)
    except (IntegrityError, Refused) as error:
        # Also after a refusal: the room may have been archived since it was said.
        first = Message.objects.for_wire().filter(sender_key=people.sender_key(author), client_id=client_id)
        said = first.select_related("author", "room").first()
        if said is None or (isinstance(error, Refused) and said.room.slug != room):
            raise
        if said.room.slug != room:
            raise Invalid(_("This client_id was used in another room."), field="client_id") from error
        if isinstance(error, NotFound | SignedOut | Barred):
            said.shape = _as_said(said)
        return said
    return message


def _as_said(message: Message) -> shapes.MessageOut:
    """A message as it was when it was said: what came later is not for its author, who may no longer see the room."""
    first = message.revisions.order_by("pk").values_list("text", flat=True).first()
    if first is not None:
        message.text, message.html, message.mentions = first, text.render(first).html, None
    message.version, message.edited_at, message.deleted_at = message.seq, None, None
    return _without_quote(facts.message_out(message, ()))


def _without_quote(shape: shapes.MessageOut) -> shapes.MessageOut:
    """For the author who may no longer see the room: a quote shows what somebody else says there now."""
    return shape.model_copy(update={"quote": None})


def _check_slow_mode(room: Room, author, now, locked: bool) -> None:
    """Guests wait by address, too: a new guest is had for the asking."""
    if room.my_role in policy.MODERATORS:
        return
    if not locked:
        # Of two messages at the same moment one has to see the other.
        raise RulesChanged
    wait_s = 0.0
    if room.last_said_at is not None:
        wait_s = room.slow_mode_s - (now - room.last_said_at).total_seconds()
    if wait_s <= 0 and not author.is_authenticated:
        wait_s = throttle.slow_mode_wait(room.pk, author.network, room.slow_mode_s)
    if wait_s > 0:
        raise SlowDown(_("This room is in slow mode."), retry_after=round(wait_s, 1))


def edit(*, message: int, by, body: str) -> Message:
    """Change what one said; the former text becomes a revision.

    Raises NotFound, Forbidden, Archived, Invalid, TooLong, TooComplex.
    """
    body = text.check_body(body)
    with transaction.atomic():
        stored, room = _get(message, by)
        policy.check_may_edit(stored, room, by)
        if stored.text == body:
            return stored
        # Under the head's lock, unlike `post`: who may be mentioned depends on the room.
        rendered = text.render(body, mentioning.names_in(body, room, by))
        now = timezone.now()
        _revise(stored, by, now)
        mentioning.remove(stored)
        stored.text, stored.html, stored.renderer, stored.edited_at = body, rendered.html, text.RENDERER, now
        stored.mentions = mentioning.as_stored(rendered.named)
        mentioning.store(stored, by)
        return _store(stored, room)


def delete(*, message: int, by) -> Message:
    """Leave a tombstone: the text goes from the row, into a revision for moderators. Again does nothing.

    What one said oneself one may delete also as a reader, and after one was removed from the room.

    Raises NotFound, Forbidden, Archived.
    """
    with transaction.atomic():
        stored, room = _get(message, by, or_own=True)
        policy.check_open(room)
        policy.check_may_delete(stored, by, room.my_role)
        if stored.deleted_at is None:
            now = timezone.now()
            _revise(stored, by, now)
            stored.text = stored.html = ""
            stored.deleted_at, stored.mentions = now, None
            mentioning.remove(stored)
            stored = _store(stored, room)
        if room.is_hidden:
            stored.shape = _without_quote(facts.stored_out(stored))
        return stored


def react(*, message: int, by, emoji: str, on: bool) -> Message:
    """Add or take back a reaction. What is already so changes nothing.

    Raises NotFound, Forbidden, Archived, Invalid.
    """
    emoji = canonical(text.check_emoji(emoji))
    with transaction.atomic():
        stored, room = _get(message, by)
        policy.check_may_react(stored, room, by)
        # Older rows may hold the same emoji in another form.
        there = [(canonical(one.emoji), one) for one in stored.reactions.all()]
        mine = [one.pk for form, one in there if form == emoji and one.user_id == by.pk]
        if on:
            others = {form for form, _one in there}
            if emoji not in others and len(others) >= REACTIONS_LIMIT:
                raise Invalid(_("There are enough different reactions here."), field="emoji")
            changed = not mine and Reaction.objects.get_or_create(message=stored, user=by, emoji=emoji)[1]
        else:
            changed = Reaction.objects.filter(pk__in=mine).delete()[0]
        if not changed:
            return stored
        return _store(stored, room)


def _get(message: int, by, or_own: bool = False) -> tuple[Message, Room]:
    """The message as `by` may see it, locked, and its room with `my_role`; `or_own`: also one of theirs in a room that
    they may no longer see.

    The room's head is locked first, as `post` does: two changes never wait for each other in a circle. What they may do
    is read after that: nobody changes it before this change is stored.
    """
    candidates = Message.objects.visible_to(by)
    if or_own:
        candidates = candidates | Message.objects.filter(sender_key=people.sender_key(by))
    found = candidates.filter(pk=message).values_list("room_id", "room__slug", "sender_key").first()
    if found is None:
        raise NotFound(_("There is no such message here."), field="message")
    room_id, slug, sender_key = found
    RoomHead.objects.select_for_update().get(pk=room_id)
    try:
        room = access.get_visible(by, slug)
    except NotFound:
        if not or_own or sender_key != people.sender_key(by):
            raise
        room = Room.objects.get(pk=room_id)
        room.my_role, room.is_hidden = None, True
    else:
        room.is_hidden = False
    return Message.objects.for_wire().get(pk=message), room


def _revise(message: Message, by, now) -> None:
    user = by if by.is_authenticated else None
    Revision.objects.create(message=message, text=message.text, replaced_at=now, replaced_by=user)


def _store(message: Message, room: Room) -> Message:
    message.version = RoomHead.take(room.pk)
    message.save(update_fields=["version", "text", "html", "renderer", "mentions", "edited_at", "deleted_at"])
    fresh = Message.objects.for_wire().get(pk=message.pk)
    _publish(fresh, room)
    return fresh


def _publish(message: Message, room: Room) -> None:
    # Just made, it has no reactions to ask the database for.
    out = facts.message_out(message, () if message.version == message.seq else None)
    event = shapes.MessageEvent(room=room.slug, version=message.version, message=out)
    message.shape = out
    publish(event, room=room, version=message.version)
