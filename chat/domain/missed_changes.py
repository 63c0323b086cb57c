"""The changes of a room that a hub did not receive."""

from collections.abc import Iterable
from dataclasses import dataclass

from chat.models import RoomHead
from chat.models.snapshot import snapshot
from chat.protocol import events

from . import access, message_log
from .serializers import serialize_room


@dataclass(slots=True)
class Missed:
    """The changes that a hub did not receive. `seeing`: those of the given users who may see the room; None if the
    rules did not change."""

    changes: events.Changes
    seeing: set[int] | None


def read(room_id: int, after: int, users: Iterable[int]) -> Missed | None:
    """The `changes` after a version and, if the rules changed since, which of `users` (ids) may see the room. That is
    read after the changes, so that nobody receives a message that was posted after their removal. None: no changes."""
    found = changes_after(room_id, after)
    if found is None:
        return None
    changed = RoomHead.objects.filter(pk=room_id, rules__gt=after).exists()
    return Missed(found, access.who_may_see(found.room, users) if changed else None)


def changes_after(room_id: int, after: int) -> events.Changes | None:
    """The changes of a room after version `after`, up to `upto`, read in one snapshot: at most DELTA_LIMIT messages or
    DELTA_BYTES. None: no changes. No permission check: the hub sends them to the watchers only.

    `state` is set if the room itself changed, also after `upto`: watchers must know first who may see the room.
    """
    with snapshot():
        head = RoomHead.objects.select_related("room").get(pk=room_id)
        if head.version <= after:
            return None
        changed, is_complete = message_log.changed_after(room_id, after)
    upto = head.version if is_complete else changed[-1].version
    room = head.room
    return events.Changes(
        room=room.slug,
        after=after,
        upto=upto,
        messages=changed,
        state=serialize_room(room) if room.changed_version > after else None,
    )
