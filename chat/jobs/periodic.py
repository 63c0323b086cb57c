"""Jobs that run by the clock: one run a period, however many workers the site has.

The key of a run's row is computed of the job's name and the period's number, so of many workers one inserts it.
"""

import time
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from chat.models import Job

from .wake import wake


@dataclass(frozen=True)
class Periodic:
    """The job at `path` runs every `every_s` seconds, at most a day: see `queue.DONE_KEPT_S`."""

    path: str
    every_s: int

    def period(self) -> int:
        """The number of the current period."""
        return int(time.time()) // self.every_s

    def key(self, period: int) -> UUID:
        """The key of the row of this period's run."""
        return uuid5(NAMESPACE_URL, f"{self.path}/{self.every_s}/{period}")


MINUTE_S = 60
MINUTES_5_S = 300
HOUR_S = 3600
DAY_S = 24 * HOUR_S
PERIODIC = [
    Periodic("chat.jobs.upkeep.remove_old_jobs", HOUR_S),
    Periodic("chat.jobs.upkeep.remove_expired_sessions", DAY_S),
    Periodic("chat.jobs.scheduled.send_overdue", MINUTES_5_S),
    Periodic("chat.jobs.accounts.end_due_bans", MINUTES_5_S),
    Periodic("chat.jobs.accounts.continue_left", MINUTES_5_S),
    Periodic("chat.jobs.rendering.begin", MINUTES_5_S),
    Periodic("chat.jobs.search.begin", MINUTES_5_S),
    Periodic("chat.jobs.uploads.delete_expired", MINUTES_5_S),
    Periodic("chat.jobs.uploads.delete_orphans", DAY_S),
    Periodic("chat.jobs.files.process_left", DAY_S),
    Periodic("chat.jobs.messages.remind", MINUTE_S),
    Periodic("chat.jobs.activity.count_messages", MINUTE_S),
    Periodic("chat.jobs.messages.forget_deleted", MINUTES_5_S),
    Periodic("chat.jobs.moderation.remove_expired_mutes", DAY_S),
    Periodic("chat.jobs.moderation.expire_held_messages", DAY_S),
]

_enqueued: dict[str, int] = {}
"""The last period of each that this process knows to be enqueued."""


def enqueue_due() -> None:
    """Enqueue the runs of the current periods, unless another worker has done it."""
    for entry in PERIODIC:
        period = entry.period()
        if _enqueued.get(entry.path) != period:
            _enqueue(entry, entry.key(period))
            _enqueued[entry.path] = period


def _enqueue(entry: Periodic, key: UUID) -> None:
    if Job.objects.filter(pk=key).exists():
        return
    task = import_string(entry.path)
    row = Job(
        pk=key,
        args_kwargs={"args": [], "kwargs": {}},
        task_path=entry.path,
        queue_name=task.queue_name,
        backend_name=task.backend,
        priority=task.priority,
        run_after=timezone.now(),
        enqueued_at=timezone.now(),
    )
    with transaction.atomic():
        Job.objects.bulk_create([row], ignore_conflicts=True)
        transaction.on_commit(wake, robust=True)
