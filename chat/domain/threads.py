"""Verbs of threads that change what one person follows and has read. Replies are posted by `messages.post`.

They lock the head of the room, as every change of a follow does: no reply comes between the look and the change.
"""

from django.db import transaction
from django.db.models import OuterRef
from django.utils.translation import gettext as _

from chat.models import Message, RoomHead, ThreadFollow

from . import access, thread_log, thread_replies
from .errors import Forbidden, Invalid
from .types import AnyPerson, User

MAX_FOLLOWED = 5000
"""Threads that a person follows, above which they cannot choose to follow more."""


@transaction.atomic
def follow(*, message: int, user: AnyPerson) -> None:
    """Follow the thread of a message: of a root, also without replies, or of a reply.

    Raises NotFound, Forbidden for people without a membership, Invalid above MAX_FOLLOWED.
    """
    thread = _lock(message, user)
    mine = _mine(thread, user)
    if mine is not None and not mine.muted:
        return
    if mine is None and ThreadFollow.objects.filter(user=user)[:MAX_FOLLOWED].count() >= MAX_FOLLOWED:
        raise Invalid(_("You follow too many threads."), field="message")
    followed, _is_new = ThreadFollow.objects.update_or_create(
        root_id=thread.root, user=user, defaults={"room_id": thread.room_id, "muted": False, "unread_from": None}
    )
    thread_replies.publish_follow(followed, thread.room, [user.pk])


@transaction.atomic
def unfollow(*, message: int, user: AnyPerson) -> None:
    """Stop to follow the thread of a message; it then counts as read. Replying follows it again, being mentioned does
    not.

    Raises NotFound, Forbidden.
    """
    thread = _lock(message, user)
    mine = _mine(thread, user)
    if mine is None or mine.muted:
        return
    mine.muted, mine.unread_from = True, None
    mine.save(update_fields=["muted", "unread_from"])
    thread_replies.publish_follow(mine, thread.room, [user.pk])


@transaction.atomic
def read(*, message: int, user: AnyPerson, upto: int) -> None:
    """Mark the replies up to `seq` `upto` as read in the thread of a message, and publish it to all connections of
    `user`. A lower `upto` than before changes nothing. Does nothing for people who do not follow the thread.

    Raises NotFound.
    """
    thread = thread_log.find(message, user)
    if not user.is_authenticated:
        return
    RoomHead.objects.select_for_update().get(pk=thread.room_id)
    mine = _mine(thread, user)
    if mine is None or mine.unread_from is None or upto < mine.unread_from:
        return
    _set_unread(mine, thread, user, after=upto)


def mark_unread(*, reply: Message, user: User) -> None:
    """Mark a reply and all later ones of its thread as unread; the person follows the thread from then on. The caller
    has checked that they may see it."""
    RoomHead.objects.select_for_update().get(pk=reply.room_id)
    thread = thread_log.find(reply.pk, user)
    mine = _mine(thread, user)
    if mine is None or mine.muted:
        mine, _is_new = ThreadFollow.objects.update_or_create(
            root_id=thread.root, user=user, defaults={"room_id": thread.room_id, "muted": False}
        )
    _set_unread(mine, thread, user, after=reply.seq - 1)


def _lock(message: int, user: AnyPerson) -> thread_log.Thread:
    """The thread of a message in a room of the person's list; the head of the room is locked."""
    thread = thread_log.find(message, user)
    RoomHead.objects.select_for_update().get(pk=thread.room_id)
    if access.get_visible(user, thread.room).my_role is None:
        raise Forbidden(_("Join the room first."))
    return thread


def _mine(thread: thread_log.Thread, user: User) -> ThreadFollow | None:
    return ThreadFollow.objects.filter(root=thread.root, user=user).first()


def _set_unread(mine: ThreadFollow, thread: thread_log.Thread, user: User, *, after: int) -> None:
    rows = ThreadFollow.objects.filter(pk=mine.pk)
    rows.update(unread_from=thread_replies.next_unread(after, OuterRef("user_id")))
    thread_replies.publish_follow(rows.get(), thread.room, [user.pk])
