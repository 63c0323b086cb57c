"""The commands of threads. A reply is sent by `post` with `thread`."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from . import replies
from .command import Command, Number
from .schema import Schema

THREAD_PAGE = 50
"""Replies in the answer to `thread` unless it names a `limit`."""
THREAD_LARGEST_PAGE = 100


class Thread(Command):
    """Fetch a thread: its root and the last `limit` replies, or those with a `seq` below `before`. `message` is the id
    of the root or of any reply.

    The answer is as of its `version` of the room. The events of the room keep it current while the room is open.
    """

    answers: ClassVar[type[Schema]] = replies.ThreadReply
    type: Literal["thread"] = "thread"
    message: Number
    before: Number | None = None
    limit: Annotated[int, Field(strict=True, ge=1, le=THREAD_LARGEST_PAGE)] = THREAD_PAGE


class Threads(Command):
    """Ask for the threads that this person follows: those with unread replies first, then by their last reply, the
    latest first. A page has 25; `skip` is the number of threads to leave out: those of the pages before."""

    answers: ClassVar[type[Schema]] = replies.ThreadsReply
    type: Literal["threads"] = "threads"
    skip: Number = 0


class Follow(Command):
    """Follow the thread of a message (its root or a reply). The event `follow` comes for each change.

    A person follows a thread without this command when they reply, are mentioned in a reply, or wrote the root.
    """

    type: Literal["follow"] = "follow"
    message: Number


class Unfollow(Command):
    """Stop to follow the thread of a message. Only a reply of one's own, or `follow`, ends that."""

    type: Literal["unfollow"] = "unfollow"
    message: Number


class ReadThread(Command):
    """Mark the replies of a thread as read, up to the one with the `seq` `upto`. `message` is the root or a reply."""

    type: Literal["read_thread"] = "read_thread"
    message: Number
    upto: Number


ALL: tuple[type[Command], ...] = (Thread, Threads, Follow, Unfollow, ReadThread)
