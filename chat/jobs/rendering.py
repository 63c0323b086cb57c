"""The job that renders old messages again after the renderer has changed."""

from django_tasks.base import TaskResultStatus

from chat.domain import rendering
from chat.models import Job

from .declare import enqueue_later, job

PAUSE_S = 1
"""Between two batches: people who read and write come first."""


@job
def begin() -> None:
    """Begin, if there is something to do and no run is under way."""
    if not rendering.is_older_left():
        return
    under_way = Job.objects.filter(
        task_path=render_older.module_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    )
    if not under_way.exists():
        render_older.enqueue()


@job(time_limit_s=120)
def render_older(before: int | None = None) -> None:
    """Render a batch of messages again, the newest first, and enqueue the next batch."""
    rest = rendering.render_older(before=before)
    if rest is not None:
        enqueue_later(render_older, PAUSE_S, rest)
