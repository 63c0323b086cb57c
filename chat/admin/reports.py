"""Reports: the queue of the moderators of the site."""

from datetime import timedelta

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from chat.domain import removing, report_decisions, report_queue
from chat.models import Report, Room

from .columns import account_name
from .moderation_base import EXCERPT_CHARS, ModerationAdmin, OpenFilter

MINUTES = [(10, _("10 minutes")), (60, _("1 hour")), (1440, _("1 day")), (10080, _("1 week")), (43200, _("30 days"))]
DAYS = [(1, _("1 day")), (7, _("1 week")), (30, _("30 days")), (0, _("No end"))]


@admin.register(Report)
class ReportAdmin(ModerationAdmin):
    """The queue of reports, of all rooms."""

    change_form_template = "admin/chat/report_form.html"
    list_display = ("subject", "who", "reason", "room", "by", "made_at", "outcome")
    list_filter = (OpenFilter, "reason", "made_at")
    list_select_related = ("about__chat_profile", "room", "reporter__chat_profile", "by_filter", "message")
    search_fields = ("text", "note", "about_name", "reporter_name")
    show_full_result_count = False
    list_per_page = 50
    ordering = ("-pk",)
    fields = ()

    @admin.display(description=_("message"))
    def subject(self, report):
        """The beginning of the text that was reported, or else the names of its files, as in the panel of its room."""
        if not report.message_id:
            return _("(a person)")
        text = report.text or ", ".join(file["name"] for file in report.message.attachments or ())
        return Truncator(text.replace("\n", " ")).chars(EXCERPT_CHARS) or _("(no text)")

    @admin.display(description=_("about"))
    def who(self, report):
        """The person who is reported."""
        return account_name(report.about) if report.about else _("%(name)s (guest)") % {"name": report.about_name}

    @admin.display(description=_("reported by"))
    def by(self, report):
        """Who has reported: a person or a filter."""
        return account_name(report.reporter) if report.reporter else report.by_filter or report.reporter_name

    def context_of(self, request, row):
        """The report in its context, with former reports of both sides."""
        row = report_queue.with_people(Report.objects.all()).get(pk=row.pk)
        return {
            "title": _("Report of a message") if row.message_id or row.text else _("Report of a person"),
            "subtitle": None,
            "report": row,
            "about": self.who(row),
            "reporter": self.by(row),
            "files": row.message.attachments if row.message else None,
            # Links into the room, and to its files, are for those who may see it.
            "room_is_visible": Room.objects.visible_to(request.user).filter(pk=row.room_id).exists(),
            "surrounding": report_queue.context_of(row),
            "about_history": report_queue.history_of(report_queue.about_key(row)),
            "reporter_history": report_queue.reported_by(row),
            "minutes": MINUTES,
            "days": DAYS,
        }

    def _dismiss(self, request, report):
        report_decisions.dismiss(report=report, by=request.user, site=True, note=_note(request))
        return _("The report was dismissed.")

    def _remove(self, request, report):
        report_decisions.remove(report=report, by=request.user, site=True, note=_note(request))
        return _("The message was removed.")

    def _restore(self, request, report):
        message = Report.objects.filter(pk=report).values_list("message", flat=True).first()
        removing.restore(message=message or 0, by=request.user, site=True)
        return _("The message was restored.")

    def _mute(self, request, report):
        minutes = _number(request, "minutes", MINUTES)
        everywhere = request.POST.get("everywhere") == "on"
        report_decisions.mute(
            report=report, by=request.user, minutes=minutes, everywhere=everywhere, site=True, note=_note(request)
        )
        return _("The person was muted.")

    def _ban(self, request, report):
        if not request.user.has_perms(["chat.add_accountban", "chat.add_guestban"]):
            raise PermissionDenied
        days = _number(request, "days", DAYS)
        until = timezone.now() + timedelta(days=days) if days else None
        report_decisions.ban(report=report, by=request.user, until=until, site=True, note=_note(request))
        return _("The person was banned.")

    def _write(self, request, report):
        report_decisions.write(report=report, by=request.user, body=request.POST.get("body", ""), site=True)
        return _("The reporter gets your message from the site.")

    acts = {
        "dismiss": _dismiss,
        "remove": _remove,
        "restore": _restore,
        "mute": _mute,
        "ban": _ban,
        "write": _write,
    }


def _note(request) -> str:
    return request.POST.get("note", "")[:1000]


def _number(request, name: str, choices: list) -> int:
    given = request.POST.get(name, "")
    allowed = {str(number): number for number, _label in choices}
    return allowed.get(given, choices[0][0])
