"""Closes gaps in the changes of a watched room, from the database."""

import asyncio
from typing import TYPE_CHECKING

from chat.domain import missed_changes

from . import database, metrics
from .frames import Frame

if TYPE_CHECKING:
    from .watches import Watch

GRACE_S = 0.03
"""How long to wait for a late event before its gap is closed: events of two workers may overtake each other."""


def close_gap(hub, watch: "Watch", head: int = 0, grace_s: float = GRACE_S) -> None:
    """Start to fetch what is missing, if something is: an event waits, or `head` (in the database) is later."""
    if watch.fetching is None and _needed(watch, head):
        watch.fetching = hub.spawn(_fetch(hub, watch, head, grace_s))


def apply_missed(hub, watch: "Watch", missed: missed_changes.Missed) -> None:
    """Send a delta and the events that waited for it. First drop the watchers who may no longer see the room."""
    changes = missed.changes
    follow = watch.continuity.apply_delta(changes.after, changes.upto)
    if follow is None:
        return
    if changes.state is not None:
        hub.drop_unauthorised_watchers(watch.slug, changes.state)
    if missed.seeing is not None:
        hub.keep_watching(watch, missed.seeing)
    metrics.tally.gaps += 1
    hub.watches.queue(watch, Frame(changes.encode()))
    hub.watches.queue_all(watch, follow)
    if any(message.thread is not None for message in changes.messages):
        hub.unread.note_lost(watch.slug, watch.room_id)


async def _fetch(hub, watch: "Watch", head: int, grace_s: float) -> None:
    try:
        await asyncio.sleep(grace_s)
        while watch and _needed(watch, head):
            asked = watch.users
            missed = await database.read(missed_changes.read, watch.room_id, watch.continuity.at, asked)
            if missed is None:
                break
            # Someone who began to watch meanwhile may have read the room before the rules changed: ask about them too.
            if missed.seeing is None or watch.users <= asked:
                apply_missed(hub, watch, missed)
    except database.UNAVAILABLE:
        # The next check tries again.
        return
    finally:
        watch.fetching = None


def _needed(watch: "Watch", head: int) -> bool:
    return watch.continuity.has_gap or watch.continuity.is_behind(head)
