"""Reading the log: rooms as a person has them, pages, and what changed since."""

from dataclasses import dataclass

from chat.events import shapes
from chat.models import Room, RoomHead, Site
from chat.models.snapshot import snapshot

from . import reading, rooms
from .errors import Invalid
from .facts import message_out, room_out, state_out

PAGE = 50
FILL_LIMIT = 500
"""A fill of more changes than this is refused: the client gets the latest page, and drops its copy."""


def rooms_of(person) -> list[shapes.RoomState]:
    """The rooms of a person's list, by name: a user's memberships; what is open to guests, for a guest. One query."""
    return [state_of(room) for room in reading.with_counts(_mine(person), person)]


def _mine(person):
    visible = Room.objects.visible_to(person)
    listed = visible.joined_by(person) if person.is_authenticated else visible.current()
    return listed


def state_of(room: Room) -> shapes.RoomState:
    """A room (from `reading.with_counts`) as one person has it."""
    has = vars(room)
    return state_out(
        room,
        role=room.my_role,
        read=has.get("my_read") or 0,
        version=room.head_version,
        # Without a membership there is nothing to catch up on.
        unread=has.get("unread", 0) if room.my_role else 0,
        mentions=has.get("mentioned", 0) if room.my_role else 0,
    )


@dataclass(slots=True)
class Opened:
    """A room and a fill, read in one snapshot: all that changed after `after`, up to `upto`."""

    room: Room
    state: shapes.RoomState
    epoch: str
    after: int
    upto: int
    messages: list[shapes.MessageOut]
    limited: bool
    more: bool


def open_room(person, slug: str, since: int | None = None, epoch: str | None = None) -> Opened:
    """The room and what changed after version `since`, or its latest page (`limited`) when there is no `since`, the
    epoch differs, `since` is ahead of the head, or more than FILL_LIMIT messages changed. At most 4 queries.

    Raises NotFound.
    """
    with snapshot():
        room = rooms.get_visible(person, slug, reading.with_counts(Room.objects.all(), person))
        site = Site.current()
        state = state_of(room)
        log = room.messages.for_wire()
        if since is not None and epoch in (None, site.epoch) and since <= room.head_version:
            changed = list(log.changed_after(since)[: FILL_LIMIT + 1]) if since < room.head_version else []
            if len(changed) <= FILL_LIMIT:
                messages = [message_out(message) for message in changed]
                return Opened(room, state, site.epoch, since, room.head_version, messages, limited=False, more=False)
        messages, more = _page(log, PAGE)
        return Opened(room, state, site.epoch, 0, room.head_version, messages, limited=True, more=more)


def history(person, slug: str, before: int, limit: int = PAGE) -> tuple[list[shapes.MessageOut], bool]:
    """The `limit` (1 to 100) messages before `seq`, oldest first, and whether there are older ones.

    Raises NotFound, Invalid.
    """
    if not 1 <= limit <= 100:
        raise Invalid(field="limit")
    room = rooms.get_visible(person, slug)
    return _page(room.messages.for_wire().filter(seq__lt=before), limit)


def _page(queryset, limit: int) -> tuple[list[shapes.MessageOut], bool]:
    newest_first = list(queryset.order_by("-seq")[: limit + 1])
    return [message_out(message) for message in reversed(newest_first[:limit])], len(newest_first) > limit


def changes(room_id: int, after: int, limit: int = FILL_LIMIT) -> shapes.Changes | None:
    """What changed in a room after version `after`, in one snapshot: at most `limit` messages, `upto` says how far
    it goes. None when nothing did. For the hub: it asks no one's permission, and hands out to watchers only."""
    with snapshot():
        head = RoomHead.objects.select_related("room").get(pk=room_id)
        if head.version <= after:
            return None
        changed = list(head.room.messages.for_wire().changed_after(after)[: limit + 1])
    upto = changed[limit - 1].version if len(changed) > limit else head.version
    room = head.room
    return shapes.Changes(
        room=room.slug,
        after=after,
        upto=upto,
        messages=[message_out(message) for message in changed[:limit]],
        state=room_out(room) if after < room.changed_version <= upto else None,
    )
