"""Puts files into messages without an upload: for tests of what happens after it."""

import base64
import secrets
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from chat.domain import attachments, messages
from chat.domain.files import processing
from chat.models import Attachment, Message, Room
from chat.models.sender import sender_key

# Each test function that calls `post_files` on a site passes JSON values, so content comes in Base64.


def attach(
    message: Message, content: bytes, name: str = "file", *, is_processed: bool = True, **columns: Any
) -> Attachment:
    """Add a file to a message, as a complete upload; with `is_processed`, ready or refused."""
    made = _store(content, name, room=message.room, sender_key=message.sender_key, uploader=message.author)
    Attachment.objects.filter(pk=made.pk).update(message=message, order=message.files.count(), **columns)
    attachments.change(attachment=made.pk, state=Attachment.State.PROCESSING)
    if is_processed:
        processing.process(attachment=made.pk)
    made.refresh_from_db()
    return made


def upload(room: Room, person: Any, content: bytes, name: str = "file") -> Attachment:
    """An upload of a person that is complete, and not part of a message."""
    uploader = person if person.is_authenticated else None
    made = _store(content, name, room=room, sender_key=sender_key(person), uploader=uploader)
    processing.process(attachment=made.pk)
    made.refresh_from_db()
    return made


def _store(content: bytes, name: str, **columns: Any) -> Attachment:
    token = secrets.token_hex(16)
    stored = storages["files"].save(f"attachments/{token[:2]}/{token}", ContentFile(content))
    return Attachment.objects.create(
        name=name,
        size=len(content),
        state=Attachment.State.PROCESSING,
        storage_name=stored,
        created_at=timezone.now(),
        **columns,
    )


def post_files(room: str, author: str, body: str, files: list[dict[str, Any]]) -> list[int]:
    """Post a message with files: `site.call(post_files, room=…, author="alice", body="…", files=[{"content": …}])`.

    Each of `files` has `content` in Base64 and perhaps `name`, `is_processed` and columns. Returns their ids.
    """
    import uuid

    from django.contrib.auth import get_user_model

    user = get_user_model()._default_manager.get(handle=author)
    message = messages.post(room=room, author=user, body=body, client_id=uuid.uuid4())
    message.room = Room.objects.get(slug=room)
    return [attach(message, base64.b64decode(file.pop("content")), **file).pk for file in files]


def encoded(content: bytes, name: str = "file", **columns: Any) -> dict[str, Any]:
    """A file for `post_files`."""
    return {"content": base64.b64encode(content).decode(), "name": name, **columns}
