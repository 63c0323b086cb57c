"""The admin's list of background jobs."""

import pytest
from django.contrib.auth.models import Permission

from chat.models import Job
from chat.tests.cast import person
from chat.tests.jobs import sample_jobs
from chat.tests.running_jobs import run_jobs

pytestmark = pytest.mark.django_db

LIST = "/admin/chat/job/"


@pytest.fixture
def given_up(db):
    """A job that was given up."""
    sample_jobs.refuse_once.enqueue("tea")
    run_jobs()
    return Job.objects.get()


def run_again(browser, *jobs):
    return browser.post(LIST, {"_selected_action": [job.pk for job in jobs], "action": "run_again"}, follow=True).text


def test_the_list_shows_jobs_that_wait_that_are_done_and_that_failed_with_their_error(doras, given_up):
    sample_jobs.note.enqueue(1)
    run_jobs()
    sample_jobs.note.enqueue(2)
    page = doras.get(LIST).text
    for shown in ("sample_jobs.note", "Waits", "Done", "Given up", "ValueError: no tea"):
        assert shown in page
    detail = doras.get(f"{LIST}{given_up.pk}/change/").text
    assert "Traceback" in detail
    assert "[&quot;tea&quot;]" in detail


def test_dora_runs_a_given_up_job_again(doras, given_up):
    assert "1 job is queued again." in run_again(doras, given_up)
    assert len(run_jobs()) == 1


def test_a_job_that_is_done_is_not_run_again(doras):
    sample_jobs.note.enqueue(1)
    run_jobs()
    assert "Only jobs that were given up" in run_again(doras, Job.objects.get())
    assert run_jobs() == []


def test_staff_who_may_only_look_cannot_run_jobs_again(client, given_up, set_up_site):
    helper = person("helper", is_staff=True)
    helper.user_permissions.add(Permission.objects.get(codename="view_job"))
    client.force_login(helper)
    assert "sample_jobs" in client.get(LIST).text
    run_again(client, given_up)
    assert Job.objects.get().status == "FAILED"


def test_nobody_changes_adds_or_deletes_jobs_by_hand(doras, given_up):
    assert doras.get(f"{LIST}add/").status_code == 403
    assert doras.post(f"{LIST}{given_up.pk}/delete/", {"post": "yes"}).status_code == 403
    assert doras.get("/admin/django_tasks_database/dbtaskresult/").status_code == 404
