"""Moments that each reader sees in their own time zone: `<time:2026-11-26T18:00+01:00>`."""

import re
from datetime import UTC, datetime, timedelta

_TIME = re.compile(
    r"<time:(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<clock>[0-9]{2}:[0-9]{2})(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?P<zone>[Zz]|[+-][0-9]{2}:?[0-9]{2})>"
)


def find(text: str, at: int) -> tuple[int, str, str] | None:
    """The end of the moment at `at`, its HTML, and its text for places without HTML; None if there is no valid one.

    The moment needs a date, a time and an offset: without an offset, readers in different zones would see different
    moments.
    """
    found = _TIME.match(text, at)
    if found is None:
        return None
    date, clock, zone = found["date"], found["clock"], found["zone"].upper()
    try:
        moment = datetime.fromisoformat(f"{date}T{clock}{zone}").astimezone(UTC)
        moment - timedelta(days=1), moment + timedelta(days=1)  # Readers in other zones need the days around it.
    except (ValueError, OverflowError):
        return None
    shown = f"{date} {clock} {'UTC' if zone == 'Z' else zone}"
    return found.end(), f'<time datetime="{moment.isoformat()[:16]}Z">{shown}</time>', shown
