"""Deletes files that nobody can reach any more: uploads that were not sent, files of deleted messages, and what is in
the storage without a row that names it."""

import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import storages
from django.db import transaction
from django.utils import timezone

from chat.models import Attachment, Message

from . import attachments, upload_files, uploads
from .previews import files as previews

BATCH = 500
ORPHAN_AGE = timedelta(days=1)
"""Younger files may be of an upload whose row is not committed yet, or of one that is being processed."""


def delete_expired() -> int:
    """Delete the files whose time is over, with their rows; returns how many. Those of deleted messages, too."""
    deleted = 0
    while found := _delete_batch():
        deleted += found
    return deleted


def _delete_batch() -> int:
    with transaction.atomic():
        # A scheduled message keeps its files.
        over = Attachment.objects.filter(expires_at__lte=timezone.now(), scheduled=None).order_by("expires_at")
        # Locked: nobody can send an upload that is being deleted (`attaching.take`).
        found = list(over.select_for_update(skip_locked=True, of=("self",))[:BATCH])
        Attachment.objects.filter(pk__in=[one.pk for one in found]).delete()
    # After the commit: a file without a row is deleted later as an orphan, a row without a file would stay.
    for one in found:
        attachments.delete_stored(one)
    return len(found)


def delete_orphans() -> int:
    """Delete files that no row names and that are older than ORPHAN_AGE; returns how many."""
    return _delete_orphaned_uploads() + _delete_orphans_in_storage() + _delete_orphaned_previews()


def _delete_orphaned_uploads() -> int:
    oldest, deleted = time.time() - ORPHAN_AGE.total_seconds(), 0
    folder = upload_files.folder()
    needed = Attachment.objects.filter(state__in=(Attachment.State.UPLOADING, Attachment.State.PROCESSING))
    if not folder.is_dir():
        return 0
    for path in folder.iterdir():
        name = f"{uploads.FOLDER}/{path.name[:2]}/{path.name}"
        if path.stat().st_mtime < oldest and not needed.filter(storage_name=name).exists():
            path.unlink(missing_ok=True)
            deleted += 1
    return deleted


def _delete_orphans_in_storage() -> int:
    storage, deleted = storages["files"], 0
    with suppress(FileNotFoundError):
        for folder in storage.listdir(uploads.FOLDER)[0]:
            names = [f"{uploads.FOLDER}/{folder}/{name}" for name in storage.listdir(f"{uploads.FOLDER}/{folder}")[1]]
            # A derived file has the name of its file and an extension.
            own = {name: name.partition(".")[0] for name in names}
            known = set(_known(set(own.values())))
            for name in names:
                if own[name] not in known and _is_old(storage, name):
                    storage.delete(name)
                    deleted += 1
    return deleted


def _delete_orphaned_previews() -> int:
    """Pictures of previews that their message does not have: it was deleted with its room, or the storage did not
    answer when the preview went."""
    storage, deleted = storages["files"], 0
    with suppress(FileNotFoundError):
        names = [f"{previews.FOLDER}/{name}" for name in storage.listdir(previews.FOLDER)[1]]
        for batch in _batches(sorted(names)):
            message_of = {name: int(match[1]) for name in batch if (match := previews.NAME.fullmatch(name))}
            stored = Message.objects.filter(pk__in=set(message_of.values()), previews__isnull=False)
            known = {
                path
                for message, entries in stored.values_list("pk", "previews")
                for path in previews.paths_of(message, entries)
            }
            for name in message_of.keys() - known:
                if _is_old(storage, name):
                    storage.delete(name)
                    deleted += 1
    return deleted


def _known(names: set[str]) -> Any:
    """Those of these names that a row names. The file of a refused one is gone, or could not be deleted."""
    rows = Attachment.objects.exclude(state=Attachment.State.REFUSED)
    for batch in _batches(sorted(names)):
        yield from rows.filter(storage_name__in=batch).values_list("storage_name", flat=True)


def _batches(names: list[str]) -> Any:
    return (names[start : start + BATCH] for start in range(0, len(names), BATCH))


def _is_old(storage: Any, name: str) -> bool:
    changed: datetime = storage.get_modified_time(name)
    return changed < timezone.now() - ORPHAN_AGE
