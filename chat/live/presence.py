"""Presence: who has which room open, on all processes. A plain class without I/O, modelled on Phoenix.Tracker.

Each process sends gossip to the others: its changes once a second, everything every 10 s. Each keeps what it received.
A process that sent nothing for 30 s is removed. There is no table, and no key in Redis.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import islice

SILENT_S = 30.0
NAMES_LIMIT = 50
"""The largest number of names in one event or reply. Counts are exact."""

EVERYWHERE = ""
"""The room of all who have any page or program connected, see `online`. No room has this slug."""

Names = dict[str, dict]
"""The people of one room on one process: `things.You` as plain data, by `sender_key`."""


class Presence:
    """The people of every room, on this process and on the others. `token` identifies this process."""

    def __init__(self, token: str):
        self.token = token
        self._sockets: dict[str, Counter[str]] = {}
        self._here: dict[str, dict[str, Names]] = {}
        self._last_seen: dict[str, float] = {}
        self._delta: dict[str, dict] = {}
        self._shown: dict[str, Names] = {}
        self._changed: set[str] = set()

    def join(self, room: str, key: str, you: dict) -> None:
        """A connection of the person `key` opened `room` on this process."""
        sockets = self._sockets.setdefault(room, Counter())
        sockets[key] += 1
        if sockets[key] == 1:
            self._set(self.token, room, {key: you}, ())

    def leave(self, room: str, key: str) -> None:
        """A connection of the person `key` closed `room` on this process."""
        sockets = self._sockets.get(room)
        if not sockets or key not in sockets:
            return
        sockets[key] -= 1
        if not sockets[key]:
            del sockets[key]
            if not sockets:
                del self._sockets[room]
            self._set(self.token, room, {}, (key,))

    def rename(self, room: str, key: str, you: dict) -> None:
        """The person `key` has another name or picture: those who open `room` from now on see it."""
        if key in self._sockets.get(room, ()):
            self._set(self.token, room, {key: you}, ())

    def receive(self, token: str, gossip: dict, now: float) -> None:
        """Take the gossip of another process (see `next_gossip`). `now` is in monotonic seconds."""
        if token == self.token:
            return
        self._last_seen[token] = now
        if gossip.get("full"):
            for room in [room for room in self._here if token in self._here[room] and room not in gossip["rooms"]]:
                self._set(token, room, {}, list(self._here[room][token]))
        for room, change in gossip["rooms"].items():
            joined, left = change["joined"], change["left"]
            if gossip.get("full"):
                left = self._here.get(room, {}).get(token, {}).keys() - joined.keys()
            self._set(token, room, joined, left)
        if gossip.get("gone"):
            self.forget(token)

    def forget_silent(self, now: float) -> None:
        """Remove the processes that sent nothing for SILENT_S."""
        for token in [token for token, at in self._last_seen.items() if now - at > SILENT_S]:
            self.forget(token)

    def forget(self, token: str) -> None:
        """Remove one process and all its people."""
        self._last_seen.pop(token, None)
        for room in [room for room in self._here if token in self._here[room]]:
            self._set(token, room, {}, list(self._here[room][token]))

    def next_gossip(self, full: bool = False) -> dict | None:
        """The gossip for the others: changes since the last call, or everything (`full`). None if nothing changed."""
        delta, self._delta = self._delta, {}
        if full:
            mine = {room: names[self.token] for room, names in self._here.items() if self.token in names}
            return {"full": True, "rooms": {room: {"joined": names, "left": []} for room, names in mine.items()}}
        rooms = {
            room: {"joined": change["joined"], "left": list(change["left"])}
            for room, change in delta.items()
            if change["joined"] or change["left"]
        }
        return {"rooms": rooms} if rooms else None

    def online(self, room: str) -> int:
        """How many people have `room` open, on all processes."""
        return len(self._names(room))

    def keys(self, room: str) -> set[str]:
        """The keys of all people who have `room` open."""
        return set(self._names(room))

    def here(self, room: str) -> list[dict]:
        """Some of those people, at most NAMES_LIMIT."""
        return list(islice(self._names(room).values(), NAMES_LIMIT))

    def was_shown(self, room: str, key: str) -> bool:
        """Whether the person `key` had `room` open at the last call of `changes`: whose answers continue from there."""
        return key in self._shown.get(room, {})

    def changes(self) -> Iterable[tuple[str, list[dict], list[dict]]]:
        """(room, joined, left) for each room whose people changed since the last call; at most NAMES_LIMIT names, or
        all for EVERYWHERE."""
        changed, self._changed = self._changed, set()
        for room in changed:
            before, now = self._shown.get(room, {}), self._names(room)
            limit = None if room == EVERYWHERE else NAMES_LIMIT
            joined = [now[key] for key in islice(now.keys() - before.keys(), limit)]
            left = [before[key] for key in islice(before.keys() - now.keys(), limit)]
            if now:
                self._shown[room] = now
            else:
                self._shown.pop(room, None)
            if joined or left:
                yield room, joined, left

    def _names(self, room: str) -> Names:
        names: Names = {}
        for people in self._here.get(room, {}).values():
            names.update(people)
        return names

    def _set(self, token: str, room: str, joined: Names, left: Iterable[str]) -> None:
        names = self._here.setdefault(room, {}).setdefault(token, {})
        if token == self.token:
            change = self._delta.setdefault(room, {"joined": {}, "left": set()})
            # Only the last state of each person counts: they may join, leave and join again within a second.
            for key in left:
                change["joined"].pop(key, None)
                change["left"].add(key)
            change["left"] -= joined.keys()
            change["joined"].update(joined)
        for key in left:
            names.pop(key, None)
        names.update(joined)
        if not names:
            del self._here[room][token]
            if not self._here[room]:
                del self._here[room]
        self._changed.add(room)
