"""Restoring a native backup."""

from typing import BinaryIO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from chat.domain.errors import Invalid
from chat.models.snapshot import lift_time_limits

from .. import files, target
from ..schema import Schema
from . import container
from .writing import ENGINES

TITLES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


def restore(stream: BinaryIO) -> target.Restored:
    """Fill this empty site from a native backup; see `backup.restore`. Raises Invalid for another kind of database."""
    archive = container.Reader(stream)
    header = archive.header
    if header.database != connection.vendor:
        raise Invalid(
            _(
                "This backup is from %(there)s, but this site uses %(here)s. Make one with manage.py backup "
                "--portable, which can be restored into both."
            )
            % {"there": TITLES.get(header.database, header.database), "here": TITLES[connection.vendor]}
        )
    schema = Schema()
    target.check_version(header.migrations, schema)
    sizes = [member.size for name, member in archive.members.items() if name.startswith(files.FOLDER)]
    files.check_room(total=sum(sizes), largest=max(sizes, default=0))
    engine = ENGINES[connection.vendor]
    with (
        target.unfit_rows_refused(),
        engine.source(archive, schema),
        files.restoring() as restorer,
        connection.constraint_checks_disabled(),
        transaction.atomic(),
    ):
        lift_time_limits()
        target.require_empty(schema)
        rows = engine.load(archive, schema)
        connection.check_constraints()
        target.begin_new_epoch(schema)
        for name, member in archive.members.items():
            if name.startswith(files.FOLDER):
                restorer.store(name.removeprefix(files.FOLDER), archive.read(member))
    return target.Restored(header.made_at, rows)
