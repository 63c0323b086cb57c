"""`@job`: declares a job. It is a task of django-tasks, with limits that the library does not have."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task
from django_tasks_db.backend import DatabaseBackend

from chat.models import Job

from . import wake

DAY_S = 24 * 60 * 60
SLOW = "slow"
"""The queue (`queue_name`) of jobs that wait for other hosts. One thread of each process is kept free of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobTask(Task):
    """A job: `name.enqueue(ids)` in the transaction of the change that it belongs to.

    `time_limit_s`: a run that takes longer counts as failed, and its thread is replaced.
    `retry_for_s`: how long after it was enqueued a job that fails is run again; 0 for never.
    `max_waiting`: more queued jobs of this kind are not accepted (`enqueue` returns None); 0 for no limit.
    `once`: while one with the same arguments is queued, another is not accepted (`enqueue` returns None). The job must
    do what was asked for until it has started.
    """

    time_limit_s: float = 60
    retry_for_s: float = DAY_S
    max_waiting: int = 0
    once: bool = False


class JobBackend(DatabaseBackend):
    """The backend of this site, in the setting TASKS: jobs are rows of the site's database."""

    task_class = JobTask

    def enqueue(self, task: JobTask, args, kwargs):
        """Insert the row in the caller's transaction. After the commit a worker of this process starts at once."""
        if task.max_waiting and _waiting(task) >= task.max_waiting:
            return None
        if task.once and _is_queued(task, args, kwargs):
            return None
        if task.run_after is None:
            # The library writes the year 9999 for "at once", and would order such jobs behind all that were delayed.
            task = task.using(run_after=timezone.now())
        result = super().enqueue(task, args, kwargs)
        transaction.on_commit(wake.wake, robust=True)
        return result


def job(function: Callable | None = None, **options: Any):
    """Decorator that makes a `JobTask` of a function of a module; its options are those of `JobTask`.

    The arguments of a job are ids and other JSON values, never objects. A job may run more than once: after an error,
    or because its worker died after the work and before the end was stored. So it must be idempotent.
    """
    return task(function, **options) if function is None else task(**options)(function)


def enqueue_later(job: JobTask, delay_s: float, *args: Any):
    """Enqueue a job that starts after `delay_s` seconds."""
    return job.using(run_after=timezone.now() + timedelta(seconds=delay_s)).enqueue(*args)


def _waiting(task: JobTask) -> int:
    return Job.objects.queued().filter(task_path=task.module_path).count()


def _is_queued(task: JobTask, args: Any, kwargs: Any) -> bool:
    same = {"args": list(args), "kwargs": dict(kwargs)}
    return Job.objects.queued().filter(task_path=task.module_path, args_kwargs=same).exists()
