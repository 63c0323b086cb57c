"""Mail, sent after the response: on threads of its own, from a bounded queue.

A mail server may take any time to answer, or never do: no page waits for it, and none takes longer for an address that
has an account. What could not be sent is logged, counted, and shown with the site in the admin.
"""

import atexit
import logging
from collections.abc import Callable
from queue import Full, Queue
from threading import Lock, Thread
from time import monotonic, sleep

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import close_old_connections
from django.utils import timezone
from prometheus_client import Counter, Gauge

from chat.models import Site

logger = logging.getLogger(__name__)

WAITING_MOST = 100
"""Mails that wait; more are let go. Each holds an address, not its text."""
LAST_WORDS_S = 12
"""How long the end of the process waits for mails that are being sent: a little longer than EMAIL_TIMEOUT."""

MAILS = Counter("parley_mails", "Mails by what became of them: sent, failed, dropped.", ["outcome"])
for _outcome in ("sent", "failed", "dropped"):
    MAILS.labels(_outcome)

_queue: Queue[Callable[[], None]] = Queue(WAITING_MOST)
_lock = Lock()
_threads: list[Thread] = []
Gauge("parley_mails_waiting", "Mails that wait for a thread.").set_function(_queue.qsize)


def later(work: Callable[[], None]) -> None:
    """Run `work`, which makes and sends mails, on a thread for mail. Returns at once, and never raises.

    Without such threads (MAIL_THREADS is 0: in tests) it is run here.
    """
    if not settings.MAIL_THREADS:
        _run(work)
        return
    _start_threads()
    try:
        _queue.put_nowait(work)
    except Full:
        MAILS.labels("dropped").inc()
        _note_failure("Too many mails wait to be sent: one was dropped.")


def send(message: EmailMessage) -> None:
    """Send a mail now. For `work` that was handed to `later`. Raises what the mail server's client raises."""
    message.send()
    MAILS.labels("sent").inc()
    Site.objects.filter(pk=1, mail_failed_at__isnull=False).update(mail_failed_at=None, mail_error="")


def _start_threads() -> None:
    with _lock:
        while len(_threads) < settings.MAIL_THREADS:
            # Daemons: a server that never answers must not keep the process from ending.
            thread = Thread(target=_work, name=f"mail-{len(_threads)}", daemon=True)
            _threads.append(thread)
            thread.start()
            if len(_threads) == 1:
                atexit.register(_finish)


def _work() -> None:
    while True:
        work = _queue.get()
        try:
            _run(work)
        finally:
            _queue.task_done()
            close_old_connections()


def _run(work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as error:
        MAILS.labels("failed").inc()
        _note_failure(f"A mail could not be sent: {type(error).__name__}: {error}")


def _note_failure(sentence: str) -> None:
    logger.error(sentence)
    try:
        longest = Site._meta.get_field("mail_error").max_length
        Site.objects.filter(pk=1).update(mail_failed_at=timezone.now(), mail_error=sentence[:longest])
    except Exception:
        logger.warning("The failure could not be shown in the admin.", exc_info=True)


def _finish() -> None:
    """Wait for what is being sent, as long as a mail server may take."""
    until = monotonic() + LAST_WORDS_S
    while _queue.unfinished_tasks and monotonic() < until:
        sleep(0.02)
