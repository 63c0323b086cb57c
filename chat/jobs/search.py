"""The jobs of the index of search."""

from django_tasks.base import TaskResultStatus

from chat.domain.search import building, documents
from chat.models import Job

from .declare import enqueue_later, job

PAUSE_S = 0.2
"""Between two batches: people who read and write come first."""
BATCHES = 10
"""Of one run."""


@job
def begin() -> None:
    """Begin, if the index has to be built and no run is under way."""
    if not building.is_needed():
        return
    under_way = Job.objects.filter(
        task_path=build.module_path, status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]
    )
    if not under_way.exists():
        build.enqueue()


@job(time_limit_s=300)
def build() -> None:
    """Write some documents, and enqueue the next run."""
    for _number in range(BATCHES):
        if building.build_next().is_complete and not building.is_needed():
            return
    enqueue_later(build, PAUSE_S)


@job(time_limit_s=180, once=True)
def write_files(message: int) -> None:
    """Write the documents of a message whose files have long texts. Edits while it is queued need no job of their own:
    it reads the message when it starts, and a change after that has it enqueued again."""
    documents.write_files(message)
