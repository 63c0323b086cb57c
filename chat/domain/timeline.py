"""Reading the log: rooms as a person has them, pages, and what changed since."""

from dataclasses import dataclass

from chat.events import shapes
from chat.models import Room, RoomHead, Site
from chat.models.snapshot import snapshot

from . import access, log
from .errors import Invalid
from .facts import room_out, state_out


def rooms_of(person) -> list[shapes.RoomState]:
    """The rooms of a person's list, by name: a user's memberships; what is open to guests, for a guest. One query."""
    return [state_of(room) for room in access.list_rooms(person)]


def state_of(room: Room) -> shapes.RoomState:
    """A room (from `access`, with counts) as one person has it."""
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
    epoch differs, `since` is ahead of the head, or more than log.FILL_LIMIT messages changed. At most 4 queries.

    Raises NotFound.
    """
    # Not in the snapshot: the very first call makes the site's row.
    site = Site.current()
    with snapshot():
        room = access.get_with_counts(person, slug)
        state = state_of(room)
        if since is not None and epoch in (None, site.epoch) and since <= room.head_version:
            messages = log.changed_after(room.pk, since) if since < room.head_version else []
            if len(messages) <= log.FILL_LIMIT:
                return Opened(room, state, site.epoch, since, room.head_version, messages, limited=False, more=False)
        messages, more = log.page(room.pk)
        return Opened(room, state, site.epoch, 0, room.head_version, messages, limited=True, more=more)


def history(person, slug: str, before: int, limit: int = log.PAGE) -> tuple[list[shapes.MessageOut], bool]:
    """The `limit` (1 to 100) messages before `seq`, oldest first, and whether there are older ones.

    Raises NotFound, Invalid.
    """
    if not 1 <= limit <= log.PAGE_LIMIT:
        raise Invalid(field="limit")
    room = access.get_visible(person, slug)
    return log.page(room.pk, before, limit)


def changes(room_id: int, after: int) -> shapes.Changes | None:
    """What changed in a room after version `after`, in one snapshot: at most FILL_LIMIT messages, `upto` says how
    far it goes. None when nothing did. For the hub: it asks no one's permission, and hands out to watchers only.

    `state` is there when the room itself changed since, be it after `upto`: who may see the room has to be known first.
    """
    with snapshot():
        head = RoomHead.objects.select_related("room").get(pk=room_id)
        if head.version <= after:
            return None
        changed = log.changed_after(room_id, after)
    whole = len(changed) <= log.FILL_LIMIT
    upto = head.version if whole else changed[log.FILL_LIMIT - 1].version
    room = head.room
    return shapes.Changes(
        room=room.slug,
        after=after,
        upto=upto,
        messages=changed[: log.FILL_LIMIT],
        state=room_out(room) if room.changed_version > after else None,
    )
