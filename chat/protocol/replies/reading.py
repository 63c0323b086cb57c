"""The answers to commands that read the messages of a room or a thread."""

from typing import Annotated, Any, Literal

from pydantic import ValidatorFunctionWrapHandler, WrapValidator

from ..encoding import MessageList
from ..schema import Schema, Timestamp
from ..things import (
    ListedThread,
    Message,
    RoomState,
    You,
)


def _keep_encoded(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    # Validation would turn it into a plain list, which would be encoded again for each person.
    return value if isinstance(value, MessageList) else validate(value)


class OpenReply(Schema):
    """The answer to `open`: the state of the room and its messages.

    If `limited` is false, `messages` is a delta: all messages that changed after version `after`, up to `upto`. If it
    is true, `messages` is a page as of version `upto`, and the client drops its older copy: the latest page, or the one
    around the place that the command named with `at`. `more_before` and `more_after` say whether there are older and
    newer messages. `at` is the `seq` of that place: of the message, or the first one after the read position; null if
    the command named none, or nothing is unread. If that message is a reply that only its thread shows, `at` is the
    place of the thread's root, and `thread` the id of the root; else `thread` is null. `can_post`: whether the person
    may write here; in an archived room nobody may. `muted_until`: until then a moderator keeps them from writing, else
    null. `online` is the number of people who have the room open, including
    the one who asks. `here` names at most 50 of them.
    """

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    epoch: str
    state: RoomState
    can_post: bool
    muted_until: Timestamp | None = None
    after: int
    upto: int
    messages: Annotated[list[Message], WrapValidator(_keep_encoded)]
    limited: bool
    more_before: bool
    more_after: bool
    at: int | None = None
    thread: int | None = None
    online: int
    here: list[You]

    def encode(self) -> str:
        """The JSON text of one frame. A `MessageList` is not encoded again."""
        if not isinstance(self.messages, MessageList):
            return super().encode()
        return f'{self.model_dump_json(exclude={"messages"})[:-1]},"messages":{self.messages.encoded}}}'


class HistoryReply(Schema):
    """The answer to `history`: a page of messages, oldest first.

    `more_before` says whether there are older messages, `more_after` whether there are newer ones; null for the
    direction that the command did not ask for.
    """

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    messages: list[Message]
    more_before: bool | None
    more_after: bool | None


class ThreadReply(Schema):
    """The answer to `thread`: the root and a page of replies, oldest first, as of `version` of the room.

    `more_before` says whether there are older replies. `following`: whether this person follows the thread.
    `unread_from` is the `seq` of the first reply that they have not read, null if there is none.
    """

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    version: int
    root: Message
    replies: list[Message]
    more_before: bool
    following: bool
    unread_from: int | None


class ThreadsReply(Schema):
    """The answer to `threads`: a page of them. `more` is true if there are further ones."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    threads: list[ListedThread]
    more: bool
