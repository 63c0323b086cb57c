"""Who is connected to this process, and which rooms are on their lists."""

import sys
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from .connection import Connection

SHARED_LISTS_LIMIT = 1_000


class Roster:
    """Connections by person, and people by the rooms on their lists. Guests have connections, but no list.

    For each listed room: `heads` has a version that all its members here know of, `changed` the version of the last
    change of the room itself that they know of. Members who do not watch the room get later ones.
    """

    def __init__(self):
        self.connections: dict[Connection, None] = {}  # those that were checked least recently first
        self.people: dict[int, set[Connection]] = {}
        self.lists: dict[int, frozenset[str]] = {}
        self._shared_lists: dict[frozenset[str], frozenset[str]] = {}
        self.members: dict[str, set[int]] = {}
        self.heads: dict[str, int] = {}
        self.changed: dict[str, int] = {}

    def add(self, connection: Connection) -> None:
        """Add a connection."""
        self.connections[connection] = None
        if connection.user_id is not None:
            self.people.setdefault(connection.user_id, set()).add(connection)
            self.lists.setdefault(connection.user_id, frozenset())

    def remove(self, connection: Connection) -> None:
        """Remove a connection, and its person with the last one."""
        self.connections.pop(connection, None)
        mine = self.people.get(connection.user_id)
        if mine is not None:
            mine.discard(connection)
            if not mine:
                del self.people[connection.user_id]
                for slug in self.lists.pop(connection.user_id, ()):
                    self._forget_member(slug, connection.user_id)

    def gain_rooms(self, user_id: int, rooms: Iterable[tuple[str, int, int]]) -> None:
        """Add rooms to a person's list, each as (slug, version, version of the last change of the room itself).

        If this person and the others know different versions, the lower one counts, and the next check sends the rest.
        """
        slugs = set()
        for name, version, changed in rooms:
            # Thousands of people share the same few names.
            slug = sys.intern(name)
            slugs.add(slug)
            self.members.setdefault(slug, set()).add(user_id)
            self.heads[slug] = min(version, self.heads.get(slug, version))
            self.changed[slug] = min(changed, self.changed.get(slug, changed))
        self._list(user_id, self.lists.get(user_id, frozenset()) | slugs)

    def lose_room(self, user_id: int, slug: str) -> None:
        """Remove a room from a person's list."""
        if user_id in self.lists:
            self._list(user_id, self.lists[user_id] - {slug})
            self._forget_member(slug, user_id)

    def note_head(self, slug: str, version: int) -> bool:
        """Note the version of a listed room. Return True if it is new."""
        return self._note(self.heads, slug, version)

    def note_change(self, slug: str, version: int) -> bool:
        """Note the version of a change of a listed room itself. Return True if it is new."""
        return self._note(self.changed, slug, version)

    def next_turn(self, limit: int) -> list[Connection]:
        """The `limit` connections that were checked least recently. They are then last in the order."""
        turn = list(islice(self.connections, limit))
        for connection in turn:
            del self.connections[connection]
            self.connections[connection] = None
        return turn

    def check_first(self, users: Iterable[int]) -> None:
        """Put these people's connections first in the order of checks."""
        urgent = [connection for user_id in users for connection in self.of_person(user_id)]
        self.connections = dict.fromkeys(urgent) | self.connections

    def of_person(self, user_id: int) -> Iterable[Connection]:
        """The connections of a person."""
        return list(self.people.get(user_id, ()))

    def of_guests(self, guests: Collection[str]) -> list[Connection]:
        """The connections of the guests with these public ids. Goes through all connections: what is sent to a guest
        follows from an act of a moderator, which is rare."""
        if not guests:
            return []
        return [each for each in self.connections if each.user_id is None and each.person.id in guests]

    def count_of_person(self, user_id: int | None) -> int:
        """How many connections a person has here; 0 for a guest."""
        return len(self.people.get(user_id, ()))

    def of_room(self, slug: str) -> Iterator[Connection]:
        """The connections of those who have the room on their list."""
        for user_id in list(self.members.get(slug, ())):
            yield from self.of_person(user_id)

    def _list(self, user_id: int, slugs: frozenset[str]) -> None:
        # Most people of a site have the same rooms: equal lists share their memory.
        if len(self._shared_lists) > SHARED_LISTS_LIMIT:
            self._shared_lists.clear()
        self.lists[user_id] = self._shared_lists.setdefault(slugs, slugs)

    def _note(self, known: dict[str, int], slug: str, version: int) -> bool:
        is_new = slug in self.members and version > known.get(slug, 0)
        if is_new:
            known[slug] = version
        return is_new

    def _forget_member(self, slug: str, user_id: int) -> None:
        members = self.members.get(slug)
        if members is not None:
            members.discard(user_id)
            if not members:
                del self.members[slug]
                self.heads.pop(slug, None)
                self.changed.pop(slug, None)
