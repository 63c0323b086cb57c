"""Delivers envelopes to the sockets of their recipients, and updates the hub by them."""

from time import perf_counter

from chat.dispatch.envelope import ACCOUNT_CHANGED, BANS_CHANGED, DISCONNECT, RULES_CHANGED, Envelope
from chat.domain.receipts import MAX_MEMBERS
from chat.protocol import events

from . import checks, database, gaps, metrics
from .frames import Frame
from .paced_hints import PacedHints

READERS = "readers"


class Delivery:
    """Takes the envelopes of this process and of the others, and delivers them to the sockets of this process."""

    def __init__(self, hub):
        self._hub = hub
        self._readers = PacedHints(hub.loop, self._pass_on)
        self._for_hubs = {
            ACCOUNT_CHANGED: self._check_accounts,
            BANS_CHANGED: self._check_guests,
            RULES_CHANGED: self._check_rules,
            DISCONNECT: self._disconnect,
        }

    def deliver_from_thread(self, envelope: Envelope) -> None:
        """Like `deliver_own`, but may be called from any thread. The dispatcher calls it as a receiver."""
        database.call_when_done(self._hub.loop, self.deliver_own, envelope, perf_counter())

    def deliver_own(self, envelope: Envelope, since: float = 0.0) -> None:
        """Deliver an event of this process: to its own sockets first, then to the other processes."""
        if envelope.kind == READERS:
            self._offer_readers(envelope)
            return
        if envelope.kind == "message":
            metrics.tally.messages += 1
        self._pass_on(envelope, since)

    def _pass_on(self, envelope: Envelope, since: float = 0.0) -> None:
        self.deliver(envelope, since)
        self._hub.relay.send(envelope)

    def deliver(self, envelope: Envelope, since: float = 0.0) -> None:
        """Deliver an event to the sockets of its recipients on this process.

        `since`: when it entered this process (`perf_counter`); 0 for now.
        """
        since = since or perf_counter()
        if (check := self._for_hubs.get(envelope.kind)) is not None:
            check(envelope)
        elif isinstance(envelope.event, events.PersonEvent):
            self._hub.people.send(envelope.event, Frame(envelope.text))
        elif envelope.users or envelope.guests:
            self._deliver_to_people(envelope)
        elif envelope.version:
            self._deliver_change(envelope, since)
        elif not envelope.room:
            self._deliver_to_users(envelope, since)
        elif (watch := self._hub.watches.get(envelope.room)) is not None:
            self._hub.watches.queue(watch, Frame(envelope.text, since))

    def _offer_readers(self, envelope: Envelope) -> None:
        # In a large room there are no receipts: see `domain.receipts`.
        if len(self._hub.roster.members.get(envelope.room, ())) <= MAX_MEMBERS:
            self._readers.offer(envelope)

    def _check_accounts(self, envelope: Envelope) -> None:
        self._hub.spawn(checks.check_accounts(self._hub, envelope.users))

    def _check_guests(self, envelope: Envelope) -> None:
        self._hub.spawn(checks.check_guests(self._hub))

    def _check_rules(self, envelope: Envelope) -> None:
        # Later changes wait until the database has been asked who may still see the room.
        watch = self._hub.watches.get(envelope.room)
        if watch is not None:
            gaps.close_gap(self._hub, watch, envelope.version, grace_s=0)

    def _disconnect(self, envelope: Envelope) -> None:
        for connection in list(self._hub.watches.get(envelope.room, ())):
            self._hub.disconnect(connection)

    def _deliver_to_people(self, envelope: Envelope) -> None:
        event, frame = envelope.event, Frame(envelope.text)
        roster = self._hub.roster
        for connection in roster.of_guests(envelope.guests):
            connection.send(frame)
        for user_id in envelope.users:
            if isinstance(event, events.RoomRemoved):
                self._hub.remove_room(user_id, event.room, deleted=event.deleted)
                continue
            connections = roster.of_person(user_id)
            if connections and isinstance(event, events.RoomAdded):
                state = event.state
                roster.gain_rooms(user_id, [(state.slug, state.version, state.changed_version)])
            for connection in connections:
                connection.send(frame)
            if connections and isinstance(event, events.RoomAdded):
                self._hub.online.follow(user_id, [event.state])

    def _deliver_to_users(self, envelope: Envelope, since: float) -> None:
        frame = Frame(envelope.text, since)
        for connection in list(self._hub.roster.connections):
            if connection.user_id is not None:
                connection.send(frame)

    def _deliver_change(self, envelope: Envelope, since: float) -> None:
        hub, slug, event = self._hub, envelope.room, envelope.event
        watch = hub.watches.get(slug)
        if watch is not None:
            if isinstance(event, events.RoomEvent) and watch.is_news(envelope.version):
                hub.drop_unauthorised_watchers(slug, event.state)
            hub.watches.queue_all(watch, watch.continuity.receive(envelope.version, Frame(envelope.text, since)))
            gaps.close_gap(hub, watch)
        if isinstance(event, events.RoomEvent):
            if hub.roster.note_change(slug, envelope.version):
                hub.spawn(checks.notify_members_not_watching(hub, slug, Frame(envelope.text)))
        elif hub.roster.note_head(slug, envelope.version):
            is_silent = isinstance(event, events.MessageEvent) and event.message.silent
            hub.unread.note(slug, envelope.room_id, is_silent)
