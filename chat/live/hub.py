"""The hub: one a process. Events come in once, and go to every socket of this process that they concern.

It guarantees continuity: a watcher gets every durable change of its room, in order, once, whatever the channel layer
lost (see `continuity` and `checks`). All of it runs on the server's event loop.
"""

import asyncio
import json
import secrets
from contextvars import Context
from time import perf_counter
from weakref import WeakKeyDictionary

from chat.events import publish, shapes
from chat.events.publish import ACCOUNT, BARS, RULES, Envelope

from . import checks, database, healing, metrics, relay, unread
from .connection import Connection
from .frames import Frame
from .presence import Presence
from .roster import Roster
from .watch import Watch

SIGNED_OUT = 4001

_hubs: WeakKeyDictionary = WeakKeyDictionary()
metrics.register(_hubs.values)


class Hub:
    """Sockets by room and by person, and what they are owed."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.token = secrets.token_hex(8)
        self.roster = Roster()
        self.watches: dict[str, Watch] = {}
        self.presence = Presence(self.token)
        self.unread = unread.UnreadCounter(self)
        self.relay = relay.Relay(self)
        self.draining = False
        self._dirty: list[Watch] = []
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
        """Hear this process's own events first, join the site's group, and begin the checks."""
        publish.attach(self.deliver_from_thread)
        for work in (*self.relay.tasks(), checks.run(self), checks.run_presence(self), self.unread.run()):
            self.spawn(work)

    def begin_drain(self) -> None:
        """Tell the other processes, once, that the people here are about to go: they would be shown for SILENT_S."""
        if not self.draining:
            self.draining = True
            self.relay.gossip({"gone": True, "rooms": {}})

    def spawn(self, work) -> asyncio.Task:
        """Run a coroutine beside the others. The loop itself keeps no hold of its tasks."""
        # A context of its own: what it logs is of no one socket, not of the one that happened to start it.
        task = self.loop.create_task(work, context=Context())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    # --- Connections

    def add(self, connection: Connection, states: list[shapes.RoomState]) -> None:
        """Take in a socket whose person has these rooms."""
        self.roster.add(connection)
        if connection.user_id is not None:
            self._tell_others(connection, states)
            listed = [(state.slug, state.version, state.changed_version) for state in states]
            self.roster.gain_rooms(connection.user_id, listed)

    def _tell_others(self, connection: Connection, states: list[shapes.RoomState]) -> None:
        # The newcomer was welcomed with rooms that the person's other sockets have not heard of.
        listed = self.roster.lists[connection.user_id]
        for other in self.roster.of_person(connection.user_id):
            if other is not connection:
                for state in states:
                    if state.slug not in listed:
                        other.answer(shapes.RoomAdded(room=state.slug, state=state))

    def remove(self, connection: Connection) -> None:
        """Forget a socket."""
        for slug in list(connection.watching):
            self.unwatch(connection, slug)
        self.roster.remove(connection)

    def remove_room(self, user_id: int, slug: str) -> None:
        """The room is no longer on this person's list: what is said there is no longer for them. Those of their sockets
        that were told of it, or watch it, are told."""
        watch = self.watches.get(slug, ())
        listed = slug in self.roster.lists.get(user_id, ())
        self.roster.lose_room(user_id, slug)
        frame = Frame(shapes.RoomRemoved(room=slug).encode())
        for connection in self.roster.of_person(user_id):
            if listed or connection in watch:
                self.unwatch(connection, slug)
                connection.send(frame)

    def drop_watch(self, connection: Connection, slug: str) -> None:
        """A command found that this person does not see the room: end their watch at once, however it was lost."""
        if connection in self.watches.get(slug, ()):
            self.unwatch(connection, slug)
            connection.answer(shapes.RoomRemoved(room=slug))

    def keep_watching(self, watch: Watch, users: set[int]) -> None:
        """End the watches of all users but these; what a guest may see is in the room's own state."""
        for connection in watch:
            if connection.user_id is not None and connection.user_id not in users:
                self.drop_watch(connection, watch.slug)

    def sign_out(self, connection: Connection, reason: str = "signed_out") -> None:
        """Close a socket whose session or account no longer stands, or whose guest was `barred`."""
        connection.answer(shapes.Bye(reason=reason, retry_after=0))
        connection.close(SIGNED_OUT)

    # --- Watching

    def begin_watch(self, connection: Connection, slug: str) -> None:
        """Keep what happens in a room for this connection from now on, until `watch` or `unwatch`.

        The snapshot is read after this: what it does not hold yet comes as events.
        """
        watch = self.watches.get(slug)
        if watch is None:
            watch = self.watches[slug] = Watch(slug)
        watch.begin(connection)

    def is_reached_by(self, slug: str, version: int) -> bool:
        """Whether what follows a snapshot of `version` will be handed out. Not so when another connection's newer
        snapshot was where this room began; one that is read now will do."""
        watch = self.watches.get(slug)
        return watch is None or watch.continuity.reached_by(version)

    def watch(self, connection: Connection, slug: str, room_id: int, version: int) -> None:
        """The fill up to `version` is written: hand out what came since."""
        watch = self.watches.get(slug)
        if watch is None or connection not in watch:
            return
        watch.room_id = room_id
        self.hand_out(watch, watch.continuity.start(version))
        watch.ready(connection)
        self.join(connection, slug)
        healing.heal(self, watch)

    def join(self, connection: Connection, slug: str) -> None:
        """Count this connection's person among those who have the room open. Again does nothing."""
        if slug not in connection.watching:
            connection.watching.add(slug)
            self.presence.join(slug, connection.key, connection.you.model_dump())

    def unwatch(self, connection: Connection, slug: str) -> None:
        """Stop handing a room to this connection."""
        if slug in connection.watching:
            connection.watching.discard(slug)
            self.presence.leave(slug, connection.key)
        watch = self.watches.get(slug)
        if watch is not None:
            watch.discard(connection)
            if not watch:
                del self.watches[slug]

    # --- Events in

    def deliver_from_thread(self, envelope: Envelope) -> None:
        """Take an event of this process, from any thread: for its own sockets first, then for the other processes."""
        database.call_when_done(self.loop, self.deliver_own, envelope, perf_counter())

    def deliver_own(self, envelope: Envelope, since: float = 0.0) -> None:
        """Take an event of this process, on its loop."""
        if envelope.kind == "message":
            metrics.tally.messages += 1
        self.deliver(envelope, since)
        self.relay.send(envelope)

    def deliver(self, envelope: Envelope, since: float = 0.0) -> None:
        """Hand an event to those of this process whom it concerns. It came at `since` (`perf_counter`); 0: now."""
        since = since or perf_counter()
        if envelope.kind == ACCOUNT:
            self.spawn(checks.look_at(self, envelope.users))
        elif envelope.kind == BARS:
            self.spawn(checks.look_at_guests(self))
        elif envelope.kind == RULES:
            self._look_at_rules(envelope)
        elif envelope.users:
            self._deliver_to_people(envelope)
        elif envelope.version:
            self._deliver_durable(envelope, since)
        elif (watch := self.watches.get(envelope.room)) is not None:
            self.queue(watch, Frame(envelope.text, since))

    def _look_at_rules(self, envelope: Envelope) -> None:
        # Not handed out as it came: what follows it waits until the database has told who may still see the room.
        watch = self.watches.get(envelope.room)
        if watch is not None:
            healing.heal(self, watch, envelope.version, grace_s=0)

    def _deliver_to_people(self, envelope: Envelope) -> None:
        frame = Frame(envelope.text)
        for user_id in envelope.users:
            sockets = self.roster.of_person(user_id)
            if sockets and envelope.kind == "room_added":
                state = json.loads(envelope.text)["state"]
                self.roster.gain_rooms(user_id, [(envelope.room, state["version"], state["changed_version"])])
            elif envelope.kind == "room_removed":
                self.remove_room(user_id, envelope.room)
                continue
            for connection in sockets:
                connection.send(frame)

    def _deliver_durable(self, envelope: Envelope, since: float) -> None:
        slug = envelope.room
        watch = self.watches.get(slug)
        if watch is not None:
            if envelope.kind == "room" and watch.is_news(envelope.version):
                self.show_to_allowed(slug, json.loads(envelope.text)["state"])
            self.hand_out(watch, watch.continuity.offer(envelope.version, Frame(envelope.text, since)))
            healing.heal(self, watch)
        if envelope.kind == "room":
            if self.roster.note_change(slug, envelope.version):
                self.spawn(checks.tell_lists(self, slug, Frame(envelope.text)))
        elif self.roster.note_head(slug, envelope.version):
            self.unread.note(slug, envelope.room_id)

    def show_to_allowed(self, slug: str, state: dict) -> None:
        """A room changed who may see it: stop handing it to those who may no longer. Does not wait for its turn in
        the room's order: what was said before it is theirs, but nothing after."""
        removed = Frame(shapes.RoomRemoved(room=slug).encode())
        members = self.roster.members.get(slug, ())
        for connection in list(self.watches.get(slug, ())):
            if connection.user_id in members:
                continue
            is_guest = connection.user_id is None
            if state["kind"] != "public" or (is_guest and state["guests"] == "none"):
                self.unwatch(connection, slug)
                connection.send(removed)

    # --- Events out

    def hand_out(self, watch: Watch, items: list[tuple[int, Frame]]) -> None:
        """Queue durable changes, in the order that the room's continuity gave them."""
        for _version, frame in items:
            self.queue(watch, frame)

    def queue(self, watch: Watch, frame: Frame) -> None:
        """Queue a frame for a room's watchers; all of one loop turn leave together."""
        if watch.add(frame):
            if not self._dirty:
                self.loop.call_soon(self.flush)
            self._dirty.append(watch)

    def flush(self) -> None:
        """Write what is queued."""
        dirty, self._dirty = self._dirty, []
        for watch in dirty:
            watch.flush()
