"""Who watches one room in this process, and the frames on their way to them."""

from .connection import Connection
from .continuity import Continuity
from .frames import Frame
from .metrics import tally


class Watch:
    """One room's watchers. Frames of one loop turn are joined, and each socket gets one write.

    A connection that opens the room is held back until its fill is written: what is handed out meanwhile waits.
    """

    def __init__(self, slug: str):
        self.slug = slug
        self.room_id = 0
        self.continuity = Continuity()
        self._changed = 0
        self.healing = None
        self._ready: dict[Connection, None] = {}  # in the order in which they came: as they lie in memory
        self._opening: dict[Connection, list[Frame]] = {}
        self._frames: list[Frame] = []

    def __contains__(self, connection: Connection) -> bool:
        return connection in self._ready or connection in self._opening

    def __bool__(self) -> bool:
        return bool(self._ready or self._opening)

    def __iter__(self):
        yield from list(self._ready)
        yield from list(self._opening)

    @property
    def users(self) -> set[int]:
        """The ids of those who watch; guests have none."""
        return {connection.user_id for connection in self} - {None}

    def is_news(self, version: int) -> bool:
        """Note a change of the room itself, which may come late or twice; true when it is newer than all before."""
        news = version > max(self._changed, self.continuity.at or 0)
        self._changed = max(self._changed, version)
        return news

    def begin(self, connection: Connection) -> None:
        """Hold what is handed out back for `connection`, until `ready`. Also when it watches already."""
        self._ready.pop(connection, None)
        self._opening[connection] = []

    def ready(self, connection: Connection) -> None:
        """Its fill is written: write what waited, and what comes from now on."""
        for frame in self._opening.pop(connection, ()):
            connection.send(frame)
        self._ready[connection] = None

    def discard(self, connection: Connection) -> None:
        """Stop writing to `connection`."""
        self._ready.pop(connection, None)
        self._opening.pop(connection, None)

    def add(self, frame: Frame) -> bool:
        """Queue a frame for all; true when it is the first since the last `flush`."""
        self._frames.append(frame)
        return len(self._frames) == 1

    def flush(self) -> None:
        """Write what is queued. Nothing else may be done per watcher."""
        frames, self._frames = self._frames, []
        if not frames:
            return
        wire = frames[0].wire if len(frames) == 1 else b"".join([frame.wire for frame in frames])
        for connection in list(self._ready):
            if connection.wire:
                connection.wire.write(wire)
            else:
                for frame in frames:
                    connection.send(frame)
        for held in self._opening.values():
            held.extend(frames)
        tally.flushed(frames, len(self._ready))
