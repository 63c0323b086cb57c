"""The threads that one person follows."""

from typing import Literal

from ..schema import Schema


class Follow(Schema):
    """This person follows a thread or does not, or its first unread reply is another one. `thread` is the id of
    its root, `unread_from` the `seq` of the first reply that they have not read, null if they have read all."""

    type: Literal["follow"] = "follow"
    room: str
    thread: int
    following: bool
    unread_from: int | None


class MoreReplies(Schema):
    """A followed thread that had unread replies before has one more; a first one is told by `follow`. `thread` is the
    id of its root. Ask `threads` for the list of followed threads.

    It is a hint, and may be lost; then `unread_threads` comes.
    """

    type: Literal["more_replies"] = "more_replies"
    room: str
    thread: int


class UnreadThreads(Schema):
    """All threads of a room that this person follows and that have unread replies: see `RoomState`.

    It comes when a `follow` or `more_replies` event may have been lost.
    """

    type: Literal["unread_threads"] = "unread_threads"
    room: str
    threads: list[int]
