"""Background jobs, as rows: the table is that of django-tasks-db."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, DBTaskResultQuerySet


class JobQuerySet(DBTaskResultQuerySet):
    """Queries for jobs."""

    def queued(self):
        """Jobs that wait: to be run, or to be run again."""
        return self.filter(status=TaskResultStatus.READY)

    def due(self):
        """Queued jobs whose time has come."""
        return self.queued().filter(run_after__lte=timezone.now())

    def abandoned(self):
        """Running jobs whose worker has not said for a while that it lives."""
        return self.running().filter(run_after__lt=timezone.now())

    def held(self, by: "Job"):
        """The row of `by`, if the run that `by` was claimed for is still the last one."""
        return self.running().filter(pk=by.pk, started_at=by.started_at)


class Job(DBTaskResult):
    """A background job, and what became of it.

    Columns with another meaning than in the library: `run_after` of a running job is the end of its lease. The worker
    prolongs it while it lives; after it, another worker may take the job. `started_at` tells runs of a job apart.
    `traceback` of a queued job is that of its last run.
    """

    objects = JobQuerySet.as_manager()

    class Meta:
        proxy = True
        verbose_name = _("job")
        verbose_name_plural = _("jobs")

    def __str__(self):
        return self.task_path.removeprefix("chat.jobs.")

    @property
    def attempts(self) -> int:
        """How often it was started."""
        return len(self.worker_ids)

    @property
    def error(self) -> str:
        """The last line of the last traceback."""
        return self.traceback.strip().rpartition("\n")[2]
