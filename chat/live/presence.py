"""Who is here, by gossip: each process tells the others who has a room open on it, and keeps what they said.

Changes go out at once (gathered for up to a second), everything every 10 s, and a process that was silent for 30 s is
forgotten. No table, no Redis key. A plain class without I/O, in the manner of Phoenix's tracker.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import islice

SILENT_S = 30.0
NAMES_LIMIT = 50
"""Names in one event or reply; counts are exact."""

Names = dict[str, dict]
"""`sender_key` to `shapes.You`, as plain data."""


class Presence:
    """The people of every room, here and on the other processes. `token` names this process."""

    def __init__(self, token: str):
        self.token = token
        self._sockets: dict[str, Counter[str]] = {}
        self._here: dict[str, dict[str, Names]] = {}
        self._heard: dict[str, float] = {}
        self._delta: dict[str, dict] = {}
        self._shown: dict[str, Names] = {}
        self._changed: set[str] = set()

    def join(self, room: str, key: str, you: dict) -> None:
        """A socket of `key` opened `room` on this process."""
        sockets = self._sockets.setdefault(room, Counter())
        sockets[key] += 1
        if sockets[key] == 1:
            self._set(self.token, room, {key: you}, ())

    def leave(self, room: str, key: str) -> None:
        """A socket of `key` closed `room` on this process."""
        sockets = self._sockets.get(room)
        if not sockets or key not in sockets:
            return
        sockets[key] -= 1
        if not sockets[key]:
            del sockets[key]
            if not sockets:
                del self._sockets[room]
            self._set(self.token, room, {}, (key,))

    def hear(self, token: str, gossip: dict, now: float) -> None:
        """Take what another process said (see `tell`); `now` in monotonic seconds."""
        if token == self.token:
            return
        self._heard[token] = now
        if gossip.get("full"):
            for room in [room for room in self._here if token in self._here[room] and room not in gossip["rooms"]]:
                self._set(token, room, {}, list(self._here[room][token]))
        for room, said in gossip["rooms"].items():
            joined, left = said["joined"], said["left"]
            if gossip.get("full"):
                left = self._here.get(room, {}).get(token, {}).keys() - joined.keys()
            self._set(token, room, joined, left)
        if gossip.get("gone"):
            self.forget(token)

    def forget_silent(self, now: float) -> None:
        """Forget the processes that have said nothing for SILENT_S."""
        for token in [token for token, at in self._heard.items() if now - at > SILENT_S]:
            self.forget(token)

    def forget(self, token: str) -> None:
        """Forget one process and all who were on it."""
        self._heard.pop(token, None)
        for room in [room for room in self._here if token in self._here[room]]:
            self._set(token, room, {}, list(self._here[room][token]))

    def tell(self, full: bool = False) -> dict | None:
        """What to say to the others: changes since the last time, or everything. None when there is nothing new."""
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

    def here(self, room: str) -> list[dict]:
        """Some of them, at most NAMES_LIMIT."""
        return list(islice(self._names(room).values(), NAMES_LIMIT))

    def changes(self) -> Iterable[tuple[str, list[dict], list[dict]]]:
        """(room, joined, left) for each room whose people changed since the last call; at most NAMES_LIMIT names."""
        changed, self._changed = self._changed, set()
        for room in changed:
            before, now = self._shown.get(room, {}), self._names(room)
            joined = [now[key] for key in islice(now.keys() - before.keys(), NAMES_LIMIT)]
            left = [before[key] for key in islice(before.keys() - now.keys(), NAMES_LIMIT)]
            if now:
                self._shown[room] = now
            else:
                self._shown.pop(room, None)
            if joined or left:
                yield room, joined, left

    def _names(self, room: str) -> Names:
        names: Names = {}
        for said in self._here.get(room, {}).values():
            names.update(said)
        return names

    def _set(self, token: str, room: str, joined: Names, left: Iterable[str]) -> None:
        names = self._here.setdefault(room, {}).setdefault(token, {})
        if token == self.token:
            change = self._delta.setdefault(room, {"joined": {}, "left": set()})
            # The last word on each: the others may have known them before they came, went and came within a second.
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
