"""Times that a query returns as the text that the database has.

Django makes a datetime of each time that it reads. For the rooms of a page, that took longer than all other columns.
"""

from datetime import UTC, datetime

from django.db.models import TextField
from django.db.models.functions import Cast


def as_text(column: str) -> Cast:
    """The expression for a column as its text."""
    return Cast(column, TextField())


def parse(text: str) -> datetime:
    """The time of such a text, or of one in JSON."""
    at = datetime.fromisoformat(text)
    # SQLite has texts without a time zone.
    return at if at.tzinfo else at.replace(tzinfo=UTC)
