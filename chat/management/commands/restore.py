"""`manage.py restore FILE`: fill an empty site from a backup."""

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
from chat.domain.errors import DomainError


class Command(BaseCommand):
    """Loads all of FILE into a site that was migrated and is otherwise empty, or changes nothing."""

    help = _("Fill this empty site from a backup: one of the same kind of database, or a portable one.")

    def add_arguments(self, parser):
        """FILE."""
        parser.add_argument("file", help=_("the backup to read; -: standard input"))

    def handle(self, *, file, **options):
        """Restore the backup. Raises CommandError (exit code 1) with the reason when that fails."""
        try:
            with _opened(file) as source, _seekable(source) as stream:
                restored = backup.restore(stream)
        except OSError as error:
            values = {"file": file, "reason": error.strerror or error}
            raise CommandError(_("%(file)s cannot be read: %(reason)s.") % values) from error
        except (DomainError, DatabaseError) as error:
            raise CommandError(error) from error
        text = _("%(rows)d rows of %(made_at)s are restored. People have to sign in again.") % vars(restored)
        self.stdout.write(self.style.SUCCESS(text))


def _opened(file: str):
    return contextlib.nullcontext(sys.stdin.buffer) if file == "-" else open(file, "rb")


@contextlib.contextmanager
def _seekable(source: BinaryIO) -> Iterator[BinaryIO]:
    """A seekable stream with the same bytes: a restore reads them twice, first to check them."""
    if source.seekable():
        yield source
        return
    with tempfile.TemporaryFile() as stream:
        shutil.copyfileobj(source, stream)
        stream.seek(0)
        yield stream
