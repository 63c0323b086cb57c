"""Jobs of accounts."""

from django_tasks.base import TaskResultStatus

from chat.domain import account_bans, account_steps
from chat.models import Job

from .declare import enqueue_later, job

PAUSE_S = 0.5
"""Between two runs of long work: people who read and write come first."""


@job
def end_ban(user: int) -> None:
    """Reactivate an account whose ban is over."""
    account_bans.end(user_id=user)


@job
def end_due_bans() -> None:
    """End the bans whose own jobs were lost."""
    account_bans.end_due()


@job(time_limit_s=120)
def go_on(work: int) -> None:
    """Work for some seconds on a removal, a deletion or a merge, and enqueue the next run."""
    if account_steps.go_on(work=work):
        enqueue_later(go_on, PAUSE_S, work)


@job
def continue_left() -> None:
    """Continue work whose jobs were lost: a restored backup has none."""
    states = [TaskResultStatus.READY, TaskResultStatus.RUNNING]
    if not Job.objects.filter(task_path=go_on.module_path, status__in=states).exists():
        for work in account_steps.left():
            go_on.enqueue(work)
