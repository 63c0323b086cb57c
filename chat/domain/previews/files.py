"""The pictures of previews, in the storage of the site's files."""

import re
from collections.abc import Iterable
from contextlib import suppress
from io import BytesIO
from typing import IO, Any

from django.core.files.storage import storages
from django.db import transaction
from django.utils.crypto import salted_hmac

FOLDER = "previews"
NAME = re.compile(rf"{FOLDER}/([0-9]{{1,18}})-[0-9a-f]{{32}}\.webp\Z")
"""The names of the files in the storage. The number is the id of the message."""
NAMES = ("picture", "icon")
"""The fields of a preview that have a file."""


def store(message: int, url: str, name: str, content: bytes) -> str:
    """Store a picture in WebP and return its token. A second run of the job gets the same token, and replaces it."""
    token = salted_hmac("chat.previews", f"{message}/{name}/{url}", algorithm="sha256").hexdigest()[:32]
    path = _path(message, token)
    files = storages["files"]
    files.delete(path)
    files.save(path, BytesIO(content))
    return token


def open_file(message: int, token: str) -> IO[bytes] | None:
    """A stored picture; None if it is missing: a restored database may be older than the files. Raises OSError."""
    try:
        return storages["files"].open(_path(message, token), "rb")
    except FileNotFoundError:
        return None


def delete_after_commit(message: int, entries: Iterable[dict[str, Any]]) -> None:
    """Delete the pictures of these previews of a message once the transaction is committed. What cannot be deleted then
    is an orphan, which is deleted later (`file_cleaning`)."""
    paths = paths_of(message, entries)
    if paths:
        transaction.on_commit(lambda: _delete(paths), robust=True)


def paths_of(message: int, entries: Iterable[dict[str, Any]]) -> list[str]:
    """The names in the storage of the pictures of these previews of a message."""
    return [_path(message, entry[name]["token"]) for entry in entries for name in NAMES if entry.get(name)]


def _delete(paths: list[str]) -> None:
    for path in paths:
        with suppress(OSError):
            storages["files"].delete(path)


def _path(message: int, token: str) -> str:
    return f"{FOLDER}/{message}-{token}.webp"
