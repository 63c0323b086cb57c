"""The verb `read`: the text of a file becomes a part of the index of search."""

import json
import subprocess
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from chat import child_process
from chat.dispatch import queueing
from chat.domain import text
from chat.domain.search import documents
from chat.models import Attachment, FileText, Message, RoomHead

from . import processing
from .text_types import READABLE

TIMEOUT_S = 20
LEFT_AFTER = timedelta(hours=1)
MAX_LEFT = 1000


def read(*, attachment: int) -> None:
    """Read the text of a file that is ready, and store it. A file without text gets an empty one.

    Does nothing if it was read before, or if the file is gone. Raises OSError if the storage does not answer.
    """
    waiting = Attachment.objects.filter(state=Attachment.State.READY, type__in=READABLE, text_row=None)
    found = waiting.filter(pk=attachment).first()
    if found is None:
        return
    with processing.work_folder() as folder, processing.local_file(found.storage_name, folder) as source:
        try:
            done = child_process.run("chat.domain.files.read_text", str(source), found.type, timeout_s=TIMEOUT_S)
            content = json.loads(done.stdout)
        except (subprocess.SubprocessError, ValueError):
            content = ""
    with transaction.atomic():
        # First, as everywhere: a file becomes part of a message only under this lock.
        RoomHead.objects.select_for_update().get(pk=found.room_id)
        if not Attachment.objects.filter(pk=attachment).exists():
            return
        FileText.objects.get_or_create(attachment_id=attachment, defaults={"text": text.clean(content)})
        message = Message.objects.filter(files=attachment, deleted_at=None).first()
        if message is not None:
            documents.write(message)


def enqueue_left() -> None:
    """Have the texts of files read that still wait for it: they are older than search, or their job was given up."""
    left = Attachment.objects.filter(
        state=Attachment.State.READY,
        type__in=READABLE,
        text_row=None,
        message__isnull=False,
        created_at__lt=timezone.now() - LEFT_AFTER,
    )
    for attachment in left.order_by("-pk").values_list("pk", flat=True)[:MAX_LEFT]:
        queueing.enqueue("files.read_text", attachment)
