"""Renders stored messages again: after a tick of a task, and when the renderer of this release is newer than theirs.

The names that a message refers to are read from its HTML. So they stay what they were when it was written, whoever left
or was renamed since, and no query is needed.
"""

import contextlib
import re
from html import unescape
from typing import cast

from django.db import transaction

from chat.models import Message, Site

from . import text
from .errors import TooComplex
from .markdown import grammar, mentions
from .mentioning import References

BATCH = 200
"""Messages that one call of `render_older` reads."""
_WRITTEN_AT_ONCE = 50
"""Rows of one transaction: SQLite has one writer, and posts wait for it."""

_PERSON = re.compile(r'<span class="mention" data-person="([0-9]+)">[@＠﹫]([^<]*)</span>')
_GROUP = re.compile(r'<span class="mention (all|here)">[@＠﹫]([^<]*)</span>')
_ROOM = re.compile(r'<a class="room-mention" href="([^"]*)" data-room="([^"]*)"')
_EMOJI = re.compile(r'<img class="emoji" src="([^"]*)" alt=":([^":]*):"')


def references_of(html: str) -> References:
    """What a rendered message refers to, as `text.render` takes it."""
    names: dict[str, int | str] = {mentions.key(unescape(name)): who for who, name in _GROUP.findall(html)}
    names |= {mentions.key(unescape(name)): int(who) for who, name in _PERSON.findall(html)}
    rooms = {slug: unescape(path) for path, slug in _ROOM.findall(html)}
    return References(names, rooms, {name: unescape(path) for path, name in _EMOJI.findall(html)})


def render_again(body: str, html: str) -> grammar.Rendered:
    """Render a text with the names of its former `html`. Raises TooComplex."""
    return text.render(body, *references_of(html))


def is_older_left() -> bool:
    """Whether there may be messages of an older renderer."""
    return Site.current().renderer < text.RENDERER


def render_older(*, before: int | None) -> int | None:
    """Render up to BATCH messages again, the newest first: those with an id below `before` whose renderer is older.

    Returns `before` of the next call; None when all are done, which is kept in `Site.renderer`. The form of a message
    changes, not its content: it takes no version, and pages show it when they load the message the next time. No head
    is locked. A message that is edited meanwhile keeps the HTML of the edit.
    """
    rows = Message.objects.order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    batch = list(rows.values_list("pk", "renderer")[:BATCH])
    older = [pk for pk, renderer in batch if renderer < text.RENDERER]
    changed = []
    for message in Message.objects.filter(pk__in=older).only("text", "html", "renderer"):
        former = message.html
        # What an older renderer accepted and this one does not stays as it is.
        with contextlib.suppress(TooComplex):
            message.html = render_again(message.text, former).html
        changed.append((message, former))
    for first in range(0, len(changed), _WRITTEN_AT_ONCE):
        with transaction.atomic():
            for message, former in changed[first : first + _WRITTEN_AT_ONCE]:
                same = Message.objects.filter(pk=message.pk, renderer=message.renderer, html=former)
                same.update(html=message.html, renderer=text.RENDERER)
    if len(batch) == BATCH:
        return cast(int, batch[-1][0])
    Site.objects.filter(pk=1).update(renderer=text.RENDERER)
    return None
