"""The dates of the query language: `2026-11-03`, `2026-11`, `2026`, `yesterday`, `monday`, `november`, `last-week`,
`7d`.

Pure. A date is a period of whole days in the reader's time zone.
"""

import re
from datetime import date, datetime, time, timedelta, tzinfo

FIRST_YEAR, LAST_YEAR = 1970, 2199
"""Times of other years cannot be compared everywhere: some have no UTC time in Python."""
MAX_DAYS_AGO = 36_500
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?\Z", re.ASCII)
_DAYS_AGO = re.compile(r"(\d{1,5})([dwmy])\Z", re.ASCII)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


def period(value: str, now: datetime, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """The beginning of a period in `zone` and the beginning of what follows it, as aware times; None for no date.

    Names of weekdays and months mean the last one that has begun. `7d`, `2w`, `3m`, `1y`: the day so long ago; months
    have 30 days, years 365.
    """
    days = _days(value.casefold(), now.astimezone(zone).date())
    if days is None:
        return None
    first, after = days
    if not FIRST_YEAR <= first.year <= LAST_YEAR or not FIRST_YEAR <= after.year <= LAST_YEAR + 1:
        return None
    return datetime.combine(first, time.min, zone), datetime.combine(after, time.min, zone)


def _days(value: str, today: date) -> tuple[date, date] | None:
    if match := _DATE.match(value):
        return _numbers(*(int(part) if part else None for part in match.groups()))
    if match := _DAYS_AGO.match(value):
        ago = int(match[1]) * _DAYS[match[2]]
        return _one_day(today - timedelta(days=ago)) if ago <= MAX_DAYS_AGO else None
    monday = today - timedelta(days=today.weekday())
    match re.sub("[_ ]+", "-", value):
        case "today":
            return _one_day(today)
        case "yesterday":
            return _one_day(today - _DAY)
        case "week" | "this-week":
            return monday, monday + _WEEK
        case "last-week":
            return monday - _WEEK, monday
        case "month" | "this-month":
            return _month(today.year, today.month)
        case "last-month":
            return _month(*_month_before(today.year, today.month))
        case "year" | "this-year":
            return _numbers(today.year)
        case "last-year":
            return _numbers(today.year - 1)
    if value in _WEEKDAYS:
        return _one_day(today - timedelta(days=(today.weekday() - _WEEKDAYS.index(value)) % 7))
    if value in _MONTHS:
        month = _MONTHS.index(value) + 1
        return _month(today.year if month <= today.month else today.year - 1, month)
    return None


def _numbers(year: int | None, month: int | None = None, day: int | None = None) -> tuple[date, date] | None:
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    if month is None:
        return date(year, 1, 1), date(year + 1, 1, 1)
    if not 1 <= month <= 12:
        return None
    if day is None:
        return _month(year, month)
    try:
        return _one_day(date(year, month, day))
    except ValueError:
        return None


def _one_day(day: date) -> tuple[date, date]:
    return day, day + _DAY


def _month(year: int, month: int) -> tuple[date, date]:
    after = date(year + 1, 1, 1) if month == 12 else date(year, month + 1, 1)
    return date(year, month, 1), after


def _month_before(year: int, month: int) -> tuple[int, int]:
    return (year - 1, 12) if month == 1 else (year, month - 1)
