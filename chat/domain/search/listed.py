"""Queries without words whose filters name few messages, such as `is:saved`: read from the rows that name them.

A walk over the index of search, from its newest document, would look at each message of the site until a page is full.
"""

from django.db import connection
from django.db.models import Exists, F, OuterRef, Sum

from chat.models import Membership, Message

from .conditions import Conditions

MAX_ROWS = {"postgresql": 5_000, "sqlite": 20_000}
"""Rows of a table from which its messages are read and sorted. Of more, PostgreSQL chooses by its statistics whether to
begin with the rows or with the newest messages; SQLite has none, and looks at the newest messages, of which many have
such a row."""


def are_listed(conditions: Conditions) -> bool:
    """Whether `read` answers the query: it has no words, and a filter that rows outside the index answer."""
    has_rows = bool(conditions.tables) or conditions.has_pin or conditions.unread_of is not None
    return has_rows and not conditions.wanted and not conditions.unwanted


def read(conditions: Conditions, above: int, below: int, limit: int) -> list[int]:
    """The ids of the newest messages that fit, from `above` to before `below`. At most one query for each filter, and
    two."""
    # Not the query for the rooms: PostgreSQL would pair each of them with each row. The hits are loaded by it.
    rooms = list(conditions.rooms.values_list("pk", flat=True))
    found = Message.objects.not_deleted().filter(conditions.messages, room__in=rooms, pk__gte=above, pk__lt=below)
    is_short, most = conditions.has_pin, MAX_ROWS[connection.vendor]
    for table in conditions.tables:
        if is_short or table[: most + 1].count() > most:
            found = found.filter(Exists(table.filter(message=OuterRef("pk"))))
        else:
            is_short, found = True, found.filter(pk__in=table.values("message"))
    if not is_short and (unread := conditions.unread_of) is not None:
        members = Membership.objects.filter(user=unread, read_seq__lt=F("room__head__version"))
        count = members.aggregate(count=Sum(F("room__head__version") - F("read_seq")))["count"] or 0
        if count <= most:
            is_short = True
            found = found.filter(room__memberships__user=unread, seq__gt=F("room__memberships__read_seq"))
    # Not the column itself: its index would be walked from the end until the page is full.
    newest = (F("pk") + 0).desc() if is_short else F("pk").desc()
    return list(found.order_by(newest).values_list("pk", flat=True)[:limit])
