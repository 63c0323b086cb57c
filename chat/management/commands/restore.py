"""`manage.py restore FILE`: an empty site filled from a backup."""

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Iterator
from typing import BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from chat.domain import backup
from chat.domain.errors import Refused


class Command(BaseCommand):
    """Reads FILE into a site that was migrated and no more: all of it or nothing."""

    help = _("Fill this empty site with what manage.py backup wrote, of whichever kind of database.")

    def add_arguments(self, parser):
        """FILE."""
        parser.add_argument("file", help=_("a backup; -: standard input"))

    def handle(self, *, file, **options):
        """Restore it. Raises CommandError (exit code 1) with a sentence when that cannot be done."""
        try:
            with _given(file) as given, _twice(given) as stream:
                restored = backup.restore(stream)
        except (Refused, OSError, DatabaseError) as error:
            raise CommandError(error) from error
        said = _("%(rows)d rows of %(made_at)s are restored. People sign in again.") % vars(restored)
        self.stdout.write(self.style.SUCCESS(said))


def _given(file: str):
    return contextlib.nullcontext(sys.stdin.buffer) if file == "-" else open(file, "rb")


@contextlib.contextmanager
def _twice(given: BinaryIO) -> Iterator[BinaryIO]:
    """The same bytes, which can be read twice: to see that all are there, and to restore them."""
    if given.seekable():
        yield given
        return
    with tempfile.TemporaryFile() as stream:
        shutil.copyfileobj(given, stream)
        stream.seek(0)
        yield stream
