"""Reads what waits for moderators: reports with their context, held messages, mutes."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from chat.models import HeldMessage, Message, Report, Room
from chat.protocol import replies, things

from . import moderation, people, person_mutes, serializers
from .errors import NotFound
from .types import AnyPerson, Rows

PAGE = 20
HELD = 50
MUTES = 50
CONTEXT = 10
"""Messages before and after a reported one."""


def with_people(rows: Rows) -> Rows:
    """Reports with the rows that their serialized form needs."""
    reported = ("message__author__chat_profile", "message__reply_to__author__chat_profile", "message__room")
    return rows.select_related(
        *reported, "room", "about__chat_profile", "reporter__chat_profile", "ended_by", "by_filter"
    )


def of_room(person: AnyPerson, slug: str, *, ended: bool = False, before: int | None = None) -> replies.ReportsReply:
    """A page of the reports of a room, the newest first, for its moderators: those that are open, or those that ended.
    The first page of open ones comes with the held messages and the mutes. At most 10 queries.

    Raises NotFound, Forbidden.
    """
    room = moderation.get_room(person, slug)
    rows = Report.objects.filter(room=room, ended_at__isnull=not ended).exclude(about=person)
    rows = rows if before is None else rows.filter(pk__lt=before)
    page = list(with_people(rows).order_by("-pk")[: PAGE + 1])
    shown = page[:PAGE]
    is_first = before is None and not ended
    return replies.ReportsReply(
        room=slug,
        open=moderation.count_open(room),
        reports=serialize_all(shown),
        more=len(page) > PAGE,
        held=[serialize_held(row) for row in waiting(room)[:HELD]] if is_first else [],
        mutes=[_serialize_mute(row) for row in person_mutes.in_room(room)[:MUTES]] if is_first else [],
    )


def count(person: AnyPerson, slug: str) -> replies.ReportCountReply:
    """How many reports and held messages wait in a room, for its moderators. Three queries. Raises NotFound,
    Forbidden."""
    return replies.ReportCountReply(open=moderation.count_open(moderation.get_room(person, slug)))


def context_for(person: AnyPerson, report: int) -> replies.ReportContextReply:
    """A report of a room in its context, for the moderators of the room. Raises NotFound."""
    rows = moderation.within_reach(Report.objects.all(), person, site=False).exclude(about=person.pk)
    row = with_people(rows).filter(pk=report).first()
    if row is None:
        raise NotFound(field="report")
    of_room = Q(room=row.room_id)
    return replies.ReportContextReply(
        report=serialize_all([row])[0],
        messages=context_of(row),
        about=_as_counts(history_of(about_key(row), of_room)),
        reporter=_as_counts(reported_by(row, of_room)),
    )


@dataclass(frozen=True, slots=True)
class History:
    """How many former reports there are, and how many of them ended with an act of a moderator or were dismissed."""

    total: int
    acted: int
    dismissed: int


def history_of(about: Q | None, scope: Q | None = None) -> History:
    """The reports about the person of `about`."""
    return _count(Report.objects.filter(about) if about is not None else Report.objects.none(), scope)


def reported_by(report: Report, scope: Q | None = None) -> History:
    """The reports that the same person or filter has made."""
    return _count(Report.objects.filter(reporter_key=report.reporter_key), scope)


def about_key(report: Report) -> Q | None:
    """The condition for reports about the same person."""
    if report.about_id is not None:
        return Q(about=report.about_id)
    return Q(about_guest=report.about_guest) if report.about_guest else None


def _count(rows: Rows, scope: Q | None) -> History:
    rows = rows if scope is None else rows.filter(scope)
    found = rows.aggregate(
        total=Count("pk"),
        acted=Count("pk", filter=Q(outcome=Report.Outcome.ACTED)),
        dismissed=Count("pk", filter=Q(outcome=Report.Outcome.DISMISSED)),
    )
    return History(**found)


def _as_counts(history: History) -> things.ReportCounts:
    return things.ReportCounts(total=history.total, acted=history.acted, dismissed=history.dismissed)


def context_of(report: Report) -> list[things.Message]:
    """The reported message with CONTEXT messages before and after it, of its room or of its thread, as they are now. At
    most 4 queries. Empty for a report of a person."""
    message = report.message
    if message is None:
        return []
    rows = Message.objects.filter(room=message.room_id)
    rows = (
        rows.shown_in_room() if message.in_room else rows.filter(Q(thread=message.thread_id) | Q(pk=message.thread_id))
    )
    before = list(rows.filter(seq__lt=message.seq).order_by("-seq").values_list("pk", flat=True)[:CONTEXT])
    after = list(rows.filter(seq__gt=message.seq).order_by("seq").values_list("pk", flat=True)[:CONTEXT])
    found = Message.objects.for_serialization().filter(pk__in=[*before, message.pk, *after]).order_by("seq")
    return [serializers.serialize_message(row, ()) for row in found]


def waiting(room: Room | None = None) -> Rows:
    """The held messages of a room, or of the whole site, that wait, the oldest first."""
    rows = HeldMessage.objects.filter(state=HeldMessage.State.WAITING)
    rows = rows if room is None else rows.filter(room=room)
    return rows.select_related("author__chat_profile", "by_filter", "room").order_by("pk")


def serialize_all(rows: list[Report]) -> list[things.Report]:
    """Reports in the form of the wire. Reactions under the messages are left out."""
    return [
        things.Report(
            id=row.pk,
            message=serializers.serialize_message(row.message, ()) if row.message is not None else None,
            about=people.as_name(row.about) if row.about is not None else None,
            guest=_guest_of(row),
            reporter=people.as_name(row.reporter) if row.reporter is not None else None,
            reporter_name=row.reporter_name or (row.by_filter.name if row.by_filter else ""),
            reason=row.reason,
            note=row.note,
            text=row.text,
            at=row.made_at,
            outcome=row.outcome,
            acts=[things.ReportAct(**act) for act in row.acts],
        )
        for row in rows
    ]


def serialize_held(row: HeldMessage) -> things.HeldMessage:
    """A held message in the form of the wire."""
    return things.HeldMessage(
        id=row.pk,
        author=people.as_name(row.author) if row.author is not None else None,
        guest=None if row.author_id else things.Guest(id=row.guest_id, name=row.guest_name),
        text=row.body,
        files=len(row.parts.get("attachments", [])),
        filter=row.by_filter.name if row.by_filter else "",
        found=row.found,
        at=row.made_at,
    )


def _serialize_mute(row: Any) -> things.PersonMute:
    return things.PersonMute(
        person=people.as_name(row.user) if row.user is not None else None,
        guest=None if row.user_id else things.Guest(id=row.guest_id, name=row.guest_name),
        until=row.until,
        reason=row.reason,
    )


def _guest_of(row: Report) -> things.Guest | None:
    if row.about_id is not None or not row.about_name:
        return None
    return people.as_guest(row.message_id or 0, row.about_guest, row.about_name)
