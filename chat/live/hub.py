"""The hub, one for each process: the connections of the process, and what they watch.

A watcher gets every durable change of its room once, in order, whatever the channel layer lost (see `continuity`,
`gaps` and `checks`). Everything runs on the server's event loop. `delivery` takes the events.
"""

import asyncio
import random
import secrets
from contextvars import Context
from weakref import WeakKeyDictionary

from chat.dispatch import dispatcher
from chat.domain import connections
from chat.protocol import events, things

from . import checks, metrics, people, relay, unread
from .board import Board
from .connection import Connection
from .delivery import Delivery
from .frames import Frame
from .inquiries import Inquiries
from .last_seen import LastSeen
from .online import Online
from .presence import Presence
from .roster import Roster
from .source import HubSource
from .watches import Watch, Watches
from .workers import Workers

SIGNED_OUT = 4001
RESTART = 1012
RECONNECT_WITHIN_S = (0.5, 3.0)

_hubs: WeakKeyDictionary = WeakKeyDictionary()
metrics.register(_hubs.values)


class Hub:
    """Connections by person (`roster`) and by room (`watches`), and the parts that work on them."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.token = secrets.token_hex(8)
        self.roster = Roster()
        self.watches = Watches(self)
        self.presence = Presence(self.token)
        self.online = Online(self)
        self.unread = unread.UnreadCounter(self)
        self.people = people.PeopleChanges(self)
        self.workers = Workers(self.token)
        self.inquiries = Inquiries(self)
        self.board = Board(self)
        self.last_seen = LastSeen(self)
        self.relay = relay.Relay(self)
        self.delivery = Delivery(self)
        self.draining = False
        self._tasks: set[asyncio.Task] = set()

    @classmethod
    def current(cls) -> "Hub":
        """The hub of the running loop, started on first use."""
        loop = asyncio.get_running_loop()
        hub = _hubs.get(loop)
        if hub is None:
            hub = _hubs[loop] = cls()
            hub.start()
        return hub

    def start(self) -> None:
        """Connect to the dispatcher and to the channel layer, and start the checks."""
        dispatcher.connect(dispatcher.HUB, self.delivery.deliver_from_thread)
        connections.connect(HubSource(self))
        tasks = (checks.run(self), checks.run_presence(self), self.unread.run(), self.last_seen.run())
        for work in (*self.relay.tasks(), *tasks):
            self.spawn(work)

    def begin_drain(self) -> None:
        """Tell the other processes, once, that the people here leave. Else they would be shown for SILENT_S longer."""
        if not self.draining:
            self.draining = True
            self.relay.send_gossip({"gone": True, "rooms": {}})
            self.spawn(self.last_seen.write(also_connected=True))

    def spawn(self, work) -> asyncio.Task:
        """Start a task, and keep a reference to it: the loop itself keeps only a weak one."""
        # A new context: its log lines must not have the id of the connection that started it.
        task = self.loop.create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # --- Connections

    def add(self, connection: Connection, welcome: events.Welcome) -> None:
        """Register a connection whose person has been sent this welcome."""
        self.roster.add(connection)
        self.people.note_welcome(welcome.people_version)
        if connection.user_id is not None:
            self._send_new_rooms(connection, welcome.rooms)
            listed = [(state.slug, state.version, state.changed_version) for state in welcome.rooms]
            self.roster.gain_rooms(connection.user_id, listed)
            self.online.add(connection, welcome.rooms)

    def _send_new_rooms(self, connection: Connection, states: list[things.RoomState]) -> None:
        # `welcome` listed rooms that the person's other connections may not know of yet.
        listed = self.roster.lists[connection.user_id]
        for other in self.roster.of_person(connection.user_id):
            if other is not connection:
                for state in states:
                    if state.slug not in listed:
                        other.send_schema(events.RoomAdded(room=state.slug, state=state))

    def remove(self, connection: Connection) -> None:
        """Unregister a connection."""
        for slug in list(connection.watching):
            self.watches.stop(connection, slug)
        self.roster.remove(connection)
        self.online.remove(connection)
        self.last_seen.note_left(connection.user_id)

    def remove_room(self, user_id: int, slug: str, *, deleted: bool = False) -> None:
        """Remove a room from a person's list. Connections that know of the room, or watch it, get `room_removed`."""
        watch = self.watches.get(slug, ())
        listed = slug in self.roster.lists.get(user_id, ())
        self.roster.lose_room(user_id, slug)
        frame = Frame(events.RoomRemoved(room=slug, deleted=deleted).encode())
        for connection in self.roster.of_person(user_id):
            if listed or connection in watch:
                self.watches.stop(connection, slug)
                connection.send(frame)

    def drop_watch(self, connection: Connection, slug: str) -> None:
        """End the watch of a person who may no longer see the room, and send `room_removed`."""
        if connection in self.watches.get(slug, ()):
            self.watches.stop(connection, slug)
            connection.send_schema(events.RoomRemoved(room=slug))

    def keep_watching(self, watch: Watch, users: set[int]) -> None:
        """End the watches of all users except these. Guests stay: the state of the room decides for them."""
        for connection in watch:
            if connection.user_id is not None and connection.user_id not in users:
                self.drop_watch(connection, watch.slug)

    def drop_unauthorised_watchers(self, slug: str, state: things.Room) -> None:
        """End the watches of those who may not see a room in this state.

        Called before the change has its turn in the order of the room: they may see what was posted before the change,
        but nothing after it.
        """
        members = self.roster.members.get(slug, ())
        for connection in self.watches.get(slug, ()):
            if connection.user_id in members:
                continue
            is_guest = connection.user_id is None
            if state.kind != "public" or (is_guest and state.guests == "none"):
                self.drop_watch(connection, slug)

    def disconnect(self, connection: Connection) -> None:
        """Close a connection whose client is to connect again, not all of them in the same moment."""
        retry_after = random.uniform(*RECONNECT_WITHIN_S)
        connection.send_schema(events.Bye(reason="restart", retry_after=round(retry_after, 1)))
        connection.close(RESTART)

    def sign_out(self, connection: Connection, reason: str = "signed_out") -> None:
        """Close a connection whose session or account is no longer valid, or whose guest was `banned`."""
        connection.send_schema(events.Bye(reason=reason, retry_after=0))
        connection.close(SIGNED_OUT)
