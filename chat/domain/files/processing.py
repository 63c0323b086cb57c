"""The verb `process`: what happens to a file between its upload and the moment when others may fetch it."""

import hashlib
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage, storages
from django.utils import timezone

from chat.dispatch import queueing
from chat.domain import attachments, upload_files
from chat.models import Attachment

from . import examination, names, virus_scan
from .findings import Findings, Refused
from .text_types import READABLE

EXTENSIONS = {"image/jpeg": ".jpg", "image/webp": ".webp"}
"""Of pictures that replace one of another type."""
LEFT_AFTER = timedelta(hours=1)
MAX_LEFT = 1000
_COPY_BYTES = 1024 * 1024
_FOLDERS_KEPT_S = 60 * 60
State = Attachment.State


def process(*, attachment: int) -> None:
    """Examine a file that is `processing`, store what was made of it, and make it `ready` or `refused`.

    Does nothing in another state, or if the file is gone: it may be called again after any failure. The file without
    personal data takes the place of the uploaded one under a new name. Raises OSError if the storage or the virus
    scanner does not answer.
    """
    found = Attachment.objects.filter(pk=attachment, state=State.PROCESSING).first()
    if found is None:
        return
    with work_folder() as folder, local_file(found.storage_name, folder) as source:
        made = folder / "made"
        made.mkdir()
        try:
            virus_scan.check(source)
            findings = examination.examine(source, found.name, made)
        except Refused as refused:
            _refuse(found, refused.code)
        else:
            _store(found, findings, source, made)
        # With a bucket, the upload was kept here until now.
        upload_files.delete(found.storage_name)


def enqueue_left() -> None:
    """Have files examined that still wait for it: their job was given up after a day, or they came with a backup, which
    has no jobs."""
    left = Attachment.objects.filter(state=State.PROCESSING, created_at__lt=timezone.now() - LEFT_AFTER)
    for attachment in left.values_list("pk", flat=True)[:MAX_LEFT]:
        queueing.enqueue("files.process", attachment)


def _refuse(found: Attachment, code: str) -> None:
    attachments.change(attachment=found.pk, state=State.REFUSED, refusal=code, thumbs=[])
    # Nobody can fetch it any more.
    storages["files"].delete(found.storage_name)


def _store(found: Attachment, findings: Findings, source: Path, made: Path) -> None:
    changed = {
        "state": State.READY,
        "type": findings.type,
        "width": findings.width,
        "height": findings.height,
        "duration_ms": findings.duration_ms,
        "lines": findings.lines,
        "thumbs": findings.made,
    }
    former = storage_name = found.storage_name
    if findings.has_original:
        storage_name = former.rpartition("/")[0] + "/" + secrets.token_hex(16)
        original = made / "original"
        changed |= {"storage_name": storage_name, "size": original.stat().st_size}
        changed |= {"sha256": _sha256(original), "name": _name(found.name, findings.type)}
        _save(storage_name, original)
    elif source == upload_files.path_of(former):
        _save(former, source)
    for kind in findings.made:
        _save(attachments.picture_name(storage_name, kind), made / kind)
    if attachments.change(attachment=found.pk, **changed):
        if findings.type in READABLE:
            queueing.enqueue("files.read_text", found.pk)
    else:
        # It was deleted meanwhile.
        _delete(storage_name, findings.made)
    if storage_name != former:
        _delete(former, [])


def _name(name: str, media_type: str) -> str:
    """The name of a file that may have become one of another type."""
    extension = EXTENSIONS.get(media_type)
    is_replaced = name.lower().endswith((".heic", ".heif", ".avif", ".hif"))
    return names.with_extension(name, extension) if extension and is_replaced else name


def _save(name: str, path: Path) -> None:
    with path.open("rb") as file:
        saved = storages["files"].save(name, File(file))
    if saved != name:
        # Left by an earlier run that did not come to its end.
        storages["files"].delete(saved)
        storages["files"].delete(name)
        with path.open("rb") as file:
            storages["files"].save(name, File(file))


def _delete(storage_name: str, kinds: list[str]) -> None:
    for name in (storage_name, *(attachments.picture_name(storage_name, kind) for kind in kinds)):
        with suppress(OSError):
            storages["files"].delete(name)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def work_folder() -> Iterator[Path]:
    """An empty folder on the volume of the site's files: /tmp may be memory."""
    parent = Path(settings.MEDIA_ROOT) / "processing"
    parent.mkdir(parents=True, exist_ok=True)
    for left in parent.iterdir():
        # Of a process that was killed.
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _FOLDERS_KEPT_S:
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=parent) as folder:
        yield Path(folder)


@contextmanager
def local_file(storage_name: str, folder: Path) -> Iterator[Path]:
    """The file as one of this machine's disk: itself, or a copy."""
    storage, upload = storages["files"], upload_files.path_of(storage_name)
    if isinstance(storage, FileSystemStorage):
        yield Path(storage.path(storage_name))
        return
    if upload.exists():
        yield upload
        return
    # A restored site has it in the bucket already.
    copy = folder / "source"
    with storage.open(storage_name, "rb") as source, copy.open("wb") as target:
        shutil.copyfileobj(source, target, _COPY_BYTES)
    yield copy
