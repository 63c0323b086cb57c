"""Lists over all rooms of a person: the rooms with unread messages, the messages that mention the person, the threads
that they follow, and the messages that they saved."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from chat.models import Membership, Mention, Message, Room, ThreadFollow
from chat.protocol import events, things

from . import annotations, direct_rooms, people, quotes, saved, thread_log
from .message_places import Places
from .types import Rows, User

PREVIEWED = 3
"""How many unread messages of each room the list shows: the first ones."""
MENTIONS_PAGE = 50
SAVED_PAGE = 100


@dataclass(frozen=True, slots=True)
class MessageLine:
    """A message in one line, for a list: `text` is an excerpt of plain text."""

    id: int
    seq: int
    sender: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class UnreadRoom:
    """A room with unread messages, how it is called for the person, and the first of its unread messages."""

    state: things.RoomState
    name: str
    first: list[MessageLine]

    @property
    def upto(self) -> int:
        """The position up to which the room is read when the person marks it as read in this list."""
        return self.state.version

    @property
    def is_counted(self) -> bool:
        """Whether `state.unread` is the number of unread messages, not the largest one that is counted."""
        return self.state.unread < annotations.MAX_COUNT

    @property
    def more(self) -> int:
        """How many unread messages are not among the first ones."""
        return max(0, self.state.unread - len(self.first))


@dataclass(frozen=True, slots=True)
class MentionLine:
    """A message that mentions a person, its room (see `Places`), and whether they have read it."""

    message: MessageLine
    slug: str
    place: str
    is_unread: bool


@dataclass(frozen=True, slots=True)
class NamedRoom:
    """A row with a room and a `body`, how the room is called for the person, and the beginning of the body."""

    row: Any
    room_name: str

    @property
    def excerpt(self) -> str:
        """The beginning of the text on one line."""
        return quotes.shorten(self.row.body)


@dataclass(frozen=True, slots=True)
class SavedLine:
    """A message that a person has saved. `remind_at` is None without a reminder; `is_due`: it has come."""

    message: MessageLine
    slug: str
    place: str
    is_deleted: bool
    remind_at: datetime | None
    is_due: bool


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """A thread that a person follows: its root, its `count` of replies, how many are `unread`, and the `last` ones."""

    root: MessageLine
    is_deleted: bool
    slug: str
    place: str
    count: int
    unread: int
    last: list[MessageLine]

    @property
    def more(self) -> int:
        """How many replies are not among the last ones."""
        return max(0, self.count - len(self.last))


def unread_rooms(user: User, welcome: events.Welcome) -> list[UnreadRoom]:
    """The rooms of a person's list that have unread messages, by the same rule as the badges of the list: of muted
    rooms only those with mentions, of archived ones none. Two queries."""
    waiting = {room.slug: room for room in welcome.rooms if _is_waiting(room)}
    unread = (
        Message.objects.shown_in_room()
        .not_deleted()
        .filter(room=OuterRef("room"), seq__gt=OuterRef("read_seq"))
        .exclude(sender_key=people.sender_key(user))
        .order_by("seq")
        .values("pk")
    )
    numbers = [f"unread_{number}" for number in range(PREVIEWED)]
    memberships = Membership.objects.filter(user=user, room__slug__in=waiting).annotate(
        **{name: Subquery(unread[number : number + 1]) for number, name in enumerate(numbers)}
    )
    ids = {slug: found for slug, *found in memberships.values_list("room__slug", *numbers)}
    lines = _lines(pk for found in ids.values() for pk in found)
    return [
        UnreadRoom(
            room,
            direct_rooms.name_for(room, welcome.you),
            [lines[pk] for pk in ids.get(slug, ()) if pk in lines],
        )
        for slug, room in waiting.items()
    ]


def mentions(user: User, welcome: events.Welcome, before: int | None = None) -> tuple[list[MentionLine], int | None]:
    """The latest MENTIONS_PAGE messages that mention a person, in rooms that they may see, the newest first; before the
    message with the id `before`. And the id before which the next ones are; None if there are none. One query.

    The names of rooms are those of the person's list: that of a direct room depends on the person.
    """
    read = Membership.objects.filter(user=user, room=OuterRef("room")).values("read_seq")[:1]
    follow = ThreadFollow.objects.filter(user=user, root=OuterRef("message__thread")).values("unread_from")[:1]
    found = (
        Mention.objects.filter(user=user, message__in=Message.objects.visible_to(user))
        .annotate(read_seq=Subquery(read), thread_unread_from=Subquery(follow))
        .select_related("message__author__chat_profile", "message__room")
        .order_by("-message_id")
    )
    if before is not None:
        found = found.filter(message_id__lt=before)
    rows = list(found[: MENTIONS_PAGE + 1])
    page = rows[:MENTIONS_PAGE]
    places = Places(welcome)
    return [_mention(row, places) for row in page], page[-1].message_id if len(rows) > len(page) else None


def named_rooms(rows: Rows, user: User, welcome: events.Welcome) -> list[NamedRoom]:
    """Rows with the names of their rooms in the person's list, or as they see them elsewhere. A room that they no
    longer see may have another name by now, which they do not learn. Two queries at most."""
    names = {room.slug: direct_rooms.name_for(room, welcome.you) for room in welcome.rooms}
    found = list(rows)
    if others := {row.room_id for row in found if row.room.slug not in names}:
        names |= dict(Room.objects.visible_to(user).filter(pk__in=others).values_list("slug", "name"))
    return [NamedRoom(row, names.get(row.room.slug) or _("A room that you no longer see")) for row in found]


def saved_messages(user: User, welcome: events.Welcome, skip: int = 0) -> tuple[list[SavedLine], bool]:
    """SAVED_PAGE messages that a person has saved, in rooms that they may see, after the first `skip`: those whose
    reminder has come, then the newest. And whether there are more. One query."""
    rows = list(
        saved.visible(user)
        .order_by(F("reminded_at").desc(nulls_last=True), "-saved_at", "-pk")
        .select_related("message__author__chat_profile", "message__room")[skip : skip + SAVED_PAGE + 1]
    )
    places = Places(welcome)
    return [_saved(row, places) for row in rows[:SAVED_PAGE]], len(rows) > SAVED_PAGE


def _saved(row: Any, places: Places) -> SavedLine:
    room, is_deleted = row.message.room, row.message.deleted_at is not None
    return SavedLine(
        _line(row.message),
        room.slug,
        places.name(room.slug, author=None if is_deleted else row.message.author_id, name=room.name),
        is_deleted,
        row.remind_at,
        row.reminded_at is not None,
    )


def threads(user: User, welcome: events.Welcome, skip: int = 0) -> tuple[list[ThreadLine], bool]:
    """The threads that a person follows, as `thread_log.read_followed` orders them, and whether there are more."""
    found = thread_log.read_followed(user=user, skip=skip)
    places = Places(welcome)
    return [_thread(each, places) for each in found.threads], found.more


def _thread(listed: things.ListedThread, places: Places) -> ThreadLine:
    root, slug = listed.root, listed.room
    count = root.replies.count if root.replies else 0
    last = [_wire_line(reply) for reply in listed.last]
    author = root.author.id if root.author and not root.deleted else None
    place = places.name(slug, author=author, name=slug)
    return ThreadLine(_wire_line(root), root.deleted, slug, place, count, listed.unread, last)


def _wire_line(message: things.Message) -> MessageLine:
    sender = message.author.name if message.author else message.guest.name if message.guest else ""
    words = quotes.excerpt(message.html) or ", ".join(file.name for file in message.attachments)
    return MessageLine(message.id, message.seq, sender, words, message.at)


def _is_waiting(room: things.RoomState) -> bool:
    return not room.archived and bool(room.mentions if room.muted else room.unread)


def _mention(row: Any, places: Places) -> MentionLine:
    room = row.message.room
    is_unread = row.read_seq is not None and row.seq > row.read_seq
    if not row.in_room:
        unread_from = row.thread_unread_from
        is_unread = row.read_seq is not None and unread_from is not None and row.seq >= unread_from
    place = places.name(room.slug, author=row.message.author_id, name=room.name)
    return MentionLine(_line(row.message), room.slug, place, is_unread)


def _lines(ids: Any) -> dict[int, MessageLine]:
    wanted = [pk for pk in ids if pk is not None]
    return {
        message.pk: _line(message)
        for message in Message.objects.filter(pk__in=wanted).select_related("author__chat_profile")
    }


def _line(message: Message) -> MessageLine:
    sender = people.as_name(message.author).name if message.author_id else message.guest_name
    return MessageLine(message.pk, message.seq, sender, quotes.excerpt(message.html), message.created_at)
