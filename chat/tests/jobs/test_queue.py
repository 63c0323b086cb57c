"""What happens to jobs: run, retried, given up, taken over, run again, removed."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from chat.dispatch import queueing
from chat.jobs import periodic, queue
from chat.jobs.declare import enqueue_later
from chat.models import Job
from chat.tests.jobs import sample_jobs
from chat.tests.running_jobs import run_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def done():
    """What the sample jobs did in this test."""
    sample_jobs.done.clear()
    return sample_jobs.done


def pass_seconds(seconds: float) -> None:
    """Make all times of the queue older."""
    for job in Job.objects.all():
        for name in ("run_after", "enqueued_at", "started_at", "finished_at"):
            if (at := getattr(job, name)) is not None:
                Job.objects.filter(pk=job.pk).update(**{name: at - timedelta(seconds=seconds)})


def test_a_job_runs_once_with_its_arguments(done):
    sample_jobs.note.enqueue({"id": 7})
    assert run_jobs() == ["chat.tests.jobs.sample_jobs.note"]
    assert run_jobs() == []
    assert done == [{"id": 7}]


def test_a_job_is_rolled_back_with_its_change(done):
    with transaction.atomic():
        sample_jobs.note.enqueue(1)
        transaction.set_rollback(True)
    assert run_jobs() == []


def test_jobs_run_in_the_order_in_which_they_were_enqueued(done):
    for value in range(5):
        sample_jobs.note.enqueue(value)
    run_jobs()
    assert done == [0, 1, 2, 3, 4]


def test_a_job_that_is_to_run_later_does_not_delay_others(done):
    enqueue_later(sample_jobs.note, 60, "later")
    sample_jobs.note.enqueue("now")
    run_jobs()
    assert done == ["now"]
    pass_seconds(61)
    run_jobs()
    assert done == ["now", "later"]


def test_a_failed_job_runs_again_after_1_5_25_seconds_and_is_given_up_after_a_day(done):
    sample_jobs.refuse.enqueue("x")
    delays = []
    while Job.objects.queued().exists():
        assert len(run_jobs()) == 1
        job = Job.objects.get()
        if job.finished_at is None:
            delays.append(round((job.run_after - timezone.now()).total_seconds()))
            pass_seconds(delays[-1] + 0.5)
    assert delays == [1, 5, 25, 125, 625, 3125, 15625]
    assert job.status == "FAILED"
    assert job.attempts == 8
    assert job.error == "ValueError: no x"


def test_a_job_without_retries_is_given_up_at_once(done):
    sample_jobs.refuse_once.enqueue("x")
    run_jobs()
    assert Job.objects.failed().count() == 1


def test_an_admin_may_run_a_given_up_job_again(done):
    sample_jobs.refuse_once.enqueue("x")
    run_jobs()
    assert queue.run_again(Job.objects.all()) == 1
    assert len(run_jobs()) == 1
    assert done == ["x", "x"]


def test_a_job_that_this_version_does_not_know_is_retried():
    sample_jobs.note.enqueue(1)
    Job.objects.update(task_path="chat.jobs.gone.nothing")
    with pytest.raises(AssertionError):
        assert run_jobs() == []
    job = Job.objects.get()
    assert "This version has no job" in job.error


def test_the_job_of_a_dead_worker_is_taken_over_and_the_dead_one_cannot_store_anything(done):
    sample_jobs.note.enqueue(1)
    dead = queue.claim("dead")
    assert queue.claim("other") is None
    assert queue.take_over_abandoned() == 0
    pass_seconds(queue.LEASE_S + 1)
    dead.refresh_from_db()
    assert queue.take_over_abandoned() == 1
    pass_seconds(2)
    taken = queue.claim("other")
    assert taken.attempts == 2
    assert not queue.succeed(dead)
    assert not queue.fail(dead, ValueError("late"))
    assert queue.succeed(taken)
    assert Job.objects.get().status == "SUCCESSFUL"


def test_a_job_that_kills_each_worker_is_given_up():
    sample_jobs.note.enqueue(1)
    while Job.objects.queued().exists():
        assert queue.claim("dies") is not None
        pass_seconds(queue.LEASE_S + 1)
        assert queue.take_over_abandoned() == 1
        pass_seconds(2)
    job = Job.objects.get()
    assert (job.status, job.attempts) == ("FAILED", queue.MAX_ATTEMPTS)
    assert "WorkerDied" in job.error


def test_a_worker_that_lives_keeps_its_job():
    sample_jobs.note.enqueue(1)
    job = queue.claim("living")
    pass_seconds(queue.LEASE_S - 1)
    job.refresh_from_db()
    queue.prolong(job)
    pass_seconds(queue.LEASE_S - 1)
    assert queue.take_over_abandoned() == 0


def test_jobs_above_the_limit_of_their_kind_are_not_accepted(done):
    results = [sample_jobs.limited.enqueue(value) for value in range(3)]
    assert [result is None for result in results] == [False, False, True]
    run_jobs()
    assert done == [0, 1]


def test_a_periodic_job_has_one_run_in_a_period(monkeypatch):
    entry = periodic.Periodic("chat.tests.jobs.sample_jobs.note", 3600)
    now = [7200.0]
    monkeypatch.setattr(periodic, "PERIODIC", [entry])
    monkeypatch.setattr(periodic.time, "time", lambda: now[0])
    for _worker in range(3):
        periodic._enqueued.clear()
        periodic.enqueue_due()
    assert Job.objects.count() == 1
    now[0] += 3600
    periodic.enqueue_due()
    periodic.enqueue_due()
    assert Job.objects.count() == 2


def test_each_periodic_job_exists_and_has_a_period_of_at_most_a_day():
    for entry in periodic.PERIODIC:
        assert entry.every_s < queue.DONE_KEPT_S
    periodic.enqueue_due()
    ran = run_jobs()
    assert len(ran) >= len(periodic.PERIODIC)
    assert not Job.objects.exclude(status="SUCCESSFUL").exists()


def test_old_results_are_removed_and_failures_are_kept_longer():
    sample_jobs.note.enqueue(1)
    sample_jobs.refuse_once.enqueue(1)
    run_jobs()
    pass_seconds(queue.DONE_KEPT_S + 1)
    assert queue.remove_old() == 1
    pass_seconds(queue.FAILED_KEPT_S)
    assert queue.remove_old() == 1


def test_a_verb_enqueues_a_job_by_its_name():
    queueing.enqueue("upkeep.remove_old_jobs")
    assert run_jobs() == ["upkeep.remove_old_jobs"]
    with pytest.raises(LookupError):
        queueing.enqueue("upkeep.nothing")
    with pytest.raises(LookupError):
        queueing.enqueue("queue.fail")
