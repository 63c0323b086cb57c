"""The files of a site in its backups: pictures of people, files of messages, pictures of previews, custom emoji. The
rows of the database name them.

They are read and written in pieces: memory use does not depend on their size.
"""

import base64
import binascii
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.translation import gettext as _

from chat.domain import attachments, custom_emoji, pictures, upload_files, upload_limits, uploads
from chat.domain.errors import Forbidden
from chat.domain.previews import files as previews

from .schema import Schema
from .target import unfit

FOLDER = "files/"
"""Before the names of the members of a native backup that are files."""
TABLE, COLUMNS = "files", ["name", "offset", "content"]
"""The files of a portable backup, as if they were a table: a row for each piece, in Base64."""
PROFILES, ATTACHMENTS, MESSAGES, EMOJI = "chat.profile", "chat.attachment", "chat.message", "chat.customemoji"
PIECE_BYTES = 1024 * 1024
ATTACHMENT_NAME = re.compile(rf"{uploads.FOLDER}/[0-9a-f]{{2}}/[0-9a-f]{{32}}(\.[a-z0-9-]{{1,20}}\.(webp|json))?\Z")
"""The names of files of messages, and of what was made of them, in the storage."""
NAMES = (pictures.NAME, ATTACHMENT_NAME, previews.NAME, custom_emoji.NAME)


def stored(schema: Schema) -> Iterator[tuple[str, Iterator[bytes]]]:
    """The name and the pieces of each file that a row of the database names. One that is missing is left out: it may
    have been replaced or deleted since the snapshot was made. The pieces must be read before the next file."""
    for name in _names(schema):
        with suppress(FileNotFoundError), _open(name) as file:
            yield name, iter(lambda file=file: file.read(PIECE_BYTES), b"")  # type: ignore[misc]


def _open(name: str) -> Any:
    try:
        return _storage_of(name).open(name, "rb")
    except FileNotFoundError:
        # On its way into a bucket.
        return upload_files.path_of(name).open("rb")


def _names(schema: Schema) -> Iterator[str]:
    if PROFILES in schema.models:
        named = schema.models[PROFILES]._base_manager.exclude(avatar="").order_by("pk")
        yield from named.values_list("avatar", flat=True).iterator(chunk_size=1000)
    if ATTACHMENTS in schema.models:
        complete = schema.models[ATTACHMENTS]._base_manager.exclude(state="uploading").order_by("pk")
        for name, kinds in complete.values_list("storage_name", "thumbs").iterator(chunk_size=1000):
            yield name
            yield from (attachments.picture_name(name, kind) for kind in kinds)
    if MESSAGES in schema.models:
        with_previews = schema.models[MESSAGES]._base_manager.filter(previews__isnull=False).order_by("pk")
        for message, entries in with_previews.values_list("pk", "previews").iterator(chunk_size=1000):
            yield from previews.paths_of(message, entries)
    if EMOJI in schema.models:
        own = schema.models[EMOJI]._base_manager.order_by("pk")
        yield from own.values_list("picture", flat=True).iterator(chunk_size=1000)


def rows_of(name: str, pieces: Iterable[bytes]) -> Iterator[list[Any]]:
    """The rows of TABLE for one file."""
    offset = 0
    for piece in pieces:
        yield [name, offset, base64.b64encode(piece).decode()]
        offset += len(piece)


def check_room(*, total: int, largest: int) -> None:
    """Raise Forbidden if the disk has no room for files of `total` bytes, the largest of which has `largest`. Files
    that go into a bucket need it one at a time."""
    size = total if isinstance(storages["files"], FileSystemStorage) else largest
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder).free
    if size > free:
        raise Forbidden(
            _("The disk has no room for the files of this backup: they need %(size)s, and %(free)s are free.")
            % {"size": upload_limits.in_words(size), "free": upload_limits.in_words(free)}
        )


class Restorer:
    """Stores the files of a backup."""

    def __init__(self, folder: Path) -> None:
        self.names: list[str] = []
        self._folder = folder
        self._name = ""
        self._size = 0

    def store(self, name: Any, pieces: Iterable[bytes]) -> None:
        """Store one file. Raises Invalid for a name that the site gives to no file."""
        self._begin(name)
        with self._path.open("ab") as file:
            for piece in pieces:
                file.write(piece)
        self.finish()

    def store_row(self, columns: list[str], row: list[Any]) -> None:
        """Store a piece of a file from a row of a portable backup. Pieces of one file follow each other."""
        try:
            fields = dict(zip(columns, row, strict=True))
            name, content = fields["name"], base64.b64decode(fields["content"], validate=True)
        except (KeyError, TypeError, ValueError, binascii.Error) as error:
            raise unfit(error) from error
        # Older backups have one row for each file.
        offset = fields.get("offset", 0)
        if offset == 0:
            self.finish()
            self._begin(name)
        if (name, offset) != (self._name, self._size):
            raise unfit(_("a part of a file is missing."))
        with self._path.open("ab") as file:
            file.write(content)
        self._size += len(content)

    def finish(self) -> None:
        """Put the file whose pieces were stored last into its storage."""
        if self._name:
            storage = _storage_of(self._name)
            # The names are random: a file of this name has this content.
            if not storage.exists(self._name):
                with self._path.open("rb") as file:
                    self.names.append(storage.save(self._name, File(file)))
            self._path.unlink()
            self._name = ""

    def _begin(self, name: Any) -> None:
        if not isinstance(name, str) or not any(pattern.fullmatch(name) for pattern in NAMES):
            raise unfit(_("it has a file that is not of this site."))
        self._name, self._size = name, 0
        self._path.unlink(missing_ok=True)
        self._path.touch()

    @property
    def _path(self) -> Path:
        return self._folder / "piece"


@contextmanager
def restoring() -> Iterator[Restorer]:
    """A Restorer whose files are deleted again if the restore fails."""
    parent = Path(settings.MEDIA_ROOT)
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=parent, prefix=".restore-") as folder:
        restorer = Restorer(Path(folder))
        try:
            yield restorer
            restorer.finish()
        except BaseException:
            for name in restorer.names:
                _storage_of(name).delete(name)
            raise


def _storage_of(name: str) -> Storage:
    return storages["default" if name.startswith(f"{pictures.FOLDER}/") else "files"]
