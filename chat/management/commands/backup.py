"""`manage.py backup FILE`: write the whole site into one file while people use it."""

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from chat.domain import backup
from chat.domain.errors import DomainError


class Command(BaseCommand):
    """Writes FILE. A regular file appears only when it is complete; a device or FIFO is written directly."""

    help = _("Write the whole site into one file while people use it. manage.py restore reads the file.")

    def add_arguments(self, parser):
        """FILE, and --portable."""
        parser.add_argument("file", help=_("the file to write; an existing one is replaced; -: standard output"))
        parser.add_argument(
            "--portable",
            action="store_true",
            help=_("a slower format that can be restored into another kind of database"),
        )

    def handle(self, *, file, portable, **options):
        """Write the backup. Raises CommandError (exit code 1) with the reason when that fails."""
        try:
            with _opened(file) as stream:
                rows = backup.write(stream, portable_format=portable)
        except OSError as error:
            values = {"file": file, "reason": error.strerror or error}
            raise CommandError(_("%(file)s cannot be written: %(reason)s.") % values) from error
        except (DomainError, DatabaseError) as error:
            raise CommandError(error) from error
        if file != "-":
            self.stdout.write(self.style.SUCCESS(_("%(rows)d rows are in %(file)s.") % {"rows": rows, "file": file}))


def _opened(file: str):
    if file == "-":
        return _standard_output()
    path = Path(file)
    # A device or FIFO is written to, not replaced by a file. Links are followed.
    if path.exists() and not path.is_file():
        return path.open("wb")
    return _replaced(path.resolve())


@contextlib.contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    if sys.stdout.isatty():
        raise CommandError(_("A backup cannot be shown in a terminal: name a file, or redirect the output into one."))
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


@contextlib.contextmanager
def _replaced(path: Path) -> Iterator[BinaryIO]:
    """A new file with mode 0600, because it holds password hashes. It gets its name when it is complete and on disk."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".parley-backup-")
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
