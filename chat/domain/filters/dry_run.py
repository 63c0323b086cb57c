"""Shows what a filter would have met among the last messages of the site. Nothing is changed."""

import time
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chat.models import Message, MessageFilter, Room

from . import matching
from .matching import Text

LAST = 10_000
"""Messages that are looked at."""
SHOWN = 50
"""Of the messages that the filter meets, the last ones in public rooms."""
TIME_LIMIT_S = 5.0
"""A request waits no longer."""
_CHUNK = 1000


@dataclass(slots=True)
class Hit:
    """A message that the filter meets, and what it found."""

    message: Message
    found: str


@dataclass(slots=True)
class DryRun:
    """`checked` messages were looked at, and the filter meets `met` of them. `hits`: the last of those, without those
    of private and direct rooms for staff, who do not read them. `is_complete`: all of the last LAST were looked at."""

    checked: int = 0
    met: int = 0
    hits: list[Hit] = field(default_factory=list)
    is_complete: bool = True


def run(stored: MessageFilter, *, shows_closed: bool = False, time_limit_s: float = TIME_LIMIT_S) -> DryRun:
    """Apply a filter, which need not be stored, to the last LAST messages; one of a room to those of its room. That
    moderators and staff are not filtered is left out of account. `shows_closed`: with the hits in closed rooms. About
    LAST / 1000 queries. Raises Invalid or TooLong for a filter that cannot be compiled."""
    compiled = matching.compile_filter(stored)
    ends_at = time.monotonic() + time_limit_s
    result, hits = DryRun(), deque[Hit](maxlen=SHOWN)
    times: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for message in _last_messages(stored):
        if time.monotonic() > ends_at:
            result.is_complete = False
            break
        result.checked += 1
        earlier = times[message.sender_key, message.text]
        found = compiled.find(_text_of(message, earlier))
        earlier.append(message.created_at)
        if found is not None:
            result.met += 1
            if shows_closed or message.room.kind == Room.Kind.PUBLIC:
                hits.append(Hit(message, found))
    result.hits = list(reversed(hits))
    return result


def _last_messages(stored: MessageFilter) -> Iterator[Message]:
    """The oldest first: a text is repeated only after it was said."""
    rows = Message.objects.not_deleted().order_by("-pk")
    if stored.room_id is not None:
        rows = rows.filter(room=stored.room_id).order_by("-seq")
    ids = list(rows.values_list("pk", flat=True)[:LAST])[::-1]
    for start in range(0, len(ids), _CHUNK):
        chunk = Message.objects.filter(pk__in=ids[start : start + _CHUNK]).select_related(
            "room", "author__chat_profile"
        )
        yield from chunk.order_by("pk")


def _text_of(message: Message, earlier: list[datetime]) -> Text:
    def repeats(hours: int, most: int) -> int:
        since = message.created_at - timedelta(hours=hours)
        return min(most, len(earlier) - bisect_right(earlier, since))

    def is_new(hours: int) -> bool:
        joined: Any = getattr(message.author, "date_joined", None)
        if message.author_id is None:
            return True
        return joined is not None and message.created_at - joined < timedelta(hours=hours)

    mentioned = len(message.mentions["people"]) if message.mentions else 0
    return Text(text=message.text, html=message.html, mentioned=mentioned, repeats=repeats, is_new=is_new)
