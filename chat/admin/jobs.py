"""Background jobs: what waits, what runs, and what failed, with “run again”."""

import json

from django.contrib import admin, messages
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from chat.jobs import queue
from chat.models import Job

from .base import ReadOnlyAdmin
from .list_filters import WordFilter

# The library's page of the same rows.
admin.site.unregister(DBTaskResult)


class StateFilter(WordFilter):
    """Filter by what the column of the same name says."""

    title = _("state")
    parameter_name = "state"
    words = {
        "failed": (_("Given up"), Q(status="FAILED")),
        "waits": (_("Waits"), Q(status="READY", traceback="")),
        "again": (_("Runs again"), Q(status="READY") & ~Q(traceback="")),
        "runs": (_("Runs"), Q(status="RUNNING")),
        "done": (_("Done"), Q(status="SUCCESSFUL")),
    }


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """The jobs of the last days. Jobs that were given up stay for a month."""

    list_display = ("name", "state", "attempts", "enqueued_at", "next_run", "finished_at", "last_error")
    list_filter = (StateFilter,)
    search_fields = ("task_path", "traceback")
    ordering = ("-enqueued_at",)
    list_per_page = 50
    fields = (
        "name",
        "state",
        "attempts",
        "arguments",
        "enqueued_at",
        "started_at",
        "next_run",
        "finished_at",
        "full_traceback",
    )
    actions = ("run_again",)

    @admin.display(description=_("job"), ordering="task_path")
    def name(self, job):
        """Module and function in `chat.jobs`."""
        return str(job)

    @admin.display(description=_("state"), ordering="status")
    def state(self, job):
        """What becomes of it; a job that failed and is tried again is apart."""
        if job.status == "READY" and job.attempts:
            return _("Runs again")
        return {
            "READY": _("Waits"),
            "RUNNING": _("Runs"),
            "SUCCESSFUL": _("Done"),
            "FAILED": _("Given up"),
        }[job.status]

    @admin.display(description=_("next run"), ordering="run_after")
    def next_run(self, job):
        """When a waiting job may start."""
        return job.run_after if job.status == "READY" else None

    @admin.display(description=_("last error"))
    def last_error(self, job):
        """The last line of the last traceback, shortened."""
        return job.error[:200]

    @admin.display(description=_("arguments"))
    def arguments(self, job):
        """As JSON."""
        return json.dumps(job.args_kwargs["args"] + ([job.args_kwargs["kwargs"]] if job.args_kwargs["kwargs"] else []))

    @admin.display(description=_("traceback"))
    def full_traceback(self, job):
        """Of the last run that failed."""
        return format_html("<pre>{}</pre>", job.traceback) if job.traceback else "-"

    @admin.action(description=_("Run again"), permissions=["run_again"])
    def run_again(self, request, jobs):
        """Queue the given-up ones of these jobs again."""
        count = queue.run_again(jobs)
        if count:
            text = ngettext("%d job is queued again.", "%d jobs are queued again.", count) % count
            self.message_user(request, text, messages.SUCCESS)
        else:
            self.message_user(request, _("Only jobs that were given up can be run again."), messages.WARNING)

    def has_run_again_permission(self, request):
        """Those who may change jobs by Django's permissions."""
        return request.user.has_perm("chat.change_job")
