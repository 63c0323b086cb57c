"""Verbs of uploads: begin, receive bytes, and end. Each fetches the upload through its room: whoever may no longer see
the room has no upload in it."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chat.models import Attachment
from chat.models.sender import sender_key

from . import access, attachments, policy, throttle, upload_files, upload_limits
from .errors import Conflict, NotFound
from .files import names, picture_size
from .types import AnyPerson

KEPT = timedelta(hours=24)
"""How long an upload is kept that is not part of a message."""
FOLDER = "attachments"

State = Attachment.State


@dataclass(frozen=True, slots=True)
class Progress:
    """An upload: `offset` of `size` bytes were received, after `expires_at` they are deleted."""

    id: int
    offset: int
    size: int
    expires_at: datetime

    @property
    def is_complete(self) -> bool:
        """Whether all bytes were received."""
        return self.offset == self.size


def create(*, room: str, by: AnyPerson, size: int, name: str, type: str = "") -> Progress:
    """Begin an upload of `size` bytes. `type`: what the client takes the file for.

    Raises NotFound, Archived, Forbidden, Invalid, TooLarge, TypeRefused, TooManyUploads, QuotaExceeded, StorageFull,
    SlowDown, Unavailable.
    """
    place = access.get_visible(by, room)
    policy.check_may_post(place, by)
    name = names.safe_name(name)
    type = upload_limits.declared_type(name, type)
    upload_limits.check_size(size)
    upload_limits.check_type(type)
    throttle.take_for(throttle.UPLOAD, f"u{by.pk}" if by.is_authenticated else f"g{by.network}".replace(":", "-"))
    now = timezone.now()
    token = secrets.token_hex(16)
    with transaction.atomic():
        upload_limits.check_room(size, by)
        made = Attachment.objects.create(
            room=place,
            uploader=by if by.is_authenticated else None,
            sender_key=sender_key(by),
            name=name,
            type=type,
            size=size,
            storage_name=f"{FOLDER}/{token[:2]}/{token}",
            created_at=now,
            expires_at=now + KEPT,
        )
        # Before the commit: without its file there is no upload. A file without a row is deleted as an orphan.
        upload_files.create(made.storage_name)
    return _progress(made, 0)


def progress(*, room: str, upload: int, by: AnyPerson) -> Progress:
    """How much of an upload was received. Raises NotFound, Unavailable."""
    found = _get(room, upload, by)
    if found.state != State.UPLOADING:
        return _progress(found, found.size)
    received = upload_files.offset(found.storage_name)
    if received == found.size:
        # The process ended between the last byte and the end of the upload.
        with upload_files.locked(found.storage_name) as file:
            _finish(found, file)
    elif received is None:
        # It ended after the file was moved, or there is no file.
        with upload_files.stored(found.storage_name) as file:
            sha256 = upload_files.sha256_of(file)
            attachments.uploaded(attachment=found.pk, sha256=sha256, size=picture_size.read(file))
        received = found.size
    return _progress(found, received)


def append(
    *,
    room: str,
    upload: int,
    by: AnyPerson,
    offset: int,
    source: upload_files.Readable,
    checksum: tuple[str, bytes] | None = None,
) -> Progress:
    """Add the bytes that `source` has, from `offset` on: all or none. `checksum`: the name of one of
    `upload_files.CHECKSUMS`, and the digest of these bytes. With the last byte the upload is complete.

    Raises NotFound, Archived, Forbidden, Conflict, Locked, TooLarge, ChecksumMismatch, StorageFull, Unavailable.
    """
    place = access.get_visible(by, room)
    policy.check_may_post(place, by)
    found = _get(room, upload, by)
    if found.state != State.UPLOADING:
        if offset != found.size or source.read(1):
            raise Conflict
        return _progress(found, found.size)
    with upload_files.locked(found.storage_name) as file:
        received = upload_files.append(file, source, offset, found.size, checksum)
        if received == found.size:
            _finish(found, file)
    return _progress(found, received)


def terminate(*, room: str, upload: int, by: AnyPerson) -> None:
    """Delete an upload that is not part of a message. Raises NotFound, Unavailable."""
    found = _get(room, upload, by)
    attachments.delete_unsent(attachment=found.pk)


def _get(room: str, upload: int, by: AnyPerson) -> Attachment:
    own = Attachment.objects.uploaded_by(by).filter(room__slug=room, scheduled=None, expires_at__gt=timezone.now())
    found: Attachment | None = own.filter(pk=upload).first()
    if found is None:
        raise NotFound(_("This upload does not exist, or it was deleted."))
    return found


def _finish(upload: Attachment, file: BinaryIO) -> None:
    """Keep a complete file. Repeated after a failure at any point, it does the rest."""
    sha256 = upload_files.sha256_of(file)
    size = picture_size.read(file)
    upload_files.keep(upload.storage_name, file)
    attachments.uploaded(attachment=upload.pk, sha256=sha256, size=size)


def _progress(upload: Attachment, offset: int) -> Progress:
    assert upload.expires_at is not None
    return Progress(upload.pk, offset, upload.size, upload.expires_at)
