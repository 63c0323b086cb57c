"""Who is online: tells each person which of the people in their direct rooms have a page or program connected.

`presence` counts those who have a direct room under the slug EVERYWHERE, so that the other processes know of them, too.
"""

from collections.abc import Iterable

from chat.domain import people
from chat.protocol import events, things

from .connection import Connection
from .frames import Frame
from .presence import EVERYWHERE


class Online:
    """The people whom each person of this process follows: those in their direct rooms."""

    def __init__(self, hub):
        self._hub = hub
        self._followed: dict[int, set[int]] = {}
        self._followers: dict[int, set[int]] = {}
        self._counted: set[Connection] = set()

    def add(self, connection: Connection, states: Iterable[things.RoomState]) -> None:
        """A user has connected who has these rooms: count them, and tell them who is online."""
        self.follow(connection.user_id, states, excluded=connection)
        followed = self._followed.get(connection.user_id)
        if followed:
            self._count(connection)
            self._tell([connection], joined=self._online_among(followed))

    def follow(self, user_id: int, states: Iterable[things.RoomState], excluded: Connection | None = None) -> None:
        """A user has these rooms on their list now. Send to their connections, except `excluded`, who of the people
        that they follow now is online."""
        found = {person.id for state in states for person in state.people} - {user_id}
        new = found - self._followed.get(user_id, set())
        if not new:
            return
        self._followed.setdefault(user_id, set()).update(new)
        for person in new:
            self._followers.setdefault(person, set()).add(user_id)
        connections = [each for each in self._hub.roster.of_person(user_id) if each is not excluded]
        for connection in connections:
            self._count(connection)
        self._tell(connections, joined=self._online_among(new))

    def remove(self, connection: Connection) -> None:
        """A connection has ended. Its person is forgotten with the last one."""
        if connection in self._counted:
            self._counted.remove(connection)
            self._hub.presence.leave(EVERYWHERE, connection.key)
        if connection.user_id is not None and not self._hub.roster.count_of_person(connection.user_id):
            for person in self._followed.pop(connection.user_id, ()):
                followers = self._followers[person]
                followers.discard(connection.user_id)
                if not followers:
                    del self._followers[person]

    def tell_followers(self, joined: list[dict], left: list[dict]) -> None:
        """These people (`things.You` as plain data) came online or went, on any process."""
        changes: dict[int, tuple[list[int], list[int]]] = {}
        for at, changed in enumerate((joined, left)):
            for person in (you["user"]["id"] for you in changed if you["user"]):
                for user_id in self._followers.get(person, ()):
                    changes.setdefault(user_id, ([], []))[at].append(person)
        for user_id, (came, went) in changes.items():
            self._tell(self._hub.roster.of_person(user_id), joined=came, left=went)

    def _count(self, connection: Connection) -> None:
        if connection not in self._counted:
            self._counted.add(connection)
            self._hub.presence.join(EVERYWHERE, connection.key, connection.you.model_dump(mode="json"))

    def _online_among(self, ids: set[int]) -> list[int]:
        was_shown = self._hub.presence.was_shown
        return [person for person in sorted(ids) if was_shown(EVERYWHERE, people.key_of_user(person))]

    def _tell(self, connections: Iterable[Connection], joined: list[int], left: Iterable[int] = ()) -> None:
        if not joined and not left:
            return
        frame = Frame(events.Online(joined=joined, left=list(left)).encode())
        for connection in connections:
            connection.send(frame)
