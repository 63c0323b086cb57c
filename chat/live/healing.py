"""Holes in a watched room's changes, closed from the database."""

import asyncio

from chat.domain import timeline

from . import database, metrics
from .frames import Frame
from .watch import Watch

GRACE_S = 0.03
"""How long a late event may take before its hole is fetched: two workers' events cross on their way."""


def heal(hub, watch: Watch, head: int = 0, grace_s: float = GRACE_S) -> None:
    """Fetch what is missing, beside other work: a late event shows a hole, or `head`, as the database has it."""
    if watch.healing is None and _needed(watch, head):
        watch.healing = hub.spawn(_fetch(hub, watch, head, grace_s))


def apply(hub, watch: Watch, missed: timeline.Missed) -> None:
    """Hand out a fill, and the late events that follow it; first drop the watchers who may no longer see the room."""
    changes = missed.changes
    follow = watch.continuity.fill(changes.after, changes.upto)
    if follow is None:
        return
    if changes.state is not None:
        hub.show_to_allowed(watch.slug, changes.state.model_dump())
    if missed.seeing is not None:
        hub.keep_watching(watch, missed.seeing)
    metrics.tally.holes += 1
    hub.queue(watch, Frame(changes.encode()))
    hub.hand_out(watch, follow)


async def _fetch(hub, watch: Watch, head: int, grace_s: float) -> None:
    try:
        await asyncio.sleep(grace_s)
        while watch and _needed(watch, head):
            asked = watch.users
            missed = await database.read(timeline.missed, watch.room_id, watch.continuity.at, asked)
            if missed is None:
                break
            # Who began to watch meanwhile may have read the room before the rules changed: ask for them as well.
            if missed.seeing is None or watch.users <= asked:
                apply(hub, watch, missed)
    except database.UNAVAILABLE:
        # The next check tries again.
        return
    finally:
        watch.healing = None


def _needed(watch: Watch, head: int) -> bool:
    return watch.continuity.hole or watch.continuity.head_is(head)
