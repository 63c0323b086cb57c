"""The threads that run jobs: in the server process, or in one of their own (`manage.py tasks`).

One thread, the supervisor, runs no jobs: it waits until all migrations are applied, then it looks for work, prolongs
the leases of running jobs, takes over those of dead workers, starts the periodic ones, and replaces threads that hang.
"""

import logging
import threading
from functools import partial
from time import monotonic

from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django_tasks.base import TaskContext

from chat.domain.migrations import pending
from chat.models import Job

from . import metrics, periodic, queue, wake
from .declare import JobTask

POLL_S = 0.5
"""How soon a job is found that another process enqueued."""
BEAT_S = 5
"""The supervisor prolongs leases, takes over abandoned jobs and reads the metrics so often."""
STOP_S = 5
"""How long `stop` waits for running jobs."""
MAX_STUCK = 4
"""So many threads that hang are replaced. Then the process runs fewer jobs at once."""

logger = logging.getLogger(__name__)


class Run:
    """One run of a job in a thread.

    `also_slow`: of this thread, see `queue.claim`. `given_up`: the supervisor has ended it, and the thread must not go
    on.
    """

    def __init__(self, job: Job, task: JobTask | None, also_slow: bool):
        self.job = job
        self.also_slow = also_slow
        self.started = monotonic()
        self.time_limit_s = task.time_limit_s if task else 60.0
        self.given_up = False


class Worker:
    """Runs jobs on `threads` threads from `start` to `stop`."""

    def __init__(self, threads: int):
        self.name = queue.new_worker_name()
        self._thread_count = threads
        self._wake = threading.Condition()
        self._wakes = 0
        self._is_migrated = False
        self._stopping = False
        self._runs: dict[threading.Thread, Run] = {}
        self._threads: list[threading.Thread] = []
        self._stuck = 0
        self._faulty = False

    def start(self) -> None:
        """Start the threads. They are daemons: a job that hangs must not prevent the end of the process."""
        wake.connect(self.wake)
        for number in range(self._thread_count):
            self._start_thread(self._work, f"job-{number}", number > 0 or self._thread_count == 1)
        self._start_thread(self._supervise, "job-supervisor")

    def wake(self) -> None:
        """Look for jobs now. Called from any thread."""
        with self._wake:
            self._wakes += 1
            self._wake.notify_all()

    def stop(self, wait_s: float = STOP_S) -> None:
        """Begin no more jobs, wait for those that run, then give back the rest. A second call does nothing."""
        with self._wake:
            if self._stopping:
                return
            self._stopping = True
            self._wake.notify_all()
        wake.disconnect(self.wake)
        deadline = monotonic() + wait_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic()))
        for run in list(self._runs.values()):
            self._guard(queue.release, run.job)
        connection.close()

    @property
    def running(self) -> bool:
        """Whether it was not told to stop, and can still run jobs."""
        return not self._stopping and any(thread.is_alive() for thread in self._threads[: self._thread_count])

    def _start_thread(self, target, name: str, *arguments) -> None:
        thread = threading.Thread(target=target, name=name, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    # --- Running jobs

    def _work(self, also_slow: bool) -> None:
        claim = partial(queue.claim, self.name, also_slow=also_slow)
        try:
            seen = -1
            while not self._stopping:
                with self._wake:
                    self._wake.wait_for(lambda: self._stopping or (self._is_migrated and self._wakes != seen))  # noqa: B023
                    seen = self._wakes
                while not self._stopping and (job := self._guard(claim)):
                    if not self._run(job, also_slow):
                        return
        finally:
            connection.close()

    def _run(self, job: Job, also_slow: bool) -> bool:
        """Run a claimed job and store what became of it. False if the supervisor has replaced this thread meanwhile."""
        task = queue.find_task(job)
        run = self._runs[threading.current_thread()] = Run(job, task, also_slow)
        error: BaseException | None = None
        try:
            execute(job, task)
        except Exception as raised:
            error = raised
        finally:
            # Also after a job that left a broken connection or an open transaction.
            close_old_connections()
        del self._runs[threading.current_thread()]
        if run.given_up:
            self._stuck -= 1
            metrics.STUCK.set(self._stuck)
            return False
        if error is None:
            self._guard(queue.succeed, job)
        else:
            self._guard(queue.fail, job, error)
        return True

    # --- Supervising

    def _supervise(self) -> None:
        try:
            self._wait_for_migrations()
            next_beat = 0.0
            while not self._stopping:
                if self._guard(lambda: Job.objects.due().exists()):
                    self.wake()
                if monotonic() >= next_beat:
                    next_beat = monotonic() + BEAT_S
                    self._guard(self._beat)
                with self._wake:
                    self._wake.wait_for(lambda: self._stopping, POLL_S)
            # While `stop` waits, running jobs stay this worker's.
        finally:
            connection.close()

    def _wait_for_migrations(self) -> None:
        """A job would fail in a database that lacks what this version needs, and some jobs are not repeated."""
        while not self._stopping and self._guard(pending) != []:
            with self._wake:
                self._wake.wait_for(lambda: self._stopping, POLL_S)
        self._is_migrated = True
        self.wake()

    def _beat(self) -> None:
        for thread, run in list(self._runs.items()):
            if run.given_up:
                continue
            if monotonic() - run.started > run.time_limit_s:
                self._replace(thread, run)
            else:
                queue.prolong(run.job)
        queue.take_over_abandoned()
        periodic.enqueue_due()
        metrics.read_queue()

    def _replace(self, thread: threading.Thread, run: Run) -> None:
        """A thread cannot be ended from outside. Another one takes its place, and the job counts as failed."""
        run.given_up = True
        self._stuck += 1
        metrics.STUCK.set(self._stuck)
        queue.fail(run.job, queue.TookTooLong(f"It took longer than {run.time_limit_s:.0f} seconds."))
        if self._stuck <= MAX_STUCK:
            self._start_thread(self._work, f"{thread.name}-again", run.also_slow)

    def _guard(self, call, *arguments):
        """The result of `call`; None if the database does not answer, which is logged once."""
        try:
            close_old_connections()
            result = call(*arguments)
        except (DatabaseError, InterfaceError) as error:
            if not self._faulty:
                logger.warning("The queue of jobs cannot be read or written, and is tried again: %s", error)
            self._faulty = True
            # Not at once again: the caller loops.
            with self._wake:
                self._wake.wait_for(lambda: self._stopping, POLL_S)
            return None
        finally:
            # On PostgreSQL this gives the connection back to the pool: the thread may wait for long.
            close_old_connections()
        self._faulty = False
        return result


def execute(job: Job, task: JobTask | None) -> None:
    """Run the function of a job in this thread. Raises what it raises, and LookupError for an unknown job."""
    if task is None:
        raise LookupError(f"This version has no job {job.task_path}.")
    arguments, options = job.args_kwargs["args"], job.args_kwargs["kwargs"]
    if task.takes_context:
        arguments = [TaskContext(task_result=job.task_result), *arguments]
    task.call(*arguments, **options)
