"""`manage.py record`: the record of what staff, moderators and owners did, as JSON lines."""

from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from chat.domain import record_export


class Command(BaseCommand):
    """Writes the lines to the standard output, the oldest first."""

    help = _("Write the record of what staff, moderators and owners did as JSON lines, the oldest first.")

    def add_arguments(self, parser):
        """--since."""
        parser.add_argument("--since", help=_("only from this day or time on: 2026-01-31, or 2026-01-31T12:00:00Z"))

    def handle(self, *, since, **options):
        """Write the lines, in pages. Raises CommandError for a time that cannot be read."""
        for page in record_export.pages(record_export.since(_moment(since))):
            self.stdout.write(page, ending="")


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        day = parse_date(text)
        found = datetime(day.year, day.month, day.day) if day else parse_datetime(text)
    except ValueError:
        found = None
    if found is None:
        raise CommandError(_("“%(text)s” is not a day or a time.") % {"text": text})
    return found if found.tzinfo else found.replace(tzinfo=UTC)
