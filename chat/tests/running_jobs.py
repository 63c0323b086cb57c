"""Runs the queued jobs of a test in the test's own thread, the way a worker does."""

from django.utils import timezone

from chat.jobs import queue
from chat.jobs.worker import execute
from chat.models import Job


def run_jobs(*, also_later: bool = False) -> list[str]:
    """Run all jobs that are due, and those that they enqueue; returns their names in order.

    `also_later`: also those that would run later, such as retries, but each only once.
    """
    if also_later:
        Job.objects.queued().update(run_after=timezone.now())
    ran = []
    while job := queue.claim("test"):
        ran.append(str(job))
        try:
            execute(job, queue.find_task(job))
        except Exception as error:
            queue.fail(job, error)
        else:
            queue.succeed(job)
    return ran
