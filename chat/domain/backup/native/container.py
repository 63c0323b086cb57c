"""The file of a native backup: a ZIP archive. This module knows its layout and no database.

`header.json` is the first member and says what the archive is. The members after it hold the database. `manifest.json`
is the last member: it lists the name, size and SHA-256 of each member before it, so a missing part is noticed.
Any program for ZIP archives opens the file.
"""

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from chat.domain.errors import Invalid

FORMAT = "parley native backup"
VERSION = 1
SIGNATURE = b"PK\x03\x04"
"""The first bytes of each ZIP archive that is not empty."""

END_SIGNATURE, END_BYTES = b"PK\x05\x06", 22

HEADER, MANIFEST = "header.json", "manifest.json"
COMPRESSION_LEVEL = 1
"""Level 6 takes four times as long and makes the file 14 % smaller (measured with 1,000,000 messages)."""
CHUNK_BYTES = 256 * 1024
MAX_JSON_BYTES = 16 * 1024 * 1024
BROKEN_ARCHIVE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
"""What `zipfile` raises for archives that are damaged, encrypted or of a method that Python does not know."""


@dataclass(frozen=True)
class Header:
    """`database`: Django's name of the kind of database; `made_at`: ISO 8601; `migrations`: pairs of app and name."""

    database: str
    made_at: str
    migrations: list[tuple[str, str]]


@dataclass
class Member:
    """One entry of the manifest. `about` is what the writer noted about the member, as JSON values."""

    name: str
    size: int
    sha256: str
    about: dict[str, Any] = field(default_factory=dict)


class Writer:
    """Writes an archive to `stream`, which need not be seekable. Memory use does not depend on the size of the site."""

    def __init__(self, stream: BinaryIO, header: Header):
        self._archive = _ArchiveInProgress(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION_LEVEL)
        self._members: list[Member] = []
        self.add(HEADER, [_json({"format": FORMAT, "version": VERSION, **vars(header)})])

    def add(self, name: str, chunks: Iterable[bytes], about: dict[str, Any] | None = None) -> None:
        """Add a member. `about` is read after the last chunk: it may be filled while the chunks are made."""
        digest, size = hashlib.sha256(), 0
        # The size is not known before, so room for 64 bits is needed.
        with self._archive.open(name, "w", force_zip64=True) as member:
            for chunk in chunks:
                digest.update(chunk)
                member.write(chunk)
                size += len(chunk)
        self._members.append(Member(name, size, digest.hexdigest(), about or {}))

    def close(self) -> None:
        """Write the manifest. An archive without it is not restored."""
        self._archive.writestr(MANIFEST, _json({"members": [vars(member) for member in self._members]}))
        self._archive.close()


class _ArchiveInProgress(zipfile.ZipFile):
    """An archive that is not closed when it is deleted. Closing writes, and would fail again if the disk is full."""

    def __del__(self) -> None:
        """Do not close."""


class Reader:
    """Reads an archive. Creating a Reader reads and checks all of it; raises Invalid unless it is complete."""

    def __init__(self, stream: BinaryIO):
        try:
            self._archive = zipfile.ZipFile(stream)
            self._check_end(stream)
        except BROKEN_ARCHIVE:
            raise _damaged() from None
        self._check_names()
        self.header = self._read_header()
        self.members = self._read_manifest()
        for member in self.members.values():
            for _chunk in self.read(member):
                pass

    def read(self, member: Member) -> Iterator[bytes]:
        """The contents of a member in chunks. Raises Invalid at the end if they are not as the manifest says."""
        digest, size = hashlib.sha256(), 0
        for chunk in self._chunks(member.name):
            digest.update(chunk)
            size += len(chunk)
            # A small file can hold a member of any size: stop at the size that the manifest says.
            if size > member.size:
                raise _damaged()
            yield chunk
        if (size, digest.hexdigest()) != (member.size, member.sha256):
            raise _damaged()

    def _check_end(self, stream: BinaryIO) -> None:
        # `zipfile` accepts bytes after the end of the archive, so the record of the end (APPNOTE.TXT, section 4.3.16)
        # must be the last one. It has 22 bytes without a comment, and our archives have none.
        stream.seek(-END_BYTES, os.SEEK_END)
        if not stream.read(END_BYTES).startswith(END_SIGNATURE):
            raise _damaged()

    def _check_names(self) -> None:
        entries = self._archive.infolist()
        names = [entry.filename for entry in entries]
        if names[:1] != [HEADER]:
            raise _foreign()
        if len(set(names)) != len(names):
            raise _malformed()
        if names[-1] != MANIFEST:
            raise _damaged()
        for entry in entries:
            encrypted = entry.flag_bits & 0x1
            if encrypted or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise _malformed()

    def _read_header(self) -> Header:
        found = self._read_json(HEADER)
        if found.get("format") != FORMAT:
            raise _foreign()
        if found.get("version") != VERSION:
            raise Invalid(_("This backup was made by a newer version: its format is not known here."))
        database, made_at, migrations = found.get("database"), found.get("made_at"), found.get("migrations")
        if not isinstance(database, str) or not isinstance(made_at, str):
            raise _malformed()
        if not isinstance(migrations, list) or not all(map(_is_pair_of_texts, migrations)):
            raise _malformed()
        return Header(database, made_at, [(app, name) for app, name in migrations])

    def _read_manifest(self) -> dict[str, Member]:
        listed: Any = self._read_json(MANIFEST).get("members")
        try:
            members = [Member(**entry) for entry in listed]
        except TypeError:
            raise _malformed() from None
        if not all(isinstance(member.size, int) and isinstance(member.about, dict) for member in members):
            raise _malformed()
        # Nothing is extracted by its name; a name such as "../x" is refused because the manifest does not list it, or
        # because the databases' modules do not ask for it.
        if [member.name for member in members] != self._archive.namelist()[:-1]:
            raise _malformed()
        return {member.name: member for member in members}

    def _read_json(self, name: str) -> dict[str, Any]:
        contents = b""
        for chunk in self._chunks(name):
            contents += chunk
            if len(contents) > MAX_JSON_BYTES:
                raise _malformed()
        try:
            found = json.loads(contents)
        except (ValueError, RecursionError):
            raise _malformed() from None
        return found if isinstance(found, dict) else {}

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self._archive.open(name) as member:
                while chunk := member.read(CHUNK_BYTES):
                    yield chunk
        except BROKEN_ARCHIVE:
            raise _damaged() from None


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value).encode()


def _is_pair_of_texts(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(isinstance(part, str) for part in value)


def _foreign() -> Invalid:
    return Invalid(_("This is not a backup."))


def _damaged() -> Invalid:
    return Invalid(_("This backup is damaged, or a part of it is missing."))


def _malformed() -> Invalid:
    return Invalid(_("This backup has a part that no backup has."))
