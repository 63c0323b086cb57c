"""The first and the last event of a connection, and what it shows of itself."""

from typing import Literal

from ..observation import ObservedFrame, Traffic
from ..schema import Schema
from ..things import Limits, RoomState, You


class Welcome(Schema):
    """The first frame after the handshake.

    `resume` is a secret with which a guest who has no session can come back (see “The handshake”); null for all others.
    `folded` names the sections of the sidebar that this person has folded.
    `people_version` is the number of the latest change of a person: a client that knew an earlier one asks
    `changed_people`.
    """

    type: Literal["welcome"] = "welcome"
    protocol: Literal["chat"] = "chat"
    epoch: str
    you: You
    resume: str | None = None
    rooms: list[RoomState]
    folded: list[str]
    people_version: int
    limits: Limits


class Frames(Schema):
    """Frames of this connection, after `observe`. This event itself is not among them.

    Too many at once are left out: `skipped` is their number since the last such event. `sent` and `received` count all
    frames, seen from the server.
    """

    type: Literal["frames"] = "frames"
    frames: list[ObservedFrame]
    skipped: int
    sent: Traffic
    received: Traffic


class Bye(Schema):
    """The server is about to close this connection. Connect again after `retry_after` seconds.

    `reason` is `restart` (close code 1012), `too_many_connections` of this person (1013), `signed_out` or `banned`
    (4001: do not connect again with the same session or token). Other reasons may be added.
    """

    type: Literal["bye"] = "bye"
    reason: str
    retry_after: float
