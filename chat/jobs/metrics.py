"""Metrics of jobs, for Prometheus. The state of the queue is read by a worker, so a scrape queries nothing."""

from django.db.models import Count, Min
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from prometheus_client import Counter, Gauge

from chat.models import Job

OUTCOMES = ("done", "retried", "failed", "lost")
RUNS = Counter(
    "parley_job_runs",
    "Runs of jobs in this process by outcome: done, retried later, failed (given up), lost to another worker.",
    ["job", "outcome"],
)
for _outcome in OUTCOMES:
    # Without any sample the counter would be missing until the first job has run.
    RUNS.labels("upkeep.remove_old_jobs", _outcome)
QUEUED = Gauge("parley_jobs_queued", "Jobs of the site that are due or run later.")
RUNNING = Gauge("parley_jobs_running", "Jobs of the site that run.")
FAILED = Gauge("parley_jobs_failed", "Jobs of the site that were given up, and are still in the admin's list.")
OLDEST = Gauge("parley_jobs_oldest_seconds", "How long the oldest job that is due has been waiting.")
STUCK = Gauge("parley_jobs_stuck", "Threads of this process that hang in a job that took too long.")


def count(job: Job, outcome: str) -> None:
    """Count the end of one run."""
    RUNS.labels(str(job), outcome).inc()


def counts() -> dict[str, float]:
    """The state of the queue: jobs `queued`, `running` and `failed`; `oldest_s`: how long the oldest due one waits. Two
    queries."""
    found = dict(
        Job.objects.exclude(status=TaskResultStatus.SUCCESSFUL).order_by().values_list("status").annotate(n=Count("pk"))
    )
    oldest = Job.objects.due().aggregate(at=Min("run_after"))["at"]
    return {
        "queued": found.get(TaskResultStatus.READY, 0),
        "running": found.get(TaskResultStatus.RUNNING, 0),
        "failed": found.get(TaskResultStatus.FAILED, 0),
        "oldest_s": max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0,
    }


def read_queue() -> None:
    """Set the gauges from the database."""
    found = counts()
    for gauge, name in ((QUEUED, "queued"), (RUNNING, "running"), (FAILED, "failed"), (OLDEST, "oldest_s")):
        gauge.set(found[name])
