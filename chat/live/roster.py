"""Who is connected to this process, and which rooms are on their lists."""

import sys
from collections.abc import Iterable, Iterator
from itertools import islice

from .connection import Connection

ALIKE_LIMIT = 1_000


class Roster:
    """Sockets by person, and people by the rooms of their lists. Guests have sockets, and no list.

    `heads` and `changed` hold a version of each listed room, and of its own last change, that everyone here has been
    told of at least: who does not watch the room is told of what lies beyond.
    """

    def __init__(self):
        self.connections: dict[Connection, None] = {}  # in the order of their turns
        self.people: dict[int, set[Connection]] = {}
        self.lists: dict[int, frozenset[str]] = {}
        self._alike: dict[frozenset[str], frozenset[str]] = {}
        self.members: dict[str, set[int]] = {}
        self.heads: dict[str, int] = {}
        self.changed: dict[str, int] = {}

    def add(self, connection: Connection) -> None:
        """Take in a socket."""
        self.connections[connection] = None
        if connection.user_id is not None:
            self.people.setdefault(connection.user_id, set()).add(connection)
            self.lists.setdefault(connection.user_id, frozenset())

    def remove(self, connection: Connection) -> None:
        """Forget a socket, and its person with the last one."""
        self.connections.pop(connection, None)
        mine = self.people.get(connection.user_id)
        if mine is not None:
            mine.discard(connection)
            if not mine:
                del self.people[connection.user_id]
                for slug in self.lists.pop(connection.user_id, ()):
                    self._forget_member(slug, connection.user_id)

    def gain_rooms(self, user_id: int, rooms: Iterable[tuple[str, int, int]]) -> None:
        """These rooms, each a (slug, version, version of its own last change), are on this person's list.

        Whoever knows less, the newcomer or the others, sets what is known: the next check tells the rest.
        """
        slugs = set()
        for name, version, changed in rooms:
            slug = sys.intern(name)  # the same few names, for thousands of people
            slugs.add(slug)
            self.members.setdefault(slug, set()).add(user_id)
            self.heads[slug] = min(version, self.heads.get(slug, version))
            self.changed[slug] = min(changed, self.changed.get(slug, changed))
        self._list(user_id, self.lists.get(user_id, frozenset()) | slugs)

    def lose_room(self, user_id: int, slug: str) -> None:
        """The room is no longer on this person's list."""
        if user_id in self.lists:
            self._list(user_id, self.lists[user_id] - {slug})
            self._forget_member(slug, user_id)

    def note_head(self, slug: str, version: int) -> bool:
        """Note a version of a listed room; true when it is news."""
        return self._note(self.heads, slug, version)

    def note_change(self, slug: str, version: int) -> bool:
        """Note a change of a listed room itself; true when it is news."""
        return self._note(self.changed, slug, version)

    def next_turn(self, limit: int) -> list[Connection]:
        """The `limit` sockets that were not looked at for the longest; their next turn comes after all others'."""
        turn = list(islice(self.connections, limit))
        for connection in turn:
            del self.connections[connection]
            self.connections[connection] = None
        return turn

    def hurry(self, users: Iterable[int]) -> None:
        """Put these people's sockets at the head of the next turn."""
        hurried = [connection for user_id in users for connection in self.of_person(user_id)]
        self.connections = dict.fromkeys(hurried) | self.connections

    def of_person(self, user_id: int) -> Iterable[Connection]:
        """The sockets of a person."""
        return list(self.people.get(user_id, ()))

    def count_of_person(self, user_id: int | None) -> int:
        """How many sockets a person has here; 0 for a guest."""
        return len(self.people.get(user_id, ()))

    def of_room(self, slug: str) -> Iterator[Connection]:
        """The sockets of those who have the room on their list."""
        for user_id in list(self.members.get(slug, ())):
            yield from self.of_person(user_id)

    def _list(self, user_id: int, slugs: frozenset[str]) -> None:
        # Most people of a site have the same rooms: one list in memory serves them all.
        if len(self._alike) > ALIKE_LIMIT:
            self._alike.clear()
        self.lists[user_id] = self._alike.setdefault(slugs, slugs)

    def _note(self, known: dict[str, int], slug: str, version: int) -> bool:
        news = slug in self.members and version > known.get(slug, 0)
        if news:
            known[slug] = version
        return news

    def _forget_member(self, slug: str, user_id: int) -> None:
        members = self.members.get(slug)
        if members is not None:
            members.discard(user_id)
            if not members:
                del self.members[slug]
                self.heads.pop(slug, None)
                self.changed.pop(slug, None)
