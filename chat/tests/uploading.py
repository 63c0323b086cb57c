"""Helpers for tests of files: a folder of their own, and complete uploads."""

from io import BytesIO

import pytest

from chat.domain import uploads
from chat.models import Attachment, Room
from chat.protocol.things import PostedFile


@pytest.fixture
def files_folder(settings, tmp_path):
    """The folder of the site's files, for this test alone."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def begin(room: Room, by, size: int = 10, name: str = "notes.txt", **fields) -> int:
    """Begin an upload; returns its id."""
    return uploads.create(room=room.slug, by=by, size=size, name=name, **fields).id


def send(room: Room, by, upload: int, content: bytes, offset: int = 0, **fields) -> uploads.Progress:
    """Send bytes of an upload."""
    return uploads.append(room=room.slug, upload=upload, by=by, offset=offset, source=BytesIO(content), **fields)


def complete(room: Room, by, content: bytes = b"Ahoy there", name: str = "notes.txt") -> Attachment:
    """A complete upload."""
    upload = begin(room, by, len(content), name)
    send(room, by, upload, content)
    return Attachment.objects.get(pk=upload)


def posted(*uploads: Attachment, **fields) -> list[PostedFile]:
    """The argument `attachments` of `messages.post`."""
    return [PostedFile(id=one.pk, **fields) for one in uploads]
