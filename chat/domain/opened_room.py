"""A room as one person opens it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chat.models import Room
from chat.protocol import replies, things

from .room_delta import RoomDelta


@dataclass(slots=True)
class OpenedRoom:
    """A room for one person: its state, whether they may write, and a delta up to the version in the state. `at` is the
    `seq` of the place that was asked for; `thread` the root of the thread that has the message that was asked for, if
    the room does not show that."""

    room: Room
    state: things.RoomState
    can_post: bool
    muted_until: Any
    epoch: str
    delta: RoomDelta
    at: int | None = None
    thread: int | None = None

    def reply(self, *, ref: Any = None, online: int = 0, here: Iterable[things.You] = ()) -> replies.OpenReply:
        """The answer to `open`."""
        return replies.OpenReply(
            ref=ref,
            room=self.state.slug,
            epoch=self.epoch,
            state=self.state,
            can_post=self.can_post,
            muted_until=self.muted_until,
            after=self.delta.after,
            upto=self.delta.upto,
            messages=self.delta.messages,
            limited=self.delta.limited,
            more_before=self.delta.more_before,
            more_after=self.delta.more_after,
            at=self.at,
            thread=self.thread,
            online=online,
            here=list(here),
        )
