"""Every two seconds: what the channel layer lost arrives now, instead of never."""

import asyncio
import logging

from chat.domain import standing
from chat.events import shapes

from . import database
from .frames import Frame

logger = logging.getLogger(__name__)

CHECK_EVERY_S = 2.0
PRESENCE_EVERY_S = 1.0
FULL_GOSSIP_EVERY = 10
"""In ticks of presence."""


async def run(hub) -> None:
    """Tick, as long as the hub lives."""
    hub.loop.create_task(_presence(hub))
    while True:
        await asyncio.sleep(CHECK_EVERY_S)
        try:
            await check(hub)
        except database.UNAVAILABLE as error:
            logger.warning("The check found the database away: %s", error)
        except Exception:
            logger.exception("The check failed; it tries again.")


async def check(hub) -> None:
    """Compare what this process holds with the database, and hand out the difference."""
    asked = list(hub.connections)
    users = list(hub.people)
    slugs = list(hub.members.keys() | hub.watches.keys())
    sessions = [connection.session_key for connection in asked if connection.session_key]
    if not (users or slugs or sessions):
        return
    found = await database.read(standing.look, slugs, users, sessions)
    for connection in asked:
        if connection in hub.connections and not _stands(connection, found):
            hub.sign_out(connection)
    for user, listed in found.lists.items():
        for connection in list(hub.people.get(user, ())):
            for slug in connection.rooms - listed:
                hub.lose_room(connection, slug)
                connection.send(Frame(shapes.RoomRemoved(room=slug).encode()))
            if gained := listed - connection.rooms:
                await _add_rooms(hub, connection, gained)
    for slug, (room_id, version) in found.heads.items():
        watch = hub.watches.get(slug)
        if watch is not None:
            hub.heal_if_needed(watch, version)
        if slug in hub.members and version > hub.heads.get(slug, 0):
            hub.heads[slug] = version
            hub.unread.note(slug, room_id)


def _stands(connection, found: standing.Standing) -> bool:
    if connection.session_key and connection.session_key not in found.sessions:
        return False
    return connection.user_id is None or found.tokens.get(connection.user_id) == connection.token


async def _add_rooms(hub, connection, slugs: set[str]) -> None:
    for state in await database.read(standing.states_of, connection.person, slugs):
        hub.gain_room(connection, state.slug, state.version)
        connection.send(Frame(shapes.RoomAdded(room=state.slug, state=state).encode()))


async def _presence(hub) -> None:
    tick = 0
    while True:
        await asyncio.sleep(PRESENCE_EVERY_S)
        tick += 1
        said = hub.presence.tell(full=tick % FULL_GOSSIP_EVERY == 0)
        if said is not None:
            hub.relay.gossip(said)
        hub.presence.forget_silent(hub.loop.time())
        for slug, joined, left in hub.presence.changes():
            watch = hub.watches.get(slug)
            if watch is not None:
                event = shapes.Presence(room=slug, online=hub.presence.online(slug), joined=joined, left=left)
                hub.queue(watch, Frame(event.encode()))
