"""The check, every two seconds: compares the state of this process with the database, and sends the differences.

It delivers changes whose events were lost by the channel layer.
"""

import asyncio
import logging

from chat.domain import access, bans, live_state, serializers
from chat.protocol import events

from . import database, gaps
from .frames import Frame
from .presence import EVERYWHERE

logger = logging.getLogger(__name__)

CHECK_EVERY_S = 2.0
PEOPLE_A_CHECK = 250
"""Each check compares the heads of all rooms, but the lists, sessions and accounts of this many connections only, in
turn. A change of those is published at once; the check is for lost events, and this limit bounds what it costs."""
PRESENCE_EVERY_S = 1.0
FULL_GOSSIP_EVERY = 10
"""Every tenth gossip message has the complete presence, the others only the changes."""


async def run(hub) -> None:
    """Check every CHECK_EVERY_S seconds, as long as the hub exists."""
    while True:
        await asyncio.sleep(CHECK_EVERY_S)
        await _try_check(hub)


async def check_accounts(hub, users: tuple[int, ...]) -> None:
    """Check now, these people's connections first: their accounts or sessions changed."""
    hub.roster.check_first(users)
    await _try_check(hub)


async def check_guests(hub) -> None:
    """Close the connections of guests who were banned."""
    await _try(_close_banned_guests(hub, list(hub.roster.connections)))


async def _try_check(hub) -> None:
    await _try(check(hub))


async def _try(work) -> None:
    try:
        await work
    except database.UNAVAILABLE as error:
        logger.warning("The check could not reach the database: %s", error)
    except Exception:
        logger.exception("The check failed. It is repeated in %s s.", CHECK_EVERY_S)


async def check(hub) -> None:
    """Compare the state of this process with the database, and send the differences."""
    roster = hub.roster
    asked = roster.next_turn(PEOPLE_A_CHECK)
    slugs = list(roster.members.keys() | hub.watches.keys())
    if not asked and not slugs:
        return
    people_version = hub.people.checked
    held = {user: roster.lists[user] for user in {each.user_id for each in asked} if user in roster.lists}
    sessions = [connection.session_key for connection in asked if connection.session_key]
    found = await database.read(live_state.read_live_state, slugs, list(held), sessions, people_version)
    if hub.people.checked == people_version:
        # Otherwise a new socket knows less than the others: the next check reads what it needs.
        hub.people.send_missing(found.people)
    await _close_banned_guests(hub, asked)
    for connection in asked:
        if connection in roster.connections and not _is_usable(connection, found):
            hub.sign_out(connection)
    for user, listed in found.lists.items():
        # Compared with what was held before the query: a later change has had its own event.
        for slug in held[user] - listed:
            hub.remove_room(user, slug)
        if gained := listed - held[user] - roster.lists.get(user, frozenset()):
            await _add_rooms(hub, user, gained)
    for room in found.rooms:
        watch = hub.watches.get(room.slug)
        if watch is not None:
            gaps.close_gap(hub, watch, room.head_version)
        if roster.note_change(room.slug, room.changed_version):
            event = events.RoomEvent(
                room=room.slug, version=room.changed_version, state=serializers.serialize_room(room)
            )
            await notify_members_not_watching(hub, room.slug, Frame(event.encode()))
        if roster.note_head(room.slug, room.head_version):
            hub.unread.note(room.slug, room.pk)
            hub.unread.note_lost(room.slug, room.pk)


async def _close_banned_guests(hub, connections: list) -> None:
    guests = [connection for connection in connections if connection.user_id is None and not connection.closed]
    if guests:
        banned = await database.read(bans.banned_among, {(one.person.id, one.person.network) for one in guests})
        for connection in guests:
            if (connection.person.id, connection.person.network) in banned and not connection.closed:
                hub.sign_out(connection, reason="banned")


async def notify_members_not_watching(hub, slug: str, frame: Frame) -> None:
    """Send a change of the room itself (name, topic …) to the members who do not watch it: their lists show it.

    Reads from the database who of them may see the room now, because the event of a removal may have been lost.
    """
    try:
        seeing = await database.read(access.who_may_see, slug, list(hub.roster.members.get(slug, ())))
    except database.UNAVAILABLE:
        hub.roster.changed.pop(slug, None)  # So that the next check sends it.
        return
    for connection in hub.roster.of_room(slug):
        if slug not in connection.watching and connection.user_id in seeing:
            connection.send(frame)


def _is_usable(connection, found: live_state.LiveState) -> bool:
    if connection.session_key and connection.session_key not in found.sessions:
        return False
    return connection.user_id not in found.lists or found.tokens.get(connection.user_id) == connection.token


async def _add_rooms(hub, user: int, slugs: set[str]) -> None:
    sockets = hub.roster.of_person(user)
    if not sockets:
        return
    for state in await database.read(live_state.states_of, sockets[0].person, slugs):
        hub.roster.gain_rooms(user, [(state.slug, state.version, state.changed_version)])
        frame = Frame(events.RoomAdded(room=state.slug, state=state).encode())
        for connection in hub.roster.of_person(user):
            connection.send(frame)
        hub.online.follow(user, [state])


async def run_presence(hub) -> None:
    """Send presence every PRESENCE_EVERY_S seconds, as long as the hub exists."""
    tick = 0
    while True:
        await asyncio.sleep(PRESENCE_EVERY_S)
        tick += 1
        try:
            send_presence(hub, full=tick % FULL_GOSSIP_EVERY == 0)
        except Exception:
            logger.exception("Presence could not be sent.")


def send_presence(hub, *, full: bool) -> None:
    """Send presence: changes here (`full`: everything) to the other processes, all changes to the watchers."""
    gossip = hub.presence.next_gossip(full=full)
    if gossip is not None and not hub.draining:
        hub.relay.send_gossip(gossip | {"worker": hub.workers.name} if full else gossip)
    hub.workers.check(hub.loop.time())
    hub.presence.forget_silent(hub.loop.time())
    for slug, joined, left in hub.presence.changes():
        if slug == EVERYWHERE:
            hub.online.tell_followers(joined, left)
            continue
        watch = hub.watches.get(slug)
        if watch is not None:
            event = events.Presence(room=slug, online=hub.presence.online(slug), joined=joined, left=left)
            hub.watches.queue(watch, Frame(event.encode()))
