"""The record of actions as JSON lines, in pages: memory use does not depend on its length."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from chat.models import RecordedAction

from .types import Rows

PAGE_ROWS = 500
COLUMNS = (
    *("id", "at", "actor", "actor_name", "verb", "object_kind", "object_id", "object_name"),
    *("room", "room_name", "before", "after", "reason", "address"),
)


def pages(rows: Rows | None = None) -> Iterator[str]:
    """Yield the lines of these rows, the oldest first, PAGE_ROWS at once. One query for each page.

    `rows`: a query set of `RecordedAction`; None: all. Rows that are added meanwhile come at the end.
    """
    chosen = (RecordedAction.objects.all() if rows is None else rows).order_by("pk")
    last = 0
    while page := list(chosen.filter(pk__gt=last).values(*COLUMNS)[:PAGE_ROWS]):
        last = page[-1]["id"]
        yield "".join(map(_line, page))


def since(moment: datetime | None) -> Rows:
    """The rows from a moment on; all of them for None."""
    return RecordedAction.objects.all() if moment is None else RecordedAction.objects.filter(at__gte=moment)


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n"
