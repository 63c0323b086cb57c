"""Mail: sends one, and notes in the admin what went wrong.

Mail is sent by jobs: a mail server may answer late or never, so no page waits for it.
"""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone
from prometheus_client import Counter

from chat.models import Site

logger = logging.getLogger(__name__)

MAILS = Counter("parley_mails", "Mails by outcome: sent; failed, once for each attempt.", ["outcome"])
for _outcome in ("sent", "failed"):
    MAILS.labels(_outcome)


def send(message: EmailMessage, *, key: str) -> None:
    """Send a mail now. Raises the exceptions of the SMTP client.

    `key`: the same for each attempt at this mail. It becomes its Message-ID, by which mailboxes recognise a second
    copy: a worker may die after the mail server took the mail, and before that was noted.
    """
    domain = settings.SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0] or "localhost"
    message.extra_headers.setdefault("Message-ID", f"<{key}@{domain}>")
    message.send()
    MAILS.labels("sent").inc()
    Site.objects.filter(pk=1, mail_failed_at__isnull=False).update(mail_failed_at=None, mail_error="")


def note_failure(error: BaseException) -> None:
    """Log that a mail was not sent, and show it in the admin until another mail is sent."""
    MAILS.labels("failed").inc()
    sentence = f"A mail could not be sent: {type(error).__name__}: {error}"
    logger.error(sentence)
    longest = Site._meta.get_field("mail_error").max_length
    Site.objects.filter(pk=1).update(mail_failed_at=timezone.now(), mail_error=sentence[:longest])
