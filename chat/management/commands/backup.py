"""`manage.py backup FILE`: the whole site in one file, while people talk."""

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
from chat.domain.errors import Refused


class Command(BaseCommand):
    """Writes FILE, which is there whole or not at all; a device or FIFO gets it as it comes."""

    help = _("Write the whole site into one file, while people talk; manage.py restore reads it.")

    def add_arguments(self, parser):
        """FILE."""
        parser.add_argument("file", help=_("where to; a file of this name is replaced; -: standard output"))

    def handle(self, *, file, **options):
        """Write it. Raises CommandError (exit code 1) with a sentence when that cannot be done."""
        try:
            with _opened(file) as stream:
                rows = backup.write(stream)
        except (Refused, OSError, DatabaseError) as error:
            raise CommandError(error) from error
        if file != "-":
            self.stdout.write(self.style.SUCCESS(_("%(rows)d rows are in %(file)s.") % {"rows": rows, "file": file}))


def _opened(file: str):
    if file == "-":
        return _standard_output()
    path = Path(file)
    # A device or a FIFO is written to: a new file in its place would be somewhere else. Links are followed.
    if path.exists() and not path.is_file():
        return path.open("wb")
    return _replaced(path.resolve())


@contextlib.contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    if sys.stdout.isatty():
        raise CommandError(_("A backup is not for a terminal to show: name a file, or send it into one."))
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


@contextlib.contextmanager
def _replaced(path: Path) -> Iterator[BinaryIO]:
    """A new file, for its owner alone: it holds password hashes. Whole and on the disk, it takes the name."""
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
