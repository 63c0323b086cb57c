"""What moderators decided about one person, and what waits for one moderator."""

from typing import Literal

from ..schema import Schema, Timestamp


class HeldChanged(Schema):
    """A filter holds a message of this person (`state` is `waiting`), or it does not wait any more: a moderator has
    `posted` or `refused` it, its author has `withdrawn` it, or nobody has decided in time (`expired`).

    It may be lost: ask `own_held` after the connection was away.
    """

    type: Literal["held"] = "held"
    room: str
    client_id: str
    state: str


class Muted(Schema):
    """A moderator keeps this person from writing in a room until a time; without a `room`, in the whole site. `until`
    is null when that ends early."""

    type: Literal["muted"] = "muted"
    room: str | None
    until: Timestamp | None


class ReportsChanged(Schema):
    """The number of reports and held messages that wait in a room whose moderator this person is. It also comes when
    moderators did something that changes neither: a mute, for example. It may be lost."""

    type: Literal["reports"] = "reports"
    room: str
    open: int


class ReportEnded(Schema):
    """Moderators have ended a report of this guest: `outcome` is `dismissed` or `acted`. Users get a message of the
    site instead. It is not stored: a guest who is away is not told."""

    type: Literal["report_ended"] = "report_ended"
    outcome: str
