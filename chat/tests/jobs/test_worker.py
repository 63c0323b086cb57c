"""The threads that run jobs, with a real database that several threads write to."""

import threading

import pytest

from chat.jobs import queue, worker
from chat.models import Job
from chat.tests.jobs import sample_jobs
from chat.tests.services import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def fresh():
    """The sample jobs as they were at the start."""
    sample_jobs.done.clear()
    sample_jobs.began.clear()
    sample_jobs.may_end.clear()
    yield
    sample_jobs.may_end.set()


@pytest.fixture
def start(monkeypatch):
    """Function that starts a worker with a number of threads."""
    monkeypatch.setattr(worker, "BEAT_S", 0.1)
    monkeypatch.setattr(worker.periodic, "PERIODIC", [])
    started = []

    def begin(threads=2):
        started.append(worker.Worker(threads))
        started[-1].start()
        return started[-1]

    yield begin
    sample_jobs.may_end.set()
    for one in started:
        one.stop()
        # After a stop that did not wait for a job, its thread still asks the database.
        for thread in one._threads:
            thread.join(10)


def test_a_job_starts_at_once_after_the_commit(start, monkeypatch):
    monkeypatch.setattr(worker, "POLL_S", 30)
    start()
    wait_until(lambda: not Job.objects.exists())
    sample_jobs.note.enqueue(1)
    wait_until(lambda: sample_jobs.done == [1], "the job")


def test_a_job_of_another_process_is_found_by_polling(start, monkeypatch):
    monkeypatch.setattr(worker.wake, "wake", lambda: None)
    start()
    sample_jobs.note.enqueue(1)
    wait_until(lambda: sample_jobs.done == [1], "the job")


def test_no_job_runs_before_the_migrations_are_applied(start, monkeypatch):
    asked = threading.Semaphore(0)
    left = ["chat.0002_more"]

    def pending():
        asked.release()
        return left

    monkeypatch.setattr(worker, "pending", pending)
    sample_jobs.note.enqueue(1)
    start()
    assert asked.acquire(timeout=60)
    assert asked.acquire(timeout=60)
    assert sample_jobs.done == []
    left.clear()
    wait_until(lambda: sample_jobs.done == [1], "the job")


def test_two_workers_run_each_job_once(start):
    for value in range(40):
        sample_jobs.note.enqueue(value)
    start()
    start()
    wait_until(lambda: Job.objects.successful().count() == 40, "all jobs")
    assert sorted(sample_jobs.done) == list(range(40))


def test_a_job_that_hangs_is_ended_and_its_thread_is_replaced(start):
    one = start(threads=1)
    sample_jobs.hang.enqueue()
    sample_jobs.note.enqueue("next")
    wait_until(lambda: sample_jobs.done == ["next"], "the next job")
    assert "TookTooLong" in Job.objects.get(task_path__endswith="hang").error
    assert one.running
    sample_jobs.may_end.set()
    wait_until(lambda: "late" in sample_jobs.done)


def test_at_the_end_a_job_that_goes_on_is_given_back(start):
    one = start(threads=1)
    sample_jobs.wait.enqueue()
    assert sample_jobs.began.wait(5)
    one.stop(0.1)
    assert not one.running
    assert queue.claim("other") is not None


def test_at_the_end_a_job_that_soon_ends_is_finished(start):
    one = start(threads=1)
    sample_jobs.wait.enqueue()
    assert sample_jobs.began.wait(5)
    threading.Timer(0.2, sample_jobs.may_end.set).start()
    one.stop(5)
    assert Job.objects.get().status == "SUCCESSFUL"
