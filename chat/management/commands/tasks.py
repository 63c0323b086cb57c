"""`manage.py tasks`: runs background jobs in a process of its own, until SIGTERM."""

import signal
import threading

from django.conf import settings
from django.core.management.base import BaseCommand

from chat.jobs.worker import Worker
from chat.management.tasks_page import TasksPage


class Command(BaseCommand):
    """Runs jobs, and serves `/healthz`, `/readyz` and `/metrics` at HOST:PORT."""

    help = (
        "Run background jobs in this process, instead of in the server processes (JOBS_IN_SERVER=false there). "
        "/healthz, /readyz and /metrics of this process are at HOST and PORT."
    )

    def handle(self, *args, **options):
        """Run until SIGTERM or SIGINT."""
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        worker = Worker(settings.JOB_THREADS)
        page = TasksPage((settings.HOST, settings.PORT), worker)
        worker.start()
        page.start()
        self.stdout.write("Background jobs are run.")
        self.stdout.flush()
        # With a limit, so that signals are handled: a wait without one blocks them on some systems.
        while not stopped.wait(1):
            pass
        page.stop()
        worker.stop(settings.DRAIN_S)
