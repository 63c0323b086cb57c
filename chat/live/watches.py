"""The watchers of each room on this process, and the frames that are queued for them."""

from . import gaps
from .connection import Connection
from .continuity import Continuity
from .frames import Frame
from .metrics import tally


class Watch:
    """The watchers of one room. Frames of one iteration of the event loop are joined: each socket gets one write.

    A connection that is opening the room gets no frames before its delta is written; they wait.
    """

    def __init__(self, slug: str):
        self.slug = slug
        self.room_id = 0
        self.continuity = Continuity()
        self._changed = 0
        self.fetching = None
        # A dict, for the order of arrival: in this order the connections are near each other in memory.
        self._ready: dict[Connection, None] = {}
        self._opening: dict[Connection, list[Frame]] = {}
        self._frames: list[Frame] = []

    def __contains__(self, connection: Connection) -> bool:
        return connection in self._ready or connection in self._opening

    def __bool__(self) -> bool:
        return bool(self._ready or self._opening)

    def __len__(self) -> int:
        return len(self._ready) + len(self._opening)

    def __iter__(self):
        yield from list(self._ready)
        yield from list(self._opening)

    @property
    def users(self) -> set[int]:
        """The ids of the users who watch; guests have none."""
        return {connection.user_id for connection in self} - {None}

    def is_news(self, version: int) -> bool:
        """Note a change of the room itself. Return True if it is newer than all before: it may come late or twice."""
        news = version > max(self._changed, self.continuity.at or 0)
        self._changed = max(self._changed, version)
        return news

    def begin(self, connection: Connection) -> None:
        """Queue the frames for `connection` until `ready`, also if it watches already."""
        self._ready.pop(connection, None)
        self._opening[connection] = []

    def ready(self, connection: Connection) -> None:
        """The delta is written: write the frames that waited, and those that come from now on."""
        for frame in self._opening.pop(connection, ()):
            connection.send(frame)
        self._ready[connection] = None

    def discard(self, connection: Connection) -> None:
        """Stop writing to `connection`."""
        self._ready.pop(connection, None)
        self._opening.pop(connection, None)

    def add(self, frame: Frame) -> bool:
        """Queue a frame for all. Return True if it is the first one since the last `flush`."""
        self._frames.append(frame)
        return len(self._frames) == 1

    def flush(self) -> None:
        """Write the queued frames. This is the only work that is done for each watcher."""
        frames, self._frames = self._frames, []
        if not frames:
            return
        wire = frames[0].data if len(frames) == 1 else b"".join([frame.data for frame in frames])
        for connection in list(self._ready):
            if connection.socket:
                connection.socket.write(wire)
            else:
                for frame in frames:
                    connection.send(frame)
        for held in self._opening.values():
            held.extend(frames)
        tally.count_flush(frames, len(self._ready))


class Watches(dict[str, Watch]):
    """The watched rooms of this process, by slug. A room without watchers is not in it."""

    def __init__(self, hub):
        super().__init__()
        self._hub = hub
        self._queued: list[Watch] = []

    def begin(self, connection: Connection, slug: str) -> None:
        """Queue the frames of a room for this connection from now on, until `start` or `stop`.

        Call it before the snapshot is read: what the snapshot does not contain yet comes as events.
        """
        watch = self.get(slug)
        if watch is None:
            watch = self[slug] = Watch(slug)
        watch.begin(connection)

    def is_reached_by(self, slug: str, version: int) -> bool:
        """Whether all changes after a snapshot of `version` will be sent. False if the room was started with a newer
        snapshot, of another connection. Then read a new snapshot."""
        watch = self.get(slug)
        return watch is None or watch.continuity.can_continue_from(version)

    def start(self, connection: Connection, slug: str, room_id: int, version: int) -> None:
        """The delta up to `version` is written: send what came since."""
        watch = self.get(slug)
        if watch is None or connection not in watch:
            return
        watch.room_id = room_id
        self.queue_all(watch, watch.continuity.start(version))
        watch.ready(connection)
        self.join(connection, slug)
        gaps.close_gap(self._hub, watch)

    def join(self, connection: Connection, slug: str) -> None:
        """Count this connection's person among those who have the room open. A second call does nothing."""
        if slug not in connection.watching:
            connection.watching.add(slug)
            self._hub.presence.join(slug, connection.key, connection.you.model_dump(mode="json"))

    def stop(self, connection: Connection, slug: str) -> None:
        """Stop writing frames of a room to this connection."""
        if slug in connection.watching:
            connection.watching.discard(slug)
            self._hub.presence.leave(slug, connection.key)
        watch = self.get(slug)
        if watch is not None:
            watch.discard(connection)
            if not watch:
                del self[slug]

    def queue_all(self, watch: Watch, changes: list[tuple[int, Frame]]) -> None:
        """Queue durable changes, each a (version, frame), in the order that the room's continuity gave them."""
        for _version, frame in changes:
            self.queue(watch, frame)

    def queue(self, watch: Watch, frame: Frame) -> None:
        """Queue a frame for a room's watchers. All frames of one iteration of the loop are written together."""
        if watch.add(frame):
            if not self._queued:
                self._hub.loop.call_soon(self.flush)
            self._queued.append(watch)

    def flush(self) -> None:
        """Write what is queued."""
        queued, self._queued = self._queued, []
        for watch in queued:
            watch.flush()
