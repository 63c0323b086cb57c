"""What happens to the rows of jobs: claimed, done, retried, given up, taken over.

Each function is one short transaction. A worker holds a claimed job by its lease (`Job.run_after`). What it writes
about a job that another one has taken over meanwhile has no effect.
"""

import logging
from datetime import timedelta
from traceback import format_exception
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks.base import TaskResultStatus

from chat.domain.record import record_each
from chat.models import Job

from . import metrics
from .declare import DAY_S, SLOW, JobTask
from .paced_write import paced_write
from .wake import wake

LEASE_S = 20
"""A worker that has not prolonged its lease for so long is dead: see `Worker`."""
FIRST_DELAY_S = 1
DELAY_FACTOR = 5
MAX_ATTEMPTS = 12
"""More than a job has in a day by its delays. One that kills its worker each time is given up after so many."""
MAX_TRACEBACK = 20_000
DONE_KEPT_S = 2 * DAY_S
"""Longer than any period of `periodic.PERIODIC`, whose rows say that a period had its run."""
FAILED_KEPT_S = 30 * DAY_S

logger = logging.getLogger(__name__)


class WorkerDied(Exception):
    """The worker did not prolong its lease: its process was killed, or it hung."""


class TookTooLong(Exception):
    """The run of a job exceeded its `time_limit_s`."""


def claim(worker: str, *, also_slow: bool = True) -> Job | None:
    """Take the first job that is due; None if there is none. It is this worker's for LEASE_S seconds.

    `also_slow`: also jobs of the queue SLOW.
    """
    due = Job.objects.due() if also_slow else Job.objects.due().exclude(queue_name=SLOW)
    if not due.exists():
        # Without a transaction: on SQLite that would take the lock for writing.
        return None
    with paced_write(), transaction.atomic():
        job = due.get_locked()
        if job is None:
            return None
        now = timezone.now()
        job.status, job.started_at, job.run_after = TaskResultStatus.RUNNING, now, now + timedelta(seconds=LEASE_S)
        job.worker_ids = [*job.worker_ids, worker]
        job.save(update_fields=["status", "started_at", "run_after", "worker_ids"])
    return job


def prolong(job: Job) -> None:
    """Hold a job for another LEASE_S seconds."""
    with paced_write():
        Job.objects.held(job).update(run_after=timezone.now() + timedelta(seconds=LEASE_S))


def release(job: Job) -> None:
    """Give a job back that was not finished, so that another worker takes it at once: this one ends."""
    Job.objects.held(job).update(status=TaskResultStatus.READY, run_after=timezone.now())


def succeed(job: Job) -> bool:
    """The run is done. False if the job was taken over meanwhile."""
    with paced_write():
        done = Job.objects.held(job).update(
            status=TaskResultStatus.SUCCESSFUL, finished_at=timezone.now(), exception_class_path="", traceback=""
        )
    metrics.count(job, "done" if done else "lost")
    return bool(done)


def fail(job: Job, error: BaseException) -> bool:
    """The run failed. The job runs again after 1, 5, 25 … seconds; after `retry_for_s` it is given up.

    False if the job was taken over meanwhile.
    """
    now, task = timezone.now(), find_task(job)
    # A worker that died has delayed the job by its lease already.
    exponent = 0 if isinstance(error, WorkerDied) else job.attempts - 1
    delay = timedelta(seconds=FIRST_DELAY_S * DELAY_FACTOR**exponent)
    in_time = task is not None and now + delay <= job.enqueued_at + timedelta(seconds=task.retry_for_s)
    again = in_time and job.attempts < MAX_ATTEMPTS
    described = {
        "exception_class_path": f"{type(error).__module__}.{type(error).__qualname__}",
        "traceback": "".join(format_exception(error))[-MAX_TRACEBACK:].replace("\0", ""),
    }
    if again:
        changed = {"status": TaskResultStatus.READY, "run_after": now + delay}
    else:
        changed = {"status": TaskResultStatus.FAILED, "finished_at": now}
    with paced_write():
        is_stored = Job.objects.held(job).update(**changed, **described)
    if not is_stored:
        metrics.count(job, "lost")
        return False
    metrics.count(job, "retried" if again else "failed")
    _log(job, error, delay.total_seconds() if again else None)
    return True


def find_task(job: Job) -> JobTask | None:
    """The task of a row; None if this version of the code does not have it."""
    try:
        task = import_string(job.task_path)
    except ImportError:
        return None
    return task if isinstance(task, JobTask) else None


def take_over_abandoned() -> int:
    """Let jobs whose worker died run again, as after an error; returns how many."""
    taken = 0
    for job in Job.objects.abandoned()[:100]:
        taken += fail(job, WorkerDied(f"The worker died: it was silent for {LEASE_S} seconds."))
    return taken


def run_again(jobs) -> int:
    """Queue given-up jobs of this query set again, with all their attempts; returns how many."""
    now = timezone.now()
    with transaction.atomic():
        chosen = list(jobs.filter(status=TaskResultStatus.FAILED).select_for_update())
        # A new `enqueued_at`: the time for retries begins again.
        Job.objects.filter(pk__in=[job.pk for job in chosen]).update(
            status=TaskResultStatus.READY, run_after=now, enqueued_at=now, finished_at=None, worker_ids=[]
        )
        record_each(None, "job.run_again", chosen)
        transaction.on_commit(wake, robust=True)
    return len(chosen)


def remove_old() -> int:
    """Remove the rows of jobs that ended long ago; returns how many."""
    now = timezone.now()
    done = Job.objects.successful().filter(finished_at__lt=now - timedelta(seconds=DONE_KEPT_S))
    failed = Job.objects.failed().filter(finished_at__lt=now - timedelta(seconds=FAILED_KEPT_S))
    return done.delete()[0] + failed.delete()[0]


def new_worker_name() -> str:
    """A name that no other worker has."""
    return uuid4().hex[:12]


def _log(job: Job, error: BaseException, delay_s: float | None) -> None:
    kind = f"{type(error).__name__}: {error}"
    if delay_s is None:
        logger.error("The job %s is given up after %d attempts: %s", job, job.attempts, kind)
    else:
        logger.warning("The job %s failed, and runs again in %.0f s: %s", job, delay_s, kind)
