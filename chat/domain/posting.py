"""The verb `post`, which other modules call as `messages.post`.

It renders and checks first, and takes the room's next version late: the head is locked from then until the commit.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, cast
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import Membership, Message, Room, RoomHead
from chat.models.message_insert import insert_with_next_version
from chat.models.room import RulesChanged
from chat.protocol import events, things
from chat.protocol.things import PostedFile, PostedPoll

from . import (
    access,
    attaching,
    holding,
    mentioning,
    message_log,
    people,
    policy,
    poll_options,
    reports,
    room_changes,
    rooms,
    slow_mode,
    text,
    thread_replies,
)
from .errors import Banned, DomainError, Forbidden, Held, Invalid, NotFound, SignedOut
from .filters import checking
from .holding import ToHold
from .previews import links
from .search import documents
from .serializers import serialize_message
from .types import AnyPerson, User, VisibleRoom


def post(
    *,
    room: str,
    author: AnyPerson,
    body: str,
    client_id: UUID,
    reply_to: int | None = None,
    attachments: Sequence[PostedFile] = (),
    poll: PostedPoll | None = None,
    silent: bool = False,
    thread: int | None = None,
    in_room: bool = False,
    is_approved: bool = False,
) -> Message:
    """Post `body` in the room with this slug. A user who posts in a public room joins it. With `attachments`, complete
    uploads of the author in this room, `body` may be empty. With a `poll`, `body` is its question. A `silent` message
    notifies nobody. With `thread`, a message of this room, it is a reply in the thread of that message, which the room
    shows only if `in_room` is true; the root of the thread changes, too. A moderator has seen a message that
    `is_approved`: filters and slow mode leave it out.

    Idempotent: the same author with the same `client_id` gets the first message back. If the author may no longer see
    the room, it is returned as it was when it was posted.
    At most 4 queries, 5 on SQLite; one more for a reply, two each for mentions and in slow mode, five for files, ten
    for a thread; with filters, what they need. Raises NotFound, Archived, Muted, Forbidden, Filtered, Invalid, TooLong,
    TooComplex, FileMissing, SlowDown; Held for a message that now waits for a moderator. A caller that has a
    transaction must catch Held in it, else the message does not wait.
    """
    body = text.check_body(body, may_be_empty=bool(attachments))
    attaching.check(attachments)
    own = {"poll": poll_options.to_column(poll), "silent": silent, "in_room": thread is None or in_room}
    given = (room, author, body, client_id, reply_to, attachments, thread, own)
    try:
        try:
            return _post(*given, is_approved=is_approved)
        except RulesChanged:
            # Rare, except in slow mode. With the head locked, the rules do not change and nobody else posts.
            with transaction.atomic():
                RoomHead.objects.select_for_update().filter(room__slug=room).first()
                return _post(*given, locked=True, is_approved=is_approved)
    except ToHold as found:
        parts: dict[str, Any] = {"reply_to": reply_to, "thread": thread, "in_room": in_room, "silent": silent}
        if poll is not None:
            parts["poll"] = poll.model_dump()
        holding.keep(found, author, body, client_id, attachments, parts)
        raise Held from found


def post_from_outside(*, room: Room, author: User, body: str, client_id: UUID) -> Message:
    """Post `body` as an author who is no member of the room and does not join it: the site. No policy of the room
    applies, but an archived one stays as it is. Idempotent, as `post`.

    Raises Archived, Invalid, TooLong, TooComplex, and Forbidden for a direct room.
    """
    body = text.check_body(body)
    if room.kind == Room.Kind.DIRECT:
        raise Forbidden(_("A direct room is closed to others."))
    with transaction.atomic():
        head = room_changes.lock(room)
        # With the rights of an owner: nobody else has refused them to the site.
        seen = cast(VisibleRoom, Room.objects.get(pk=room.pk))
        seen.my_role, seen.my_restriction, seen.rules = Membership.Role.OWNER, None, head.rules
        seen.who_posts = Room.Posting.MODERATORS
        seen.thread_root, seen.last_posted_at = None, None
        own = {"in_room": True}
        return _post(room.slug, author, body, client_id, None, (), None, own, locked=True, room=seen)


def publish_message(message: Message, room: Room) -> None:
    """Publish the event of a new or changed message, and keep the serialized message as `message.serialized`."""
    # A new message has no reactions.
    reactions = () if message.version == message.seq else message_log.reactions_to(message.pk)
    message.serialized = serialize_message(message, reactions)
    event = events.MessageEvent(room=room.slug, version=message.version, message=message.serialized)
    publish(event, room=room, version=message.version)


def without_quote(message: things.Message) -> things.Message:
    """For an author who may no longer see the room: a quote shows what somebody else wrote there."""
    return message.model_copy(update={"quote": None})


def _post(
    slug: str,
    author: AnyPerson,
    body: str,
    client_id: UUID,
    reply_to: int | None,
    attachments: Sequence[PostedFile],
    thread: int | None,
    own: dict[str, Any],
    locked: bool = False,
    room: VisibleRoom | None = None,
    is_approved: bool = False,
) -> Message:
    """Check and insert. Raises RulesChanged when the rules changed between the check and the insert, or when the check
    needs the lock of the head; `locked`: the caller holds it. `own`: columns that were checked already. `room`: the
    room, if it was fetched already. `is_approved`: see `post`."""
    now = timezone.now()
    try:
        room = room or access.get_for_posting(author, slug, reply_to, thread)
        policy.check_may_post(room, author)
        if reply_to is not None and not room.has_reply_to:
            raise NotFound(_("The message that you reply to is not in this room."), field="reply_to")
        if thread is not None and room.thread_root is None:
            raise NotFound(_("The thread that you reply in is not in this room."), field="thread")
        rendered = text.render(body, *mentioning.find_references(body, room, author))
        met = None if is_approved else checking.check(room, author, body, rendered)
        if met is not None and met.filter.action == checking.Action.HOLD:
            raise ToHold(room, met)
        if room.slow_mode_s and not is_approved:
            # Last: a message that is refused for another reason does not count.
            slow_mode.check(room, author, now, locked)
        message = Message(
            room=room,
            author=author if author.is_authenticated else None,
            guest_name="" if author.is_authenticated else author.name,
            guest_id="" if author.is_authenticated else author.id,
            sender_key=people.sender_key(author),
            client_id=client_id,
            text=body,
            html=rendered.html,
            renderer=text.RENDERER,
            mentions=mentioning.to_column(rendered.named),
            reply_to_id=reply_to,
            thread_id=room.thread_root,
            created_at=now,
            **own,
        )
        joins = author.is_authenticated and room.my_role is None
        # A plain message needs no transaction around its insert. Inside a caller's transaction it needs a savepoint,
        # to roll back to when the client_id was used before.
        has_links = bool(links.links_of(message.html))
        is_plain = not (joins or message.mentions is not None or has_links or attachments or thread is not None or met)
        atomic = not is_plain or connection.in_atomic_block
        with transaction.atomic() if atomic else nullcontext():
            if joins:
                rooms.join(room=room, user=author)
            files = attaching.take(attachments, room, author) if attachments else []
            message.attachments = attaching.to_column(files)
            insert_with_next_version(message, room.rules, documents.of_new(message))
            if files:
                attaching.store(message, files)
                documents.add_files(message)
            if reply_to is not None:
                # Read after the reply has its version: a later change of the quoted message has a later version.
                message.reply_to = Message.objects.select_related("author__chat_profile").filter(pk=reply_to).first()
            mentioning.store(message, author)
            if has_links:
                links.enqueue_missing(message)
            if met is not None:
                reports.report_by_filter(message, met)
            publish_message(message, room)
            if thread is not None:
                publish_message(thread_replies.add(message, room, author), room)
    except (IntegrityError, DomainError) as error:
        return posted_before(slug, author, client_id, error)
    return message


def posted_before(slug: str, author: AnyPerson, client_id: UUID, error: Exception) -> Message:
    """The author's message with this `client_id`, also when posting is refused now. Raises `error` if there is none."""
    found = Message.objects.for_serialization().filter(sender_key=people.sender_key(author), client_id=client_id)
    message: Message | None = found.select_related("author__chat_profile", "room").first()
    if message is None or (isinstance(error, DomainError) and message.room.slug != slug):
        raise error
    if message.room.slug != slug:
        raise Invalid(_("This client_id was used in another room."), field="client_id") from error
    if isinstance(error, NotFound | SignedOut | Banned):
        message.serialized = _serialize_as_posted(message)
    return message


def _serialize_as_posted(message: Message) -> things.Message:
    """A message as it was when it was posted. Its author may no longer see the room, so later changes are left out:
    every column that `post` does not set has its default."""
    first = message.revisions.order_by("pk").values_list("text", flat=True).first()
    posted = Message(
        id=message.pk,
        seq=message.seq,
        version=message.seq,
        author=message.author,
        guest_name=message.guest_name,
        guest_id=message.guest_id,
        client_id=message.client_id,
        text=message.text if first is None else first,
        html=message.html if first is None else text.render(first).html,
        mentions=message.mentions if first is None else None,
        attachments=message.attachments,
        reply_to=message.reply_to,
        poll=poll_options.without_votes(message.poll),
        silent=message.silent,
        thread_id=message.thread_id,
        in_room=message.in_room,
        created_at=message.created_at,
    )
    return without_quote(serialize_message(posted, ()))
