"""`manage.py tasks`: background jobs in a process of their own, beside workers that run none."""

import sys
from contextlib import closing
from http.client import HTTPConnection

import pytest

from chat.jobs import queue
from chat.tests.services import Process, free_port, programs, wait_until
from chat.tests.services.environment import ROOT

from .test_mail import ERIN, hanging, letterbox, request_password

__all__ = ["hanging", "letterbox"]


class Tasks(Process):
    """The process of a site's jobs."""

    def get(self, path: str) -> tuple[int, str]:
        """The status and the text of one of its paths."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()


@pytest.fixture
def start_tasks():
    """Function that starts the process for the jobs of a site."""
    running = []

    def start(site, **variables) -> Tasks:
        port = free_port()
        env = site.env | {"PORT": str(port)} | {name: str(value) for name, value in variables.items()}
        log = site.folder / f"tasks-{len(running)}.log"
        command = [sys.executable, programs.MANAGE, "tasks"]
        running.append(Tasks("tasks", command, port, log=log, env=env, cwd=ROOT))
        return running[-1].start()

    yield start
    for process in running:
        process.stop()


def waiting(site) -> int:
    """How many mails are not sent. Of other jobs, a worker that is killed may leave one that is not repeated."""
    return site.python(
        "from chat.models import Job\n"
        "result = Job.objects.filter(task_path__contains='mail').exclude(status='SUCCESSFUL').count()"
    )


def test_only_the_process_for_jobs_runs_jobs_and_it_says_how_it_is(make_site, start_tasks, letterbox):
    site = make_site(postgres=True, redis=True, JOBS_IN_SERVER="false", EMAIL_URL=f"smtp://127.0.0.1:{letterbox.port}")
    site.python(ERIN)
    assert request_password(site, "erin1@example.org") == 302
    assert waiting(site) == 1
    tasks = start_tasks(site)
    (envelope,) = wait_until(lambda: letterbox.mails, "the mail")
    assert envelope.rcpt_tos == ["erin1@example.org"]
    assert request_password(site, "erin2@example.org") == 302
    wait_until(lambda: len(letterbox.mails) == 2, "the mail of a job that another process enqueued")
    assert tasks.get("/readyz") == (200, "jobs: ok\n")
    assert tasks.get("/healthz")[0] == 200
    assert tasks.get("/")[0] == 404
    runs = 'parley_job_runs_total{job="mail.send_password_reset",outcome="done"} 2.0'
    wait_until(lambda: runs in tasks.get("/metrics")[1], "the metrics")
    tasks.terminate()
    assert tasks.wait() == 0
    assert "Traceback" not in tasks.log


@pytest.mark.takes_long
def test_a_mail_whose_worker_was_killed_is_sent_by_another_one(make_site, start_tasks, hanging, letterbox):
    site = make_site(postgres=True, redis=True, JOBS_IN_SERVER="false")
    site.python(ERIN)
    killed = start_tasks(site, EMAIL_URL=f"smtp://127.0.0.1:{hanging.port}")
    assert request_password(site, "erin1@example.org") == 302
    wait_until(lambda: hanging.connections, "a mail that is being sent")
    killed.kill()
    start_tasks(site, EMAIL_URL=f"smtp://127.0.0.1:{letterbox.port}")
    wait_until(lambda: letterbox.mails, "the mail", timeout=queue.LEASE_S + 60)
    wait_until(lambda: waiting(site) == 0, "the end of the job")
    assert len(letterbox.mails) == 1
