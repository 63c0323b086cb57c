"""Verbs of messages: post, edit, delete, react.

Each locks the room's head, checks, and stores only the columns that it changed, with the room's next version.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import AccountWork, Message, Reaction, Room
from chat.protocol import things

from . import (
    access,
    attaching,
    custom_emoji,
    mentioning,
    message_changes,
    message_log,
    people,
    policy,
    rendering,
    reports,
    text,
    thread_replies,
)
from .emoji import canonical
from .errors import Filtered, Invalid, NotFound
from .filters import checking
from .markdown import grammar
from .posting import post, publish_message, without_quote
from .previews import changing, links
from .record import record
from .serializers import serialize_message
from .types import AnyPerson

__all__ = [
    "REACTIONS_LIMIT",
    "delete",
    "edit",
    "post",
    "react",
    "render",
    "serialized",
    "tick",
]

REACTIONS_LIMIT = 30
"""Different emoji under one message."""
KEPT_AFTER_REMOVAL = timedelta(days=7)
"""How long moderators can restore a message that one of them removed, with everything that it had."""
_MADE_AGAIN = {"attachments", "previews"}
"""Columns that `restoring.restore` computes again."""


def serialized(message: Message) -> things.Message:
    """The wire form of a message that a verb returned. One query if the verb changed nothing, else none."""
    published: things.Message | None = message.serialized
    return published if published is not None else serialize_message(message, message_log.reactions_to(message.pk))


def render(*, room: str, by: AnyPerson, body: str) -> str:
    """The HTML that `body` would have as a message of this room; nothing is stored. One query, and those of
    `find_references`.

    Raises as `post` does: NotFound, Archived, Forbidden, Invalid, TooLong, TooComplex.
    """
    body = text.check_body(body)
    visible = access.get_visible(by, room)
    policy.check_may_post(visible, by)
    return text.render(body, *mentioning.find_references(body, visible, by)).html


def edit(*, message: int, by: AnyPerson, body: str) -> Message:
    """Change the text of one's own message; the former text becomes a revision.

    Raises NotFound, Forbidden, Archived, Muted, Filtered, Invalid, TooLong, TooComplex.
    """
    body = text.check_body(body, may_be_empty=True)
    with transaction.atomic():
        stored, room = message_changes.get_locked(message, by)
        policy.check_may_edit(stored, room, by)
        text.check_body(body, may_be_empty=bool(stored.attachments))
        if stored.text == body:
            return stored
        # Under the head's lock, unlike `post`: who may be mentioned depends on the room.
        rendered = text.render(body, *mentioning.find_references(body, room, by))
        met = checking.check(room, by, body, rendered)
        if met is not None and met.filter.action == checking.Action.HOLD:
            raise Filtered(
                _("With this text, a moderator must see the message first. Send it as a new one."), field="body"
            )
        now = timezone.now()
        message_changes.add_revision(stored, by, now)
        mentioning.remove(stored)
        message_changes.save_changed(
            stored,
            room,
            text=body,
            html=rendered.html,
            renderer=text.RENDERER,
            mentions=mentioning.to_column(rendered.named),
            edited_at=now,
            **changing.by_edit(stored, rendered.html),
        )
        mentioning.store(stored, by)
        links.enqueue_missing(stored)
        if met is not None:
            reports.report_by_filter(stored, met)
        if stored.thread_id is not None and stored.mentions is not None:
            thread_replies.edited(stored, room, by)
        return stored


def tick(*, message: int, by: AnyPerson, task: int, on: bool) -> Message:
    """Tick a task of one's own message, or remove the tick. `task`: its number in the message, from 0.

    An edit of one character: the former text becomes a revision, but `edited_at` stays, and nobody is mentioned anew.
    Ticks of two devices at the same time both count. Does nothing if the task is in this state already.
    Raises NotFound, Forbidden, Archived.
    """
    with transaction.atomic():
        stored, room = message_changes.get_locked(message, by)
        policy.check_may_edit(stored, room, by)
        places = grammar.tasks_of(stored.text)
        if not 0 <= task < len(places):
            raise NotFound(_("This message has no such task."), field="task")
        at = places[task]
        if (stored.text[at] != " ") == on:
            return stored
        body = stored.text[:at] + ("x" if on else " ") + stored.text[at + 1 :]
        rendered = rendering.render_again(body, stored.html)
        message_changes.add_revision(stored, by, timezone.now())
        message_changes.save_changed(stored, room, text=body, html=rendered.html, renderer=text.RENDERER)
        return stored


def delete(*, message: int, by: AnyPerson) -> Message:
    """Delete the text of a message, whose row stays. The text moves to a revision, which moderators may read. Its files
    are not shown any more, and deleted some minutes later. A second call does nothing. For some seconds
    `restoring.restore` can undo it.

    Authors may delete their own messages also as readers, and after they were removed from the room.

    Raises NotFound, Forbidden, Archived.
    """
    with transaction.atomic():
        stored, room = message_changes.get_locked(message, by, or_own=True)
        policy.check_open(room)
        policy.check_may_delete(stored, by, room.my_role)
        if stored.deleted_at is None:
            empty(stored, room, by)
            if not people.is_author(stored, by):
                record(by, "message.remove", stored)
        if not room.may_see:
            stored.serialized = without_quote(serialized(stored))
        return stored


def empty(stored: Message, room: Room, by: AnyPerson, *, removal: AccountWork | None = None) -> None:
    """Delete the text of a message that is not deleted. The caller has locked the head of its room, and checked the
    permission. If `by` is not its author, it counts as removed by a moderator: everyone sees that, and everything is
    kept for KEPT_AFTER_REMOVAL. That of a `removal` is kept for as long as that can be undone."""
    now = timezone.now()
    gone = {"text": "", "html": "", "mentions": None, "attachments": None, **changing.by_deletion(stored)}
    if stored.pinned is not None:
        gone["pinned"] = None
    if stored.poll:
        gone["poll"] = None
    kept_until = removal.undo_until if removal else None
    if not people.is_author(stored, by):
        gone["removed"] = True
        kept_until = kept_until or now + KEPT_AFTER_REMOVAL
    restorable = message_changes.to_restorable(stored, gone.keys() - _MADE_AGAIN)
    message_changes.add_revision(stored, by, now, restorable=restorable, removal=removal)
    mentioning.remove(stored)
    attaching.expire(stored, until=kept_until)
    message_changes.save_changed(stored, room, deleted_at=now, **gone)
    if stored.thread_id is not None:
        publish_message(thread_replies.recount(stored, room), room)


def react(*, message: int, by: AnyPerson, emoji: str, on: bool) -> Message:
    """Add or remove a reaction. Does nothing if the person already has (or does not have) this reaction.

    Raises NotFound, Forbidden, Archived, Invalid.
    """
    emoji = emoji if custom_emoji.is_reaction(emoji, known_only=on) else canonical(text.check_emoji(emoji))
    with transaction.atomic():
        stored, room = message_changes.get_locked(message, by)
        policy.check_may_react(stored, room, by)
        # Older rows may hold the same emoji in another form.
        forms = [(canonical(row.emoji), row.emoji, row.user_id) for row in message_log.reactions_to(message)]
        mine = {form for kept, form, user_id in forms if kept == emoji and user_id == by.pk}
        if on == bool(mine):
            return stored
        if on:
            others = {kept for kept, _form, _user_id in forms}
            if emoji not in others and len(others) >= REACTIONS_LIMIT:
                raise Invalid(_("This message already has the maximum number of different reactions."), field="emoji")
            Reaction.objects.create(message=stored, user=by, emoji=emoji)
        else:
            Reaction.objects.filter(message=stored, user=by, emoji__in=mine).delete()
        message_changes.save_changed(stored, room)
        return stored
