"""The bytes of uploads on the disk, before they are complete; with a bucket, until they are examined.

Each upload is one file in FOLDER, which all workers share. Its length is the offset of the upload: nothing else has to
be kept in step with it, and no request writes to the database. A lock of the file keeps a second writer out. The lock
belongs to the open file, so it ends with the process, whatever happens.
"""

import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages

from .errors import ChecksumMismatch, Conflict, Locked, NotFound, StorageFull, TooLarge, Unavailable

PIECE_BYTES = 256 * 1024
CHECKSUMS = ("sha1", "sha256")
"""Names of the algorithms of `Upload-Checksum`. The first one is required by the protocol."""
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Readable(Protocol):
    """What the bytes of a request are read from."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; b"" at the end."""


def folder() -> Path:
    """The folder of incomplete uploads: on the volume of the site's files, so that a complete one is only renamed."""
    return Path(settings.MEDIA_ROOT) / "uploads"


def path_of(storage_name: str) -> Path:
    """The file of an incomplete upload."""
    return folder() / storage_name.rpartition("/")[2]


def free_bytes() -> int:
    """The bytes that the disk has room for, beyond those that uploads leave free."""
    with _disk_errors():
        folder().mkdir(parents=True, exist_ok=True)
        return shutil.disk_usage(folder()).free - settings.MIN_FREE_DISK_BYTES


def create(storage_name: str) -> None:
    """Make the empty file of a new upload. Raises StorageFull, Unavailable."""
    with _disk_errors():
        folder().mkdir(parents=True, exist_ok=True)
        path_of(storage_name).open("xb").close()


def offset(storage_name: str) -> int | None:
    """The number of bytes that were received; None without a file."""
    try:
        return path_of(storage_name).stat().st_size
    except FileNotFoundError:
        return None


@contextmanager
def locked(storage_name: str) -> Iterator[BinaryIO]:
    """The file of an upload, for one writer. Raises NotFound, Locked, Unavailable."""
    with _disk_errors(), path_of(storage_name).open("r+b", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked from None
        if os.fstat(file.fileno()).st_nlink == 0:
            # It was complete, or deleted, before the lock was taken.
            raise NotFound
        yield file


def append(file: BinaryIO, source: Readable, at: int, size: int, checksum: tuple[str, bytes] | None = None) -> int:
    """Append what `source` has to a locked file; returns the new offset. `at`: the offset that the client assumes;
    `size`: that of the complete file; `checksum`: the name of an algorithm and the digest of what `source` has.

    All bytes are stored or none. Raises Conflict, TooLarge, ChecksumMismatch, StorageFull, Unavailable.
    """
    length = os.fstat(file.fileno()).st_size
    if length != at:
        raise Conflict
    digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
    try:
        file.seek(at)
        while piece := source.read(PIECE_BYTES):
            if at + len(piece) > size:
                raise TooLarge
            _write(file, piece)
            at += len(piece)
            if digest:
                digest.update(piece)
        if digest and checksum and digest.digest() != checksum[1]:
            raise ChecksumMismatch
    except BaseException:
        with suppress(OSError):
            file.truncate(length)
        raise
    return at


def _write(file: BinaryIO, piece: bytes) -> None:
    # An unbuffered file may take fewer bytes, for example the last ones for which the disk has room.
    rest = memoryview(piece)
    while rest:
        rest = rest[file.write(rest) :]


def sha256_of(file: BinaryIO) -> str:
    """The SHA-256 of a whole file, in hexadecimal digits."""
    digest = hashlib.sha256()
    file.seek(0)
    while piece := file.read(PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()


def keep(storage_name: str, file: BinaryIO) -> None:
    """Put a complete, locked file into the storage of files. When this returns, it survives a power cut.

    A bucket gets it later, from the job that examines it: that may take minutes. Raises StorageFull, Unavailable.
    """
    storage, path = storages["files"], path_of(storage_name)
    with _disk_errors():
        os.fsync(file.fileno())
        if isinstance(storage, FileSystemStorage):
            target = Path(storage.path(storage_name))
            target.parent.mkdir(parents=True, exist_ok=True)
            path.rename(target)
            path = target
        _sync_folder(path.parent)


@contextmanager
def stored(storage_name: str) -> Iterator[Any]:
    """A file in the storage, open for reading. Raises NotFound, Unavailable."""
    with _disk_errors(), storages["files"].open(storage_name, "rb") as file:
        yield file


def delete(storage_name: str) -> None:
    """Delete the file of an incomplete upload. One that is missing is deleted already."""
    with _disk_errors():
        path_of(storage_name).unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Convert the errors of the disk: a full one to StorageFull, another one to Unavailable."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound from error
    except OSError as error:
        raise StorageFull if error.errno in _NO_ROOM else Unavailable from error
