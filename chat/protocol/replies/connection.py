"""The answers to commands about the connection, and to all that return nothing."""

from typing import Literal

from ..observation import Handshake
from ..schema import Schema


class ObserveReply(Schema):
    """The answer to `observe`. `shows_frames`: whether `frames` events will come."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    handshake: Handshake
    shows_frames: bool


class Reply(Schema):
    """The answer to a command that returns nothing."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
