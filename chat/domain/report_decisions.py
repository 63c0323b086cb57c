"""What moderators do about a report: dismiss it, remove the message, mute or ban the person, write to the reporter.

The first of these but the last ends the report, and all other open ones of the same message or person; each reporter is
told by a message of the site, a guest on their page. Later ones are added to the list of acts.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chat.dispatch.publish import publish
from chat.dispatch.queueing import enqueue
from chat.models import Report, Room
from chat.models.sender import key_of_user
from chat.protocol import events

from . import account_bans, bans, guests, moderation, people, person_mutes, removing, rooms, site_voice, text
from .errors import Decided, Forbidden, Invalid, NotFound
from .moderation import Target
from .record import record
from .types import AnyPerson

Outcome = Report.Outcome
MAX_REPORTS = 200
"""Open reports of one message that end together."""


@transaction.atomic
def dismiss(*, report: int, by: AnyPerson, site: bool = False, note: str = "") -> Report:
    """End a report: nothing is wrong. Raises NotFound, Decided. `site`: see `moderation`."""
    found = _get_locked(report, by, site)
    if found.ended_at is not None:
        raise _decided(found)
    _act(found, by, "dismiss", Outcome.DISMISSED, note)
    return found


@transaction.atomic
def remove(*, report: int, by: AnyPerson, site: bool = False, note: str = "") -> Report:
    """Remove the reported message. Raises NotFound, Decided, Archived, Forbidden."""
    found = _get_for_deed(report, by, site)
    if found.message_id is None:
        raise Invalid(_("This report is about a person, not a message."))
    removing.remove(message=found.message_id, by=by, site=site, reason=note)
    _act(found, by, "remove", Outcome.ACTED, note)
    return found


@transaction.atomic
def mute(
    *, report: int, by: AnyPerson, minutes: int, everywhere: bool = False, site: bool = False, note: str = ""
) -> Report:
    """Mute the reported person for some minutes: in the room of the report or, for the site, `everywhere`.

    Raises NotFound, Decided, Forbidden, Invalid.
    """
    found = _get_for_deed(report, by, site)
    room = None if (everywhere or found.room is None) and site else found.room
    until = timezone.now() + timedelta(minutes=minutes)
    person_mutes.mute(target=target_of(found), by=by, until=until, room=room, reason=note, site=site)
    _act(found, by, "mute", Outcome.ACTED, note)
    return found


@transaction.atomic
def ban(*, report: int, by: AnyPerson, until: datetime | None = None, site: bool = False, note: str = "") -> Report:
    """Ban the reported person: from the site, until a time (None: for good); or as a moderator of the room, from that
    room, until a moderator adds them again. Only staff can ban a guest.

    Raises NotFound, Decided, Forbidden, Invalid.
    """
    found = _get_for_deed(report, by, site)
    target = target_of(found)
    moderation.check_target(target, by, found.room, site)
    if not site:
        _ban_from_room(found, target, by, note)
    elif target.user is not None:
        account_bans.ban(user=target.user, by=by, reason=note, until=until)
    else:
        bans.ban_guest(guest_id=target.guest_id, name=target.guest_name, by=by, until=until, reason=note)
    _act(found, by, "ban", Outcome.ACTED, note)
    return found


@transaction.atomic
def write(*, report: int, by: AnyPerson, body: str, site: bool = False) -> Report:
    """Write to the reporter in the name of the site; as a moderator of a room, with its name. Does not end the report.

    Raises NotFound, and Invalid for guests, filters and accounts that are gone.
    """
    found = _get_locked(report, by, site)
    if found.reporter is None or not found.reporter.is_active:
        raise Invalid(_("Only people with an account can be written to."), field="body")
    body = text.check_body(body)
    if not site and found.room is not None:
        with _language_of(found.reporter):
            body = _("The moderators of **%(room)s**:") % {"room": found.room.name} + f"\n\n{body}"
    site_voice.write_to(user=found.reporter, body=body, client_id=uuid4())
    _add_act(found, by, "write", "")
    found.save(update_fields=["acts"])
    record(by, "report.write", found, room=found.room)
    moderation.note_queue(found.room)
    return found


def tell_reporter(*, report: int) -> None:
    """Tell the person who made a report how it ended. Idempotent. Does nothing if they are gone."""
    found = Report.objects.select_related("reporter__chat_profile", "about__chat_profile", "room").filter(pk=report)
    row = found.exclude(ended_at=None).first()
    if row is None or row.reporter is None or not row.reporter.is_active:
        return
    with _language_of(row.reporter):
        body = _ending(row)
    # The same id however often the job runs.
    client_id = uuid5(NAMESPACE_URL, f"{settings.SITE_URL}/reports/{row.pk}")
    site_voice.write_to(user=row.reporter, body=body, client_id=client_id)


def target_of(report: Report) -> Target:
    """The person whom a report is about."""
    if report.message is not None:
        return moderation.target_of(report.message)
    if report.about is None:
        raise NotFound(_("The person of this report is gone."))
    return Target(key_of_user(report.about.pk), report.about)


def _get_locked(report: int, by: AnyPerson, site: bool) -> Report:
    within = moderation.within_reach(Report.objects.all(), by, site)
    if not getattr(by, "is_superuser", False):
        # Nobody decides about a report of themselves.
        within = within.exclude(about=by.pk)
    if not within.filter(pk=report).exists():
        raise NotFound(_("Report not found."), field="report")
    rows = Report.objects.select_related("message__author__chat_profile", "message__room", "about__chat_profile")
    rows = rows.select_related("message__author__chat_profile", "room", "reporter__chat_profile", "ended_by")
    found: Report = rows.select_for_update(of=("self",)).get(pk=report)
    return found


def _get_for_deed(report: int, by: AnyPerson, site: bool) -> Report:
    """Like `_get_locked`. More may be done because of a report that was acted upon. If another moderator has dismissed
    it meanwhile, this one is told first. Raises NotFound, Decided."""
    found = _get_locked(report, by, site)
    if found.outcome == Outcome.DISMISSED and found.ended_by_id != by.pk:
        raise _decided(found)
    return found


def _decided(report: Report) -> Decided:
    return Decided(_("%(name)s has ended this report already.") % {"name": report.ended_by or "?"})


def _act(report: Report, by: AnyPerson, act: str, outcome: str, note: str) -> None:
    """Note what was done, and end the report and those of the same subject, if they are open."""
    _add_act(report, by, act, note)
    report.save(update_fields=["acts"])
    verb = "report.dismiss" if outcome == Outcome.DISMISSED else "report.act"
    record(by, verb, report, room=report.room, after={"act": act}, reason=note)
    # Also if it has ended: the panels of the other moderators show what was done.
    moderation.note_queue(report.room)
    if report.ended_at is not None:
        return
    same = {"message": report.message_id} if report.message_id else {"message": None, "about": report.about_id}
    columns = ("pk", "reporter_id", "reporter_key")
    ended = list(Report.objects.open().filter(**same).values_list(*columns)[:MAX_REPORTS])
    values: dict[str, Any] = {"outcome": outcome, "ended_at": timezone.now(), "ended_by": by}
    Report.objects.filter(pk__in=[pk for pk, _reporter, _key in ended]).update(**values)
    for name, value in values.items():
        setattr(report, name, value)
    for pk, reporter, key in ended:
        if reporter is not None:
            enqueue("moderation.tell_reporter", pk)
        elif key.startswith("g:"):
            # Only on a page that is open now: nothing is kept for a guest.
            publish(events.ReportEnded(outcome=outcome), guests=[guests.public_id(key.removeprefix("g:"))])


def _add_act(report: Report, by: AnyPerson, act: str, note: str) -> None:
    report.acts = [*report.acts, moderation.act_of(act, by, timezone.now(), note)]


def _ban_from_room(report: Report, target: Target, by: AnyPerson, note: str) -> None:
    room: Room | None = report.room
    if room is None or target.user is None:
        raise Forbidden(_("Only staff of the site can ban a guest. You can mute them in this room."))
    rooms.remove(room=room, user=target.user, by=by, reason=note)


def _language_of(user: Any) -> Any:
    return translation.override(people.profile_of(user).language or settings.LANGUAGE_CODE)


def _ending(report: Report) -> str:
    """What the reporter reads."""
    if report.message_id is not None and report.room is not None:
        room = f"**{report.room.name}**" if report.room.name else _("a direct conversation")
        what = _("You reported a message in %(room)s.") % {"room": room}
    else:
        name = people.as_name(report.about).name if report.about else report.about_name
        what = _("You reported %(name)s.") % {"name": f"**{name}**"}
    if report.outcome == Outcome.DISMISSED:
        end = _("The moderators looked at it, and found nothing against the rules. Thank you for telling us.")
    else:
        end = _("The moderators have acted on it. Thank you for telling us.")
    return f"{what} {end}"
