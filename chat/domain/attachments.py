"""Verbs of files after their upload: their state changes, and they are deleted."""

from contextlib import suppress
from typing import Any

from django.core.files.storage import storages
from django.db import transaction

from chat.dispatch import queueing
from chat.models import Attachment, Message, RoomHead

from . import upload_files
from .attaching import as_attachment, to_column
from .errors import NotFound
from .posting import publish_message
from .search import documents

__all__ = ["KINDS", "as_attachment", "change", "delete_unsent", "picture_name", "uploaded"]

KINDS = ("thumb-360", "thumb-1080", "excerpt")
"""What may be made of a file: pictures in two sizes, the first lines of a text (`files.excerpts`)."""


def picture_name(storage_name: str, kind: str) -> str:
    """The name in the storage of what was made of a file; `kind`: one of KINDS."""
    return f"{storage_name}.{kind}.{'json' if kind == 'excerpt' else 'webp'}"


def uploaded(*, attachment: int, sha256: str, size: tuple[str, int, int] | None = None) -> None:
    """Note that all bytes of a file are in the storage, and have it examined. A second call does nothing.

    `size`: media type, width and height of a picture (`picture_size`), from which readers see the box of the picture.
    """
    about = dict(zip(("type", "width", "height"), size or (), strict=False))
    with transaction.atomic():
        uploading = Attachment.objects.filter(pk=attachment, state=Attachment.State.UPLOADING)
        if uploading.update(sha256=sha256, state=Attachment.State.PROCESSING, **about):
            queueing.enqueue("files.process", attachment)


def change(*, attachment: int, **columns: Any) -> bool:
    """Store new values of a file's columns, such as its state, and show them in its message, with a version. False if
    the file is gone: its message or its upload was deleted."""
    with transaction.atomic():
        room_id = Attachment.objects.filter(pk=attachment).values_list("room_id", flat=True).first()
        if room_id is None:
            return False
        # First, as everywhere. A file becomes part of a message only under this lock.
        RoomHead.objects.select_for_update().get(pk=room_id)
        if not Attachment.objects.filter(pk=attachment).update(**columns):
            return False
        message = Message.objects.for_serialization().select_related("room").filter(files=attachment).first()
        if message is not None and message.deleted_at is None:
            _show(message)
        return True


def delete_unsent(*, attachment: int) -> None:
    """Delete an upload that is not part of a message, with what is stored of it. Raises NotFound."""
    with transaction.atomic():
        upload = Attachment.objects.select_for_update().filter(pk=attachment, message=None).order_by("pk").first()
        if upload is None:
            raise NotFound
        upload.delete()
        transaction.on_commit(lambda: delete_stored(upload))


def delete_stored(attachment: Attachment) -> None:
    """Delete all that is stored of a file. What cannot be deleted now is an orphan, which is deleted later."""
    with suppress(Exception):
        upload_files.delete(attachment.storage_name)
        storage = storages["files"]
        for name in (
            attachment.storage_name,
            *(picture_name(attachment.storage_name, kind) for kind in attachment.thumbs),
        ):
            storage.delete(name)


def _show(message: Message) -> None:
    """Write the present files of a message into it, and publish it. Nothing happens if their wire form is the same."""
    column = to_column(list(message.files.order_by("order", "pk")))
    if column == message.attachments:
        return
    message.attachments = column
    message.version = RoomHead.take(message.room_id)
    Message.objects.filter(pk=message.pk).update(attachments=column, version=message.version)
    documents.write(message)
    publish_message(message, message.room)
