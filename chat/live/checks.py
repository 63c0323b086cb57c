"""Every two seconds: what the channel layer lost arrives now, instead of never."""

import asyncio
import logging

from chat.domain import access, bars, facts, standing
from chat.events import shapes

from . import database, healing
from .frames import Frame

logger = logging.getLogger(__name__)

CHECK_EVERY_S = 2.0
PEOPLE_A_CHECK = 250
"""Every check looks at all rooms' heads, and at this many sockets' lists, sessions and accounts, by turns: whoever
changes those says so at once, and what was lost of that costs the database no more than this."""
PRESENCE_EVERY_S = 1.0
FULL_GOSSIP_EVERY = 10
"""In ticks of presence."""


async def run(hub) -> None:
    """Tick, as long as the hub lives."""
    while True:
        await asyncio.sleep(CHECK_EVERY_S)
        await _try_check(hub)


async def look_at(hub, users: tuple[int, ...]) -> None:
    """Look at these people's sockets in the next check, and hold it now: their accounts or sessions changed."""
    hub.roster.hurry(users)
    await _try_check(hub)


async def look_at_guests(hub) -> None:
    """Close the sockets of guests who were barred, now."""
    await _try(_show_out(hub, list(hub.roster.connections)))


async def _try_check(hub) -> None:
    await _try(check(hub))


async def _try(work) -> None:
    try:
        await work
    except database.UNAVAILABLE as error:
        logger.warning("The check found the database away: %s", error)
    except Exception:
        logger.exception("The check failed; it tries again.")


async def check(hub) -> None:
    """Compare what this process holds with the database, and hand out the difference."""
    roster = hub.roster
    asked = roster.next_turn(PEOPLE_A_CHECK)
    slugs = list(roster.members.keys() | hub.watches.keys())
    if not asked and not slugs:
        return
    held = {user: roster.lists[user] for user in {each.user_id for each in asked} if user in roster.lists}
    sessions = [connection.session_key for connection in asked if connection.session_key]
    found = await database.read(standing.look, slugs, list(held), sessions)
    await _show_out(hub, asked)
    for connection in asked:
        if connection in roster.connections and not _stands(connection, found):
            hub.sign_out(connection)
    for user, listed in found.lists.items():
        # Against what was held when we asked: what came or went since has had an event of its own.
        for slug in held[user] - listed:
            hub.remove_room(user, slug)
        if gained := listed - held[user] - roster.lists.get(user, frozenset()):
            await _add_rooms(hub, user, gained)
    for room in found.rooms:
        watch = hub.watches.get(room.slug)
        if watch is not None:
            healing.heal(hub, watch, room.head_version)
        if roster.note_change(room.slug, room.changed_version):
            event = shapes.RoomEvent(room=room.slug, version=room.changed_version, state=facts.room_out(room))
            await tell_lists(hub, room.slug, Frame(event.encode()))
        if roster.note_head(room.slug, room.head_version):
            hub.unread.note(room.slug, room.pk)


async def _show_out(hub, connections: list) -> None:
    guests = [connection for connection in connections if connection.user_id is None and not connection.closed]
    if guests:
        barred = await database.read(bars.barred_among, {(one.person.id, one.person.network) for one in guests})
        for connection in guests:
            if (connection.person.id, connection.person.network) in barred and not connection.closed:
                hub.sign_out(connection, reason="barred")


async def tell_lists(hub, slug: str, frame: Frame) -> None:
    """A new name or topic also shows in the lists of those who do not watch the room: of those who may see it now,
    whatever was heard of their removal."""
    try:
        seeing = await database.read(access.who_may_see, slug, list(hub.roster.members.get(slug, ())))
    except database.UNAVAILABLE:
        hub.roster.changed.pop(slug, None)  # The next check finds it again.
        return
    for connection in hub.roster.of_room(slug):
        if slug not in connection.watching and connection.user_id in seeing:
            connection.send(frame)


def _stands(connection, found: standing.Standing) -> bool:
    if connection.session_key and connection.session_key not in found.sessions:
        return False
    return connection.user_id not in found.lists or found.tokens.get(connection.user_id) == connection.token


async def _add_rooms(hub, user: int, slugs: set[str]) -> None:
    sockets = hub.roster.of_person(user)
    if not sockets:
        return
    for state in await database.read(standing.states_of, sockets[0].person, slugs):
        hub.roster.gain_rooms(user, [(state.slug, state.version, state.changed_version)])
        frame = Frame(shapes.RoomAdded(room=state.slug, state=state).encode())
        for connection in hub.roster.of_person(user):
            connection.send(frame)


async def run_presence(hub) -> None:
    """Gossip, and tell the watchers who came and went, as long as the hub lives."""
    tick = 0
    while True:
        await asyncio.sleep(PRESENCE_EVERY_S)
        tick += 1
        try:
            show_presence(hub, full=tick % FULL_GOSSIP_EVERY == 0)
        except Exception:
            logger.exception("Who is here could not be told.")


def show_presence(hub, *, full: bool) -> None:
    """Tell the other processes what changed here (or everything), and the watchers who came and went."""
    said = hub.presence.tell(full=full)
    if said is not None and not hub.draining:
        hub.relay.gossip(said)
    hub.presence.forget_silent(hub.loop.time())
    for slug, joined, left in hub.presence.changes():
        watch = hub.watches.get(slug)
        if watch is not None:
            event = shapes.Presence(room=slug, online=hub.presence.online(slug), joined=joined, left=left)
            hub.queue(watch, Frame(event.encode()))
