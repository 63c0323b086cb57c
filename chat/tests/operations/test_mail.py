"""Mail of a real site: to a working mail server, and to one that hangs while pages are served."""

import re
import socket
import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller

from chat.tests.services import wait_until
from chat.tests.services.processes import free_port

ERIN = """
    from django.contrib.auth import get_user_model
    for number in range(8):
        get_user_model().objects.create_user(f"erin{number}", f"erin{number}@example.org", "a long walk along the pier")
"""


class Letterbox:
    """Keeps the mails that arrive."""

    def __init__(self):
        self.mails = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def letterbox():
    """A mail server that accepts mail at `port`."""
    box = Letterbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    box.port = controller.port
    yield box
    controller.stop()


@pytest.fixture
def hanging():
    """A mail server that accepts `connections` and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        server = SimpleNamespace(port=listener.getsockname()[1], accept=listener.accept)
        server.connections = []

        def accept():
            while True:
                try:
                    server.connections.append(server.accept()[0])
                except OSError:
                    return

        threading.Thread(target=accept, daemon=True).start()
        yield server
        for connection in server.connections:
            connection.close()
        listener.shutdown(socket.SHUT_RDWR)


def request_password(site, email: str, **headers) -> int:
    """Request a new password, like the page's form; returns the status."""
    visitor = site.visitor(follow=False)
    visitor.get("/accounts/password_reset/")
    return visitor.post("/accounts/password_reset/", {"email": email}, **headers).status


def get(site, path: str) -> tuple[int, str]:
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=60)) as connection:
        connection.request("GET", path, headers={"Host": "localhost"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_a_mail_contains_a_link_to_the_site(make_site, letterbox):
    site = make_site(
        EMAIL_URL=f"smtp://127.0.0.1:{letterbox.port}", SITE_URL="https://chat.example.org", ALLOWED_HOSTS="*"
    )
    site.python(ERIN)
    assert request_password(site, "erin1@example.org") == 302
    (envelope,) = wait_until(lambda: letterbox.mails, "the mail")
    assert envelope.rcpt_tos == ["erin1@example.org"]
    assert re.search(rb"https://chat\.example\.org/accounts/reset/\S+", envelope.content)
    wait_until(lambda: 'parley_mails_total{outcome="sent"} 1.0' in get(site, "/metrics")[1], "the count")


@pytest.mark.log_may_show("A mail could not be sent")
def test_a_waiting_mail_is_sent_after_a_restart(make_site, letterbox):
    site = make_site(EMAIL_URL=f"smtp://127.0.0.1:{free_port()}")
    site.python(ERIN)
    assert request_password(site, "erin1@example.org") == 302
    wait_until(lambda: "A mail could not be sent" in site.log, "an attempt")
    site.stop()
    worker = site.workers[0]
    worker.options["env"]["EMAIL_URL"] = f"smtp://127.0.0.1:{letterbox.port}"
    worker.start()
    (envelope,) = wait_until(lambda: letterbox.mails, "the mail")
    assert envelope.rcpt_tos == ["erin1@example.org"]


@pytest.mark.log_may_show("A mail could not be sent")
def test_pages_are_served_while_a_mail_server_hangs(make_site, hanging):
    site = make_site(EMAIL_URL=f"smtp://127.0.0.1:{hanging.port}", HTTP_THREADS=2)
    site.python(ERIN)
    began = time.monotonic()
    # More requests than threads for pages and for jobs. Each address may request five passwords per minute.
    statuses = [request_password(site, f"erin{number}@example.org") for number in range(5)]
    assert statuses == [302] * 5
    wait_until(lambda: hanging.connections, "a mail that is being sent")
    assert get(site, "/accounts/login/")[0] == 200
    assert get(site, "/readyz")[0] == 200
    assert time.monotonic() - began < 9, "less than one mail takes to fail"
    wait_until(lambda: 'parley_mails_total{outcome="failed"} 2.0' in get(site, "/metrics")[1], "two that failed")
    assert "A mail could not be sent: TimeoutError" in site.log or "SMTPServerDisconnected" in site.log


def test_readiness_reports_threads_that_are_stuck(make_site, monkeypatch):
    from project import http

    threads = http.ThreadPool("http", 2)
    monkeypatch.setattr(http, "monotonic", lambda: now[0])
    now, leave = [1000.0], threading.Event()
    handler = http.Handler.__new__(http.Handler)
    handler._pools = (threads, http.ThreadPool("hashing", 1))
    workers = [threading.Thread(target=threads._run, args=(lambda _request: leave.wait(10), None)) for _ in range(2)]
    for worker in workers:
        worker.start()
    wait_until(lambda: len(threads._started_at) == 2)
    now[0] += http.STUCK_S - 1
    assert handler.problem() is None
    now[0] += 2
    assert handler.stuck() == 2
    assert "All 2 threads (http)" in handler.problem()
    leave.set()
    for worker in workers:
        worker.join()
    assert handler.problem() is None
