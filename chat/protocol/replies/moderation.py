"""The answers to commands of moderators, and about one's own held messages."""

from typing import Literal

from ..schema import Schema
from ..things import (
    FilterHit,
    HeldMessage,
    HeldState,
    Message,
    OwnHeldMessage,
    PersonMute,
    Report,
    ReportCounts,
    RoomFilter,
)


class ReportsReply(Schema):
    """The answer to `reports`: a page of them. `open` is the number of open reports and held messages of the room."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    room: str
    open: int
    reports: list[Report]
    more: bool
    held: list[HeldMessage]
    mutes: list[PersonMute]


class ReportContextReply(Schema):
    """The answer to `report_context`: the reported message among those before and after it, and the numbers of reports
    `about` the same person and by the same `reporter` in the room, this one included."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    report: Report
    messages: list[Message]
    about: ReportCounts
    reporter: ReportCounts


class ReportCountReply(Schema):
    """The answer to `count_reports`: how many reports and held messages wait in the room."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    open: int


class OwnHeldReply(Schema):
    """The answer to `own_held`: the messages of this person that wait, the oldest first, and the state of those that do
    not wait any more among the ones that the client knows. One that is in neither list is unknown to the server: post
    it again with the same client_id."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    waiting: list[OwnHeldMessage]
    ended: list[HeldState]


class FiltersReply(Schema):
    """The answer to `filters`: those of the room, and how many it may have at `most`."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    filters: list[RoomFilter]
    most: int


class DryRunReply(Schema):
    """The answer to `try_filter`: how many messages of the room were `checked`, how many of them the filter would have
    `met`, and the last ones of these. `complete` is false if it took too long to check all of the last 10,000."""

    type: Literal["reply"] = "reply"
    ref: str | int | None = None
    checked: int
    met: int
    complete: bool
    hits: list[FilterHit]
