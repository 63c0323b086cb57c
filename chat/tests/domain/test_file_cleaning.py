"""Files that nobody can reach are deleted, and no others."""

import os
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from chat.domain import attachments, file_cleaning, messages, restoring, upload_files
from chat.domain.previews import files as previews
from chat.models import Attachment, Job, Message
from chat.tests.talk import post_message
from chat.tests.uploading import begin, complete, posted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]


@pytest.fixture
def pass_time():
    """Function after which some time has passed for all rows that expire."""

    def pass_(**time_passed):
        for one in Attachment.objects.exclude(expires_at=None):
            one.expires_at -= timedelta(**time_passed)
            one.save()

    return pass_


def is_stored(attachment) -> bool:
    return storages["files"].exists(attachment.storage_name)


def test_uploads_that_were_not_sent_are_deleted_after_a_day(harbour, bob, pass_time, files_folder):
    begin(harbour, bob)
    unsent, sent = complete(harbour, bob), complete(harbour, bob)
    post_message(harbour, bob, "", attachments=posted(sent))
    pass_time(hours=23)
    assert file_cleaning.delete_expired() == 0
    pass_time(hours=2)
    assert file_cleaning.delete_expired() == 2
    assert list(Attachment.objects.values_list("pk", flat=True)) == [sent.pk]
    assert (is_stored(unsent), is_stored(sent)) == (False, True)
    assert not list((files_folder / "uploads").iterdir())


def test_the_files_of_a_deleted_message_are_deleted_with_what_was_made_of_them(harbour, bob, pass_time):
    upload = complete(harbour, bob)
    message = post_message(harbour, bob, "", attachments=posted(upload))
    thumb = attachments.picture_name(upload.storage_name, "thumb-360")
    storages["files"].save(thumb, ContentFile(b"webp"))
    attachments.change(attachment=upload.pk, thumbs=["thumb-360"])
    messages.delete(message=message.pk, by=bob)
    assert "uploads.delete_expired" in str(Job.objects.queued().values_list("task_path", flat=True))
    pass_time(seconds=restoring.RESTORABLE_FOR.total_seconds() * 2)
    assert file_cleaning.delete_expired() == 0
    pass_time(minutes=1)
    assert file_cleaning.delete_expired() == 1
    assert not is_stored(upload)
    assert not storages["files"].exists(thumb)
    assert not Attachment.objects.exists()


def test_old_files_without_a_row_are_deleted(harbour, bob):
    known, lost, half, new = (complete(harbour, bob) for _ in range(4))
    storages["files"].save(f"{lost.storage_name}.thumb-360.webp", ContentFile(b"webp"))
    storages["files"].save(f"{known.storage_name}.thumb-360.webp", ContentFile(b"webp"))
    upload_files.create(half.storage_name)
    Attachment.objects.exclude(pk=known.pk).delete()
    for path in upload_files.folder().parent.rglob("*"):
        if path.is_file() and new.storage_name not in str(path):
            os.utime(path, (time.time() - 25 * 3600,) * 2)
    assert file_cleaning.delete_orphans() == 4
    assert [is_stored(one) for one in (known, lost, half, new)] == [True, False, False, True]
    assert storages["files"].exists(f"{known.storage_name}.thumb-360.webp")
    assert not list(upload_files.folder().iterdir())


def test_old_pictures_of_previews_that_no_message_has_are_deleted(harbour, bob, files_folder):
    url = "https://example.org/"
    kept, removed, gone = (post_message(harbour, bob, url) for _ in range(3))
    tokens = {one.pk: previews.store(one.pk, url, "picture", b"webp") for one in (kept, removed, gone)}
    entry = {"url": url, "icon": None, "picture": {"token": tokens[kept.pk]}}
    Message.objects.filter(pk=kept.pk).update(previews=[entry])
    Message.objects.filter(pk=removed.pk).update(previews=[{"url": url, "removed": True}])
    gone.delete()
    assert file_cleaning.delete_orphans() == 0
    for path in (files_folder / previews.FOLDER).iterdir():
        os.utime(path, (time.time() - 25 * 3600,) * 2)
    assert file_cleaning.delete_orphans() == 2
    (left,) = (files_folder / previews.FOLDER).iterdir()
    assert left.name == f"{kept.pk}-{tokens[kept.pk]}.webp"


def test_the_file_of_a_refused_upload_that_could_not_be_deleted_is_deleted_later(harbour, bob, files_folder):
    upload = complete(harbour, bob)
    attachments.change(attachment=upload.pk, state="refused", refusal="damaged")
    os.utime(files_folder / upload.storage_name, (time.time() - 25 * 3600,) * 2)
    assert file_cleaning.delete_orphans() == 1
    assert not is_stored(upload)


def test_an_empty_site_has_nothing_to_delete(db):
    assert file_cleaning.delete_orphans() == 0
    assert file_cleaning.delete_expired() == 0
