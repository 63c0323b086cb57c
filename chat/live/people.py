"""Sends changes of people (names, pictures, statuses) to the sockets of this process, each at least once."""

from collections.abc import Iterable

from chat.domain import people
from chat.protocol import events, things

from . import database
from .frames import Frame


class PeopleChanges:
    """What the sockets of this process know of the changes of people.

    All sockets know the changes up to `checked`; of later ones, the versions in `_sent` were sent to all. What is
    missing, the check of the hub finds in the database.
    """

    def __init__(self, hub):
        self._hub = hub
        self.checked: int | None = None
        self._sent: set[int] = set()

    def note_welcome(self, version: int) -> None:
        """A new socket knows the changes up to this `people_version`, and gets what is sent from now on."""
        if self.checked is None:
            self.checked = version
        elif version < max(self._sent, default=self.checked) or version < self.checked:
            # A change was sent while the welcome was made: the next check sends it again.
            self.checked = min(self.checked, version)
            self._sent = {sent for sent in self._sent if sent <= version}

    def send(self, event: events.PersonEvent, frame: Frame) -> None:
        """Send one change to those who may see the person. It may be one that they know."""
        self._sent.add(event.person.version)
        self._send([(event.person, frame)])

    def send_missing(self, changed: list[things.Person]) -> None:
        """Send what was not sent yet of all changes after `checked`, in the order of their versions."""
        missing = [person for person in changed if person.version not in self._sent]
        self._send([(person, Frame(events.PersonEvent(person=person).encode())) for person in missing])
        if changed:
            self.checked = max(self.checked or 0, changed[-1].version)
            self._sent = {version for version in self._sent if version > self.checked}

    def _send(self, changes: list[tuple[things.Person, Frame]]) -> None:
        guests = []
        for connection in list(self._hub.roster.connections):
            if connection.user_id is None:
                guests.append(connection)
            else:
                for _person, frame in changes:
                    connection.send(frame)
        if guests and changes:
            self._hub.spawn(self._send_to_guests(guests, changes))
        if own := {person.id for person, _frame in changes if self._hub.roster.count_of_person(person.id)}:
            self._hub.spawn(self._renew(own))

    async def _send_to_guests(self, guests, changes: list[tuple[things.Person, Frame]]) -> None:
        try:
            seen = await database.read(people.seen_by_guests, {person.id for person, _frame in changes})
        except database.UNAVAILABLE:
            # The next check reads these changes again.
            self.checked = min(self.checked or 0, changes[0][0].version - 1)
            return
        for connection in guests:
            for person, frame in changes:
                if person.id in seen:
                    connection.send(frame)

    async def _renew(self, user_ids: Iterable[int]) -> None:
        """Messages, presence and typing of these people have their new name from now on."""
        for user_id in user_ids:
            try:
                user = await database.read(people.load, user_id)
            except database.UNAVAILABLE:
                # Others see their new name all the same: its version is higher than that of a later message.
                return
            for connection in self._hub.roster.of_person(user_id) if user else ():
                connection.renew(user)
                for slug in connection.watching:
                    self._hub.presence.rename(slug, connection.key, connection.you.model_dump(mode="json"))
