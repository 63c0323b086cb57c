"""What a new or a deleted reply changes beside itself: the summary in its root, and what its followers have not read.

The caller holds the lock of the room's head: only one change of a room is made at a time.
"""

from datetime import UTC
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.models import Membership, Message, Room, RoomHead, ThreadFollow
from chat.protocol import events

from .annotations import sender_key
from .errors import Forbidden
from .types import AnyPerson

SHOWN_PEOPLE = 5
"""People that the summary of a thread names."""
LOOKED_AT = 200
"""After a deletion, those people are looked for among this many replies, the last ones."""


def add(reply: Message, room: Room, author: AnyPerson) -> Message:
    """Count a new reply in its root, which takes the next version; its author, those it mentions and the author of the
    root follow the thread. Returns the root: the caller publishes it after the reply.

    Raises Forbidden if the root is deleted and has no replies.
    """
    root: Message = Message.objects.for_serialization().get(pk=reply.thread_id)
    if root.deleted_at is not None and root.replies is None:
        raise Forbidden(_("This message was deleted."), field="thread")
    former = root.replies or {"count": 0, "people": []}
    replied = [author.pk] if author.is_authenticated else []
    people = [*replied, *(each for each in former["people"] if each not in replied)]
    summary = {"count": former["count"] + 1, "last_at": _as_text(reply.created_at), "people": people[:SHOWN_PEOPLE]}
    is_first = root.replies is None
    _store(root, room, summary)
    _follow(reply, root, room, author, is_first)
    return root


def recount(reply: Message, room: Room) -> Message:
    """Leave a reply that was just deleted out of the summary in its root, or count one that was just restored. The root
    takes the next version. Returns it."""
    root: Message = Message.objects.for_serialization().get(pk=reply.thread_id)
    left = Message.objects.not_deleted().filter(thread=root).order_by("-seq")
    last = list(left.values_list("created_at", "author_id")[:LOOKED_AT])
    summary = None
    if last:
        people = list(dict.fromkeys(author for _at, author in last if author is not None))
        change = 1 if reply.deleted_at is None else -1
        count = root.replies["count"] + change if root.replies else len(last)
        summary = {"count": count, "last_at": _as_text(last[0][0]), "people": people[:SHOWN_PEOPLE]}
    _store(root, room, summary)
    if reply.deleted_at is not None:
        _move_past(reply, room)
    return root


def edited(reply: Message, room: Room, author: AnyPerson) -> None:
    """Let those whom an edited reply mentions follow its thread, from this reply on."""
    followed = ThreadFollow.objects.filter(root=reply.thread_id)
    before = set(followed.values_list("user_id", flat=True))
    _follow_mentioned(reply, room, author, set(), unread_from=reply.seq)
    new = list(followed.exclude(user__in=before).values_list("user_id", flat=True))
    if new:
        publish_follow(ThreadFollow(root=reply.thread, unread_from=reply.seq), room.slug, new)


def next_unread(after: Any, user: Any) -> Subquery:
    """The `seq` of the first reply after `after` in the thread of a `ThreadFollow` row that is not deleted and not
    written by `user`."""
    others = Message.objects.not_deleted().filter(thread=OuterRef("root"), seq__gt=after)
    return Subquery(others.exclude(sender_key=sender_key(user)).order_by("seq").values("seq")[:1])


def publish_follow(follow: ThreadFollow, room: str, users: list[int]) -> None:
    """Tell these users that they have this row."""
    event = events.Follow(room=room, thread=follow.root_id, following=not follow.muted, unread_from=follow.unread_from)
    publish(event, users=users)


def _as_text(at: Any) -> str:
    # Always with microseconds: the list of threads is ordered by this text.
    return str(at.astimezone(UTC).isoformat(timespec="microseconds"))


def _store(root: Message, room: Room, summary: dict[str, Any] | None) -> None:
    root.replies = summary
    root.version = RoomHead.take(room.pk)
    Message.objects.filter(pk=root.pk).update(replies=summary, version=root.version)


def _follow(reply: Message, root: Message, room: Room, author: AnyPerson, is_first: bool) -> None:
    if author.is_authenticated:
        # Who replies has read the thread, and follows it also after they stopped to.
        mine = ThreadFollow(user=author, root=root, room=room)
        ThreadFollow.objects.bulk_create(
            [mine], update_conflicts=True, unique_fields=["root", "user"], update_fields=["muted", "unread_from"]
        )
        publish_follow(mine, room.slug, [author.pk])
    also = {root.author_id} if is_first and root.author_id else set()
    _follow_mentioned(reply, room, author, also)
    members = Membership.objects.filter(room=room)
    followed = ThreadFollow.objects.filter(root=root, muted=False, user__in=members.values("user"))
    if author.is_authenticated:
        followed = followed.exclude(user=author)
    had_unread = dict(followed.values_list("user_id", "unread_from"))
    users = [user for user, unread_from in had_unread.items() if unread_from is None]
    if users:
        ThreadFollow.objects.filter(root=root, user__in=users).update(unread_from=reply.seq)
        publish_follow(ThreadFollow(root=root, unread_from=reply.seq), room.slug, users)
    waiting = [user for user, unread_from in had_unread.items() if unread_from is not None]
    if waiting:
        publish(events.MoreReplies(room=room.slug, thread=root.pk), users=waiting)


def _follow_mentioned(reply: Message, room: Room, author: AnyPerson, also: set[int], **values: Any) -> None:
    mentioned = set(reply.mentions["people"]) if reply.mentions else set()
    concerned = (mentioned | also) - ({author.pk} if author.is_authenticated else set())
    if not concerned:
        return
    new = Membership.objects.filter(room=room, user__in=concerned).values_list("user_id", flat=True)
    rows = [ThreadFollow(user_id=user, root=reply.thread, room=room, **values) for user in new]
    ThreadFollow.objects.bulk_create(rows, ignore_conflicts=True)


def _move_past(reply: Message, room: Room) -> None:
    """Whose first unread reply was deleted: the next one is their first."""
    concerned = ThreadFollow.objects.filter(root=reply.thread_id, unread_from=reply.seq)
    ids = list(concerned.values_list("pk", flat=True))
    if not ids:
        return
    moved = ThreadFollow.objects.filter(pk__in=ids)
    moved.update(unread_from=next_unread(reply.seq, OuterRef("user_id")))
    # Who has left the room keeps the row, and is told nothing.
    for follow in moved.filter(user__in=Membership.objects.filter(room=room).values("user")):
        publish_follow(follow, room.slug, [follow.user_id])
