"""Which links of a message get a preview."""

import re
from html import unescape
from urllib.parse import urlsplit

from django.conf import settings

from chat.dispatch import queueing
from chat.models import Message

MAX_LINKS = 3
"""The first ones of a message."""
MAX_CHARS = 2000
JOB = "previews.fetch"
# Of our own sanitised HTML, in which an `a` begins with its address.
_HREF = re.compile(r'<a href="(https?://[^"]+)"')


def links_of(html: str) -> list[str]:
    """The addresses of the first MAX_LINKS different links in the HTML of a message that lead to other sites."""
    if "<a " not in html:
        return []
    own = urlsplit(settings.SITE_URL).netloc
    found = dict.fromkeys(unescape(match) for match in _HREF.findall(html))
    return [url for url in found if len(url) <= MAX_CHARS and _host_of(url) not in ("", own)][:MAX_LINKS]


def missing(message: Message) -> list[str]:
    """The links of a message that have no preview, and whose preview was not removed."""
    known = {entry["url"] for entry in message.previews or ()}
    return [url for url in links_of(message.html) if url not in known]


def enqueue_missing(message: Message) -> None:
    """Let a job fetch the previews that a message lacks. Call it in the transaction of the change."""
    if missing(message):
        queueing.enqueue(JOB, message.pk)


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""
