"""What needs the attention of an operator: the lines at the head of the front page.

A new kind of line is a function that takes the request and yields lines; add it to SOURCES. It makes a fixed number
of queries, and yields nothing to those who could do nothing about it.
"""

import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.urls import reverse
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chat.domain import connections, live_board, migrations
from chat.jobs import metrics
from chat.models import HeldMessage, Job, Report, Site

logger = logging.getLogger(__name__)

LATE_JOB_S = 120
"""A job that has waited for longer shows that no worker runs jobs, or that too few do."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `level`: danger, or warning. `url` leads to where one does something about it, named `action`."""

    text: str
    level: str = "warning"
    url: str = ""
    action: str = ""


def lines(request) -> list[Line]:
    """All lines for this staff user, the most urgent first. A source that fails does not hide the others."""
    found: list[Line] = []
    for source in SOURCES:
        try:
            found += source(request)
        except Exception:
            logger.exception("%s could not be asked what needs attention.", source.__name__)
    return sorted(found, key=lambda line: line.level != "danger")


def _of_jobs(request) -> Iterator[Line]:
    if not request.user.has_perm("chat.view_job"):
        return
    counts, jobs = metrics.counts(), reverse("admin:chat_job_changelist")
    if failed := int(counts["failed"]):
        text = ngettext("%(count)d job was given up.", "%(count)d jobs were given up.", failed)
        newest = Job.objects.failed().order_by("-finished_at").first()
        why = f" {newest}: {newest.error[:150]}" if newest else ""
        yield Line(text % {"count": failed} + why, url=f"{jobs}?state=failed", action=_("Show them"))
    if counts["oldest_s"] > LATE_JOB_S:
        text = _("A job has been waiting for %(minutes)d minutes: nobody runs jobs, or too few do.")
        yield Line(text % {"minutes": counts["oldest_s"] // 60}, "danger", jobs, _("Show the jobs"))


def _of_workers(request) -> Iterator[Line]:
    if not request.user.has_perm(live_board.PERMISSION):
        return
    live = reverse("admin:live")
    for worker in connections.lost_workers():
        ago = timesince(worker.last_heard_at, depth=1)
        text = _("The worker %(name)s stopped without signing off. It was last heard %(ago)s ago.")
        yield Line(text % {"name": worker.name, "ago": ago}, "danger", live, _("Live page"))
    if not connections.layer_answers():
        text = _(
            "Redis does not answer. Messages reach people on other workers by a check of the database, up to 2 s late."
        )
        yield Line(text, "danger", live, _("Live page"))


def _of_disk(request) -> Iterator[Line]:
    if not request.user.has_perm(live_board.PERMISSION):
        return
    free = free_bytes()
    if free is not None and free < settings.MIN_FREE_DISK_BYTES:
        text = _("The disk is almost full: %(free)d MB are left. Uploads are refused, and soon messages will be.")
        yield Line(text % {"free": free // 10**6}, "danger")


def _of_mail(request) -> Iterator[Line]:
    site = Site.current()
    if site.mail_failed_at and request.user.has_perm("chat.view_site"):
        ago = timesince(site.mail_failed_at, depth=1)
        text = _("Mail fails. The last attempt, %(ago)s ago: %(error)s")
        url = reverse("admin:chat_site_change", args=[site.pk])
        yield Line(text % {"ago": ago, "error": site.mail_error}, "danger", url, _("Show the site"))


def _of_migrations(request) -> Iterator[Line]:
    if request.user.is_superuser and (pending := migrations.pending()):
        text = _("The database is older than this version. Run “manage.py migrate”: %(names)s")
        yield Line(text % {"names": ", ".join(pending)}, "danger")


def free_bytes() -> int | None:
    """The free bytes where files are stored; None if the system does not tell."""
    folder = Path(settings.MEDIA_ROOT)
    try:
        # The first file makes the folder.
        return shutil.disk_usage(folder if folder.exists() else folder.parent).free
    except OSError:
        return None


def _of_reports(request) -> Iterator[Line]:
    if request.user.has_perm("chat.view_report") and (count := Report.objects.for_staff(request.user).open().count()):
        text = ngettext("%(count)d report waits for a moderator.", "%(count)d reports wait for a moderator.", count)
        url = reverse("admin:chat_report_changelist")
        yield Line(text % {"count": count}, url=url, action=_("Show them"))
    waiting = HeldMessage.objects.for_staff(request.user).filter(state=HeldMessage.State.WAITING)
    if request.user.has_perm("chat.view_heldmessage") and (count := waiting.count()):
        text = ngettext("A filter holds %(count)d message.", "Filters hold %(count)d messages.", count)
        url = reverse("admin:chat_heldmessage_changelist")
        yield Line(text % {"count": count}, url=url, action=_("Show them"))


SOURCES: list[Callable] = [_of_reports, _of_jobs, _of_workers, _of_disk, _of_mail, _of_migrations]
