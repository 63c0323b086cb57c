"""The commands of reports, held messages, mutes and the filters of a room."""

from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from . import replies
from .command import Command, Number, Slug
from .schema import Schema

YEAR_MINUTES = 366 * 24 * 60
Count = Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)]
MAX_KNOWN = 100
Minutes = Annotated[int, Field(strict=True, ge=0, le=YEAR_MINUTES)]


class Report(Command):
    """Report a `message` or a `person` (ids; one of them) to the moderators. Guests may, too.

    `reason` is `spam`, `abuse`, `illegal`, `private` or `other`. While the report is open, a second one of the same
    replaces reason and note. The site tells users by a direct message how it ended, and guests by `report_ended`.
    """

    type: Literal["report"] = "report"
    message: Number | None = None
    person: Number | None = None
    reason: str
    note: str = ""


class Reports(Command):
    """Ask, as a moderator of a room, for its reports, the newest first: open ones, or those that `ended`. A page has
    20; `before` is the id of the last report of the page before. The first page of open ones also has the messages
    that filters hold, and the mutes in the room."""

    answers: ClassVar[type[Schema]] = replies.ReportsReply
    type: Literal["reports"] = "reports"
    room: Slug
    ended: Annotated[bool, Field(strict=True)] = False
    before: Number | None = None


class CountReports(Command):
    """Ask, as a moderator of a room, how many reports and held messages wait there. The event `reports` tells later
    numbers."""

    answers: ClassVar[type[Schema]] = replies.ReportCountReply
    type: Literal["count_reports"] = "count_reports"
    room: Slug


class ReportContext(Command):
    """Ask, as a moderator of its room, for a report with ten messages before and after the reported one, and for the
    numbers of former reports of both sides in the room."""

    answers: ClassVar[type[Schema]] = replies.ReportContextReply
    type: Literal["report_context"] = "report_context"
    report: Number


class DecideReport(Command):
    """Act upon a report, as a moderator of its room.

    `act` is `dismiss`, `remove` (the message), `mute` (the person, for `minutes`), `ban` (them from the room) or
    `write` (`note` to the reporter, in the name of the site). All but `write` end the report. `note` is the reason.
    """

    type: Literal["decide_report"] = "decide_report"
    report: Number
    act: Literal["dismiss", "remove", "mute", "ban", "write"]
    minutes: Minutes = 60
    note: str = ""


class DecideHeld(Command):
    """Decide, as a moderator of its room, about a message that a filter holds: post it (`post` true), or refuse it."""

    type: Literal["decide_held"] = "decide_held"
    held: Number
    post: Annotated[bool, Field(strict=True)]


class OwnHeld(Command):
    """Ask for one's own messages that wait for a moderator, and what became of those that this client `knows` (their
    client_ids)."""

    answers: ClassVar[type[Schema]] = replies.OwnHeldReply
    type: Literal["own_held"] = "own_held"
    knows: Annotated[list[UUID], Field(max_length=MAX_KNOWN)] = []


class WithdrawHeld(Command):
    """Take back one's own message that waits for a moderator. Does nothing if none waits."""

    type: Literal["withdraw_held"] = "withdraw_held"
    client_id: UUID


class MutePerson(Command):
    """Keep a `person` (the id of a user) or a `guest` (their public id) who wrote in a room from writing there for some
    `minutes`, as a moderator; 0 ends it."""

    type: Literal["mute_person"] = "mute_person"
    room: Slug
    person: Number | None = None
    guest: Annotated[str, Field(max_length=16)] | None = None
    minutes: Minutes
    reason: Annotated[str, Field(max_length=250)] = ""


class Filters(Command):
    """Ask, as a moderator of a room, for its filters."""

    answers: ClassVar[type[Schema]] = replies.FiltersReply
    type: Literal["filters"] = "filters"
    room: Slug


class SaveFilter(Command):
    """Add a filter to a room, as one of its moderators; with `filter` (an id), change that one. See the thing
    `RoomFilter`."""

    type: Literal["save_filter"] = "save_filter"
    filter: Number | None = None
    room: Slug
    name: Annotated[str, Field(max_length=200)]
    kind: Annotated[str, Field(max_length=20)]
    value: str = ""
    limit: Count = 3
    hours: Count = 24
    action: Annotated[str, Field(max_length=20)]
    is_on: Annotated[bool, Field(strict=True)] = True


class DeleteFilter(Command):
    """Delete a filter of a room, as one of its moderators. What it holds still waits."""

    type: Literal["delete_filter"] = "delete_filter"
    room: Slug
    filter: Number


class TryFilter(Command):
    """Ask, as a moderator of a room, what a filter would have met among its last 10,000 messages. Nothing is stored."""

    answers: ClassVar[type[Schema]] = replies.DryRunReply
    type: Literal["try_filter"] = "try_filter"
    room: Slug
    name: Annotated[str, Field(max_length=200)]
    kind: Annotated[str, Field(max_length=20)]
    value: str = ""
    limit: Count = 3
    hours: Count = 24
    action: Annotated[str, Field(max_length=20)]


ALL: tuple[type[Command], ...] = (
    *(Report, Reports, CountReports, ReportContext, DecideReport),
    *(DecideHeld, OwnHeld, WithdrawHeld, MutePerson),
    *(Filters, SaveFilter, DeleteFilter, TryFilter),
)
