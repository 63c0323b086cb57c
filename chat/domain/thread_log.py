"""Reads threads: the root and pages of replies, and the threads that a person follows."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, OuterRef, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from chat.models import Membership, Message, RoomHead, ThreadFollow
from chat.models.snapshot import snapshot
from chat.protocol import replies, things
from chat.protocol.thread_commands import THREAD_LARGEST_PAGE, THREAD_PAGE

from . import annotations, message_log, people
from .errors import Invalid, NotFound
from .types import AnyPerson, Rows, User

THREADS_PAGE = 25
LAST_REPLIES = 2
"""Replies of each thread that the list of threads shows."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The root of a thread (the primary key of a message) and its room."""

    root: int
    room_id: int
    room: str


def find(message: int, person: AnyPerson) -> Thread:
    """The thread of a message, as `person` may see it: of a root or of a reply. One query. Raises NotFound."""
    found = Message.objects.visible_to(person).filter(pk=message)
    row = found.values_list("pk", "thread_id", "room_id", "room__slug").first()
    if row is None:
        raise NotFound(_("Message not found."), field="message")
    pk, thread, room_id, slug = row
    return Thread(thread or pk, room_id, slug)


def read_thread(
    *, message: int, by: AnyPerson, before: int | None = None, limit: int = THREAD_PAGE
) -> replies.ThreadReply:
    """The thread of a message (its root or a reply), as of one version: the root, and the `limit` (1 to 100) last
    replies before `seq` `before`, oldest first. Six queries. Raises NotFound, Invalid."""
    if not 1 <= limit <= THREAD_LARGEST_PAGE:
        raise Invalid(field="limit")
    with snapshot():
        thread = find(message, by)
        version = RoomHead.objects.values_list("version", flat=True).get(pk=thread.room_id)
        (root,) = message_log.messages_of([thread.root])
        page = message_log.thread_page(thread.root, message_log.NEWEST if before is None else before, limit)
        unread_from, muted = _follow_of(thread, by)
    return replies.ThreadReply(
        room=thread.room,
        version=version,
        root=root,
        replies=page.messages,
        more_before=bool(page.more_before),
        following=muted is False,
        unread_from=unread_from,
    )


def read_followed(*, user: AnyPerson, skip: int = 0) -> replies.ThreadsReply:
    """The threads that a person follows in the rooms of their list: those with unread replies first, then by the time
    of the last reply, the latest first. Those that nobody has replied to are left out. Five queries at most, whatever
    their number; guests follow none."""
    if not user.is_authenticated:
        return replies.ThreadsReply(threads=[], more=False)
    with snapshot():
        rows = list(_followed(user)[skip : skip + THREADS_PAGE + 1])
        listed = rows[:THREADS_PAGE]
        last = _last_replies([row["root_id"] for row in listed])
        wanted = [row["root_id"] for row in listed] + [pk for pks in last.values() for pk in pks]
        found = {message.id: message for message in message_log.messages_of(wanted)}
        unread = _unread_counts(listed, user)
    return replies.ThreadsReply(
        threads=[
            things.ListedThread(
                room=row["room__slug"],
                root=found[row["root_id"]],
                unread=unread.get(row["root_id"], 0),
                last=[found[pk] for pk in last[row["root_id"]]],
            )
            for row in listed
        ],
        more=len(rows) > len(listed),
    )


def unread_roots(room_id: int, users: list[int]) -> dict[int, list[int]]:
    """The roots of those threads of a room that each of `users` follows and that have unread replies, by user. Users
    without one are left out, and those who are not members. One query."""
    member = Membership.objects.filter(room=room_id, user__in=users).values("user")
    unread = ThreadFollow.objects.filter(room=room_id, user__in=member, unread_from__isnull=False)
    found: dict[int, list[int]] = {}
    for user, root in unread.order_by("-root_id").values_list("user_id", "root_id"):
        roots = found.setdefault(user, [])
        if len(roots) < annotations.MAX_THREADS:
            roots.append(root)
    return found


def _follow_of(thread: Thread, person: AnyPerson) -> tuple[int | None, bool | None]:
    """(`unread_from`, `muted`) of a person's row; `muted` is None without one."""
    if not person.is_authenticated:
        return None, None
    member = Membership.objects.filter(room=thread.room_id, user=person)
    mine = ThreadFollow.objects.filter(root=thread.root, user=person, room__in=member.values("room"))
    return mine.values_list("unread_from", "muted").first() or (None, None)


def _followed(user: User) -> Rows:
    # Active: a socket's instance may be older than the end of the account.
    joined = Membership.objects.filter(user=user, user__is_active=True).values("room")
    rank = Case(When(unread_from__isnull=False, then=Value(0)), default=Value(1))
    listed = ThreadFollow.objects.filter(user=user, room__in=joined, muted=False, root__replies__isnull=False)
    # All times are in UTC and have the same length.
    ranked = listed.annotate(rank=rank, last_at=KeyTextTransform("last_at", "root__replies"))
    return ranked.order_by("rank", "-last_at", "-root_id").values("root_id", "room__slug", "unread_from")


def _last_replies(roots: list[int]) -> dict[int, list[int]]:
    """The ids of the last LAST_REPLIES replies of each thread, oldest first, without deleted ones. One query."""
    replies_of = Message.objects.not_deleted().filter(thread=OuterRef("pk")).order_by("-seq").values("pk")
    names = [f"last_{number}" for number in range(LAST_REPLIES)]
    found = Message.objects.filter(pk__in=roots).annotate(
        **{name: Subquery(replies_of[number : number + 1]) for number, name in enumerate(names)}
    )
    rows = found.values_list("pk", *names)
    return {root: [pk for pk in reversed(last) if pk is not None] for root, *last in rows}


def _unread_counts(rows: list[dict[str, Any]], user: User) -> dict[int, int]:
    unread = [row["root_id"] for row in rows if row["unread_from"] is not None]
    if not unread:
        return {}
    counted = ThreadFollow.objects.filter(user=user, root__in=unread).annotate(
        unread=annotations.unread_replies(OuterRef("root"), people.sender_key(user), OuterRef("unread_from"))
    )
    return dict(counted.values_list("root_id", "unread"))
