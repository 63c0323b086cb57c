"""What happens to a file after its upload: one change of the message, and nothing is left behind."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import storages
from django.utils import timezone
from PIL import Image

from chat.domain.files import examination, processing
from chat.domain.files.findings import Findings
from chat.models import Attachment, Job
from chat.tests import sample_files
from chat.tests.attached import attach
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import frames, head, post_message

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "files": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }
    return tmp_path


def stored(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


def test_a_picture_becomes_ready_by_one_versioned_change(harbour, alice, files, capture_published):
    message = post_message(harbour, alice)
    file = attach(message, sample_files.picture(exif=sample_files.secret_exif(6)), "a.jpg", is_processed=False)
    before, uploaded = head(harbour), file.storage_name
    with capture_published() as envelopes:
        processing.process(attachment=file.pk)
    (event,) = frames(envelopes)
    assert event["version"] == before + 1 == head(harbour)
    (shown,) = event["message"]["attachments"]
    assert {name: shown[name] for name in ("state", "type", "width", "height", "thumbs", "refusal")} == {
        "state": "ready",
        "type": "image/jpeg",
        "width": 64,
        "height": 96,
        "thumbs": ["thumb-360"],
        "refusal": "",
    }
    file.refresh_from_db()
    assert file.storage_name != uploaded
    assert stored(files) == [file.storage_name, f"{file.storage_name}.thumb-360.webp"]
    assert file.size == shown["size"] == (files / file.storage_name).stat().st_size
    assert sample_files.SECRET not in (files / file.storage_name).read_bytes()
    with capture_published() as envelopes:
        processing.process(attachment=file.pk)
    assert not envelopes


def test_a_file_without_metadata_is_kept_as_it_was_sent(harbour, alice, files):
    content = sample_files.archive("a.txt")
    file = attach(post_message(harbour, alice), content, "a.zip")
    assert stored(files) == [file.storage_name]
    assert (files / file.storage_name).read_bytes() == content


def test_a_heic_gets_the_extension_of_what_it_became(harbour, alice):
    file = attach(post_message(harbour, alice), sample_files.HEIC, "IMG_0001.HEIC")
    assert (file.name, file.type, file.state) == ("IMG_0001.jpg", "image/jpeg", "ready")


def test_a_refused_file_says_why_and_is_deleted(harbour, alice, files, capture_published):
    message = post_message(harbour, alice)
    with capture_published() as envelopes:
        attach(message, sample_files.png_that_says(10_000, 10_000), "bomb.png")
    (shown,) = frames(envelopes)[-1]["message"]["attachments"]
    assert (shown["state"], shown["refusal"]) == ("refused", "too_many_pixels")
    assert stored(files) == []


def test_a_file_that_was_deleted_meanwhile_leaves_nothing(harbour, alice, files, monkeypatch):
    file = attach(post_message(harbour, alice), b"words", "a.txt", is_processed=False)
    examine = examination.examine

    def delete_then_examine(*args) -> Findings:
        Attachment.objects.all().delete()
        storages["files"].delete(file.storage_name)
        (files / "copy").write_bytes(b"words")
        return examine(files / "copy", *args[1:])

    monkeypatch.setattr(examination, "examine", delete_then_examine)
    processing.process(attachment=file.pk)
    assert stored(files) == ["copy"]


def test_a_run_that_was_killed_is_repeated(harbour, alice, files, monkeypatch):
    content = sample_files.picture(size=(500, 400))
    file = attach(post_message(harbour, alice), content, "a.jpg", is_processed=False)
    change = processing.attachments.change
    monkeypatch.setattr(processing.attachments, "change", lambda **columns: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        processing.process(attachment=file.pk)
    monkeypatch.setattr(processing.attachments, "change", change)
    processing.process(attachment=file.pk)
    file.refresh_from_db()
    assert file.state == "ready"
    assert Image.open(io.BytesIO((files / f"{file.storage_name}.thumb-360.webp").read_bytes())).size == (360, 288)


def test_a_file_that_still_waits_after_an_hour_is_queued_again(harbour, alice):
    """A restored site has files that wait, and no jobs."""
    _waiting, new, _ready = (
        attach(post_message(harbour, alice), b"words", "a.txt", is_processed=is_processed)
        for is_processed in (False, False, True)
    )
    Job.objects.all().delete()
    Attachment.objects.exclude(pk=new.pk).update(created_at=timezone.now() - timedelta(hours=2))
    processing.enqueue_left()
    assert run_jobs() == ["files.process", "files.read_text"]
    assert list(Attachment.objects.order_by("pk").values_list("state", flat=True)) == ["ready", "processing", "ready"]
