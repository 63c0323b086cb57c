"""Connects `chat.dispatch.queueing` with the jobs of this package."""

from typing import Any

from django.utils.module_loading import import_string

from chat.dispatch import queueing

from .declare import JobTask, enqueue_later


def connect() -> None:
    """Let verbs enqueue jobs. Called once in each process."""
    queueing.connect(enqueue)


def enqueue(name: str, *arguments: Any, delay_s: float = 0) -> None:
    """Enqueue the job `name` of this package. Raises LookupError if there is none."""
    try:
        task = import_string(f"chat.jobs.{name}")
    except ImportError as error:
        raise LookupError(f"There is no job {name!r}") from error
    if not isinstance(task, JobTask):
        raise LookupError(f"{name!r} is not a job")
    if delay_s:
        enqueue_later(task, delay_s, *arguments)
    else:
        task.enqueue(*arguments)
