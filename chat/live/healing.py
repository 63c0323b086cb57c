"""Holes in a watched room's changes, closed from the database."""

import asyncio

from chat.domain import timeline
from chat.events import shapes

from . import database, metrics
from .frames import Frame
from .watch import Watch

GRACE_S = 0.03
"""How long a late event may take before its hole is fetched: two workers' events cross on their way."""


def heal(hub, watch: Watch, head: int = 0) -> None:
    """Fetch what is missing, beside other work: a late event shows a hole, or `head`, as the database has it."""
    if watch.healing is None and _needed(watch, head):
        watch.healing = hub.spawn(_fetch(hub, watch, head))


def apply(hub, watch: Watch, changes: shapes.Changes) -> None:
    """Hand out a fill, and the late events that follow it."""
    follow = watch.continuity.fill(changes.after, changes.upto)
    if follow is None:
        return
    if changes.state is not None:
        hub.show_to_allowed(watch.slug, changes.state.model_dump())
    metrics.tally.holes += 1
    hub.queue(watch, Frame(changes.encode()))
    hub.hand_out(watch, follow)


async def _fetch(hub, watch: Watch, head: int) -> None:
    try:
        await asyncio.sleep(GRACE_S)
        while watch and _needed(watch, head):
            changes = await database.read(timeline.changes, watch.room_id, watch.continuity.at)
            if changes is None:
                break
            apply(hub, watch, changes)
    except database.UNAVAILABLE:
        # The next check tries again.
        return
    finally:
        watch.healing = None


def _needed(watch: Watch, head: int) -> bool:
    return watch.continuity.hole or watch.continuity.head_is(head)
