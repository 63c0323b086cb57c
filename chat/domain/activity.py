"""How many messages were posted, by room, day and person: counted by a job from what is new since its last run.

A room is counted by its versions: `seq` follows the order of commits, so that no message is missed or counted twice.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from time import monotonic
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Count, F, Max, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from chat.models import DailyMessages, Message, RoomActivity, RoomHead, UserActivity

ROOMS_A_BATCH = 50
VERSIONS_A_BATCH = 20_000
"""Of one room, in one transaction: bounds the first run on a site with many messages."""
DAYS_KEPT = 35
SEEN_A_STATEMENT = 500


def count_new(budget_s: float = 20) -> bool:
    """Count what was posted since the last run. Returns False if `budget_s` seconds did not suffice."""
    until = monotonic() + budget_s
    while _count_batch():
        if monotonic() > until:
            return False
    DailyMessages.objects.filter(day__lt=timezone.localdate() - timedelta(days=DAYS_KEPT)).delete()
    return True


def _count_batch() -> bool:
    """Count some of the rooms that have changed. False if there was none."""
    changed = RoomHead.objects.filter(
        Q(room__activity=None, version__gt=0) | Q(version__gt=F("room__activity__counted_to"))
    )
    heads = dict(changed.order_by("pk").values_list("pk", "version")[:ROOMS_A_BATCH])
    if not heads:
        return False
    RoomActivity.objects.bulk_create([RoomActivity(room_id=room) for room in heads], ignore_conflicts=True)
    with transaction.atomic():
        rows = list(RoomActivity.objects.select_for_update().filter(pk__in=heads).order_by("pk"))
        upto = {row.pk: max(row.counted_to, min(heads[row.pk], row.counted_to + VERSIONS_A_BATCH)) for row in rows}
        _add(rows, upto)
    return True


def _add(rows: list[RoomActivity], upto: dict[int, int]) -> None:
    by_room = {row.pk: row for row in rows}
    new = reduce(or_, (Q(room=row.pk, seq__gt=row.counted_to, seq__lte=upto[row.pk]) for row in rows))
    found = (
        Message.objects.filter(new)
        .order_by()
        .values_list("room_id", "author_id", TruncDate("created_at"))
        .annotate(count=Count("pk"), last=Max("created_at"))
    )
    days: Counter[tuple[int, date]] = Counter()
    people: Counter[int] = Counter()
    last_of: dict[int, datetime] = {}
    oldest = timezone.localdate() - timedelta(days=DAYS_KEPT)
    for room, author, day, count, last in found:
        row = by_room[room]
        row.messages += count
        row.last_at = max(row.last_at or last, last)
        if day >= oldest:
            days[room, day] += count
        if author is not None:
            people[author] += count
            last_of[author] = max(last_of.get(author, last), last)
    _add_days(days)
    _add_people(people, last_of)
    for row in rows:
        row.counted_to = upto[row.pk]
    RoomActivity.objects.bulk_update(rows, ["counted_to", "messages", "last_at"])


def _add_days(days: Counter[tuple[int, date]]) -> None:
    # The rows of the rooms are locked: nobody else writes these.
    rows = {(row.room_id, row.day): row for row in DailyMessages.objects.filter(_any(days))} if days else {}
    for (room, day), count in days.items():
        row = rows.setdefault((room, day), DailyMessages(room_id=room, day=day))
        row.messages += count
    DailyMessages.objects.bulk_create([row for row in rows.values() if row.pk is None])
    DailyMessages.objects.bulk_update([row for row in rows.values() if row.pk is not None], ["messages"], 500)


def _any(days: Iterable[tuple[int, date]]) -> Q:
    rooms, dates = {room for room, _day in days}, {day for _room, day in days}
    return Q(room__in=rooms, day__in=dates)


def _add_people(people: Counter[int], last_of: dict[int, datetime]) -> None:
    UserActivity.objects.bulk_create([UserActivity(user_id=user) for user in sorted(people)], ignore_conflicts=True)
    rows = list(UserActivity.objects.select_for_update().filter(pk__in=people).order_by("pk"))
    for row in rows:
        row.messages += people[row.pk]
        row.last_at = max(row.last_at or last_of[row.pk], last_of[row.pk])
    UserActivity.objects.bulk_update(rows, ["messages", "last_at"], 500)


def note_seen(seen: dict[int, datetime]) -> None:
    """Store when these users were last connected, by id. Two statements for SEEN_A_STATEMENT users."""
    users = sorted(seen)
    for start in range(0, len(users), SEEN_A_STATEMENT):
        with transaction.atomic():
            batch = users[start : start + SEEN_A_STATEMENT]
            # One that was deleted meanwhile must not refuse the rows of all others.
            there = get_user_model()._default_manager.filter(pk__in=batch).order_by("pk").values_list("pk", flat=True)
            rows = [UserActivity(user_id=user, seen_at=seen[user]) for user in there]
            UserActivity.objects.bulk_create(
                rows, update_conflicts=True, update_fields=["seen_at"], unique_fields=["user"]
            )


def by_day(rooms: Iterable[int], days: int = 14) -> dict[int, list[int]]:
    """The messages of each of the last days, today last, of each of these rooms. One query."""
    today = timezone.localdate()
    first = today - timedelta(days=days - 1)
    found = {room: [0] * days for room in rooms}
    rows = DailyMessages.objects.filter(room__in=found, day__gte=first, day__lte=today)
    for room, day, count in rows.values_list("room_id", "day", "messages"):
        found[room][(day - first).days] = count
    return found


def of_site(days: int = 14) -> list[int]:
    """The messages of the whole site on each of the last days, today last. One query."""
    today = timezone.localdate()
    first = today - timedelta(days=days - 1)
    rows: Any = DailyMessages.objects.filter(day__gte=first, day__lte=today).values_list("day")
    counts = dict(rows.annotate(count=models.Sum("messages")))
    return [counts.get(first + timedelta(days=number), 0) for number in range(days)]
