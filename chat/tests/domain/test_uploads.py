"""Uploads: who may make them, what is stored, and what is refused."""

import errno
import fcntl
import hashlib
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from chat.domain import members, rooms, upload_files, uploads
from chat.domain.errors import (
    Archived,
    ChecksumMismatch,
    Conflict,
    Forbidden,
    Invalid,
    Locked,
    NotFound,
    QuotaExceeded,
    StorageFull,
    TooLarge,
    TooManyUploads,
    TypeRefused,
    Unavailable,
)
from chat.models import Attachment, Membership
from chat.tests.uploading import begin, complete, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]

CONTENT = b"Ahoy there"


def stored(attachment: Attachment) -> bytes:
    with storages["files"].open(attachment.storage_name) as file:
        return file.read()


def left_over(files_folder) -> list:
    return [path for path in files_folder.rglob("*") if path.is_file()]


# --- Sending


def test_a_file_arrives_in_pieces_and_is_stored_complete(harbour, bob):
    upload = begin(harbour, bob, len(CONTENT), "notes.txt")
    assert send(harbour, bob, upload, CONTENT[:4]).offset == 4
    assert uploads.progress(room="harbour", upload=upload, by=bob).offset == 4
    assert send(harbour, bob, upload, CONTENT[4:], offset=4).is_complete
    attachment = Attachment.objects.get(pk=upload)
    assert stored(attachment) == CONTENT
    assert attachment.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert (attachment.state, attachment.name, attachment.type) == ("processing", "notes.txt", "text/plain")
    assert not upload_files.path_of(attachment.storage_name).exists()


def test_a_complete_upload_answers_repeated_requests(harbour, bob):
    upload = complete(harbour, bob, CONTENT)
    assert uploads.progress(room="harbour", upload=upload.pk, by=bob).is_complete
    assert send(harbour, bob, upload.pk, b"", offset=len(CONTENT)).is_complete
    with pytest.raises(Conflict):
        send(harbour, bob, upload.pk, b"more", offset=len(CONTENT))


def test_bytes_at_another_offset_change_nothing(harbour, bob):
    upload = begin(harbour, bob, len(CONTENT))
    send(harbour, bob, upload, CONTENT[:4])
    for offset in (0, 3, 5, 9):
        with pytest.raises(Conflict):
            send(harbour, bob, upload, b"x", offset=offset)
    assert send(harbour, bob, upload, CONTENT[4:], offset=4).is_complete


def test_more_bytes_than_declared_are_refused_and_none_is_kept(harbour, bob):
    upload = begin(harbour, bob, len(CONTENT))
    send(harbour, bob, upload, CONTENT[:4])
    with pytest.raises(TooLarge, match="larger"):
        send(harbour, bob, upload, CONTENT, offset=4)
    assert uploads.progress(room="harbour", upload=upload, by=bob).offset == 4


def test_bytes_with_another_checksum_are_not_kept(harbour, bob):
    upload = begin(harbour, bob, len(CONTENT))
    with pytest.raises(ChecksumMismatch):
        send(harbour, bob, upload, CONTENT, checksum=("sha1", hashlib.sha1(b"other").digest()))
    assert uploads.progress(room="harbour", upload=upload, by=bob).offset == 0
    assert send(harbour, bob, upload, CONTENT, checksum=("sha1", hashlib.sha1(CONTENT).digest())).is_complete


def test_a_second_writer_is_kept_out(harbour, bob):
    upload = begin(harbour, bob, len(CONTENT))
    path = upload_files.path_of(Attachment.objects.get(pk=upload).storage_name)
    with path.open("r+b") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Locked):
            send(harbour, bob, upload, CONTENT)
    assert send(harbour, bob, upload, CONTENT).is_complete


@pytest.mark.parametrize("moment", ["before the move", "after the move"])
def test_an_upload_whose_process_died_at_its_end_is_completed_by_the_next_question(harbour, bob, moment, monkeypatch):
    upload = begin(harbour, bob, len(CONTENT))
    dies = {"before the move": (upload_files, "keep"), "after the move": (uploads.attachments, "uploaded")}
    with monkeypatch.context() as patch:
        patch.setattr(*dies[moment], die)
        with pytest.raises(KeyboardInterrupt):
            send(harbour, bob, upload, CONTENT)
    assert Attachment.objects.get(pk=upload).state == "uploading"
    assert uploads.progress(room="harbour", upload=upload, by=bob).is_complete
    assert stored(Attachment.objects.get(pk=upload)) == CONTENT
    assert Attachment.objects.get(pk=upload).state == "processing"


def die(*_positional, **_named):
    raise KeyboardInterrupt


# --- Who may


def test_a_stranger_can_neither_begin_nor_see_an_upload(harbour, bob, charlie):
    with pytest.raises(NotFound):
        begin(harbour, charlie)
    upload = begin(harbour, bob)
    for verb in (uploads.progress, uploads.terminate):
        with pytest.raises(NotFound):
            verb(room="harbour", upload=upload, by=charlie)


def test_alice_cannot_touch_bobs_upload_in_her_own_room(harbour, alice, bob):
    upload = begin(harbour, bob, len(CONTENT))
    with pytest.raises(NotFound):
        uploads.progress(room="harbour", upload=upload, by=alice)
    with pytest.raises(NotFound):
        send(harbour, alice, upload, CONTENT)
    with pytest.raises(NotFound):
        uploads.terminate(room="harbour", upload=upload, by=alice)
    assert send(harbour, bob, upload, CONTENT).is_complete


def test_an_upload_is_not_found_in_another_room(harbour, lobby, bob):
    upload = begin(harbour, bob)
    with pytest.raises(NotFound):
        uploads.progress(room="lobby", upload=upload, by=bob)


def test_a_reader_cannot_begin_and_one_who_becomes_a_reader_cannot_continue(harbour, bob):
    upload = begin(harbour, bob, len(CONTENT))
    Membership.objects.filter(room=harbour, user=bob).update(role="reader")
    with pytest.raises(Forbidden):
        begin(harbour, bob)
    with pytest.raises(Forbidden):
        send(harbour, bob, upload, CONTENT)


def test_who_leaves_the_room_cannot_continue(harbour, bob):
    upload = begin(harbour, bob, len(CONTENT))
    members.leave(room="harbour", user=bob)
    with pytest.raises(NotFound):
        send(harbour, bob, upload, CONTENT)


def test_nobody_uploads_into_an_archived_room(harbour, bob):
    upload = begin(harbour, bob, len(CONTENT))
    rooms.archive(room=harbour)
    with pytest.raises(Archived):
        begin(harbour, bob)
    with pytest.raises(Archived):
        send(harbour, bob, upload, CONTENT)


def test_a_guest_uploads_where_guests_may_write(garden, lobby, gina):
    assert send(garden, gina, begin(garden, gina, len(CONTENT)), CONTENT).is_complete
    with pytest.raises(NotFound):
        begin(lobby, gina)


# --- Limits


def test_size_and_type_are_checked_before_the_upload_begins(harbour, bob, settings):
    settings.MAX_FILE_BYTES, settings.FILE_TYPES = 100, ["image/*", "application/pdf"]
    with pytest.raises(TooLarge):
        begin(harbour, bob, 101, "a.png")
    with pytest.raises(Invalid):
        begin(harbour, bob, 0, "a.png")
    with pytest.raises(TypeRefused):
        begin(harbour, bob, 100, "a.txt")
    assert begin(harbour, bob, 100, "a.png")
    assert begin(harbour, bob, 100, "a.pdf")
    assert Attachment.objects.count() == 2


def test_a_person_has_a_limit_of_bytes_and_a_guest_a_tenth_of_it(garden, alice, bob, gina, settings):
    settings.MAX_FILES_BYTES_PER_PERSON = 1000
    begin(garden, bob, 900)
    with pytest.raises(QuotaExceeded):
        begin(garden, bob, 101)
    begin(garden, bob, 100)
    begin(garden, alice, 1000)
    with pytest.raises(QuotaExceeded):
        begin(garden, gina, 101)


def test_a_site_has_a_limit_of_bytes(garden, alice, bob, settings):
    settings.MAX_FILES_BYTES = 1000
    begin(garden, alice, 900)
    with pytest.raises(StorageFull):
        begin(garden, bob, 101)


def test_uploads_that_have_begun_reserve_their_part_of_the_disk(harbour, alice, bob, monkeypatch):
    monkeypatch.setattr(upload_files, "free_bytes", lambda: 1000)
    begin(harbour, alice, 900)
    with pytest.raises(StorageFull):
        begin(harbour, bob, 101)


def test_a_person_has_a_limit_of_uploads_that_were_not_sent(harbour, bob, monkeypatch):
    monkeypatch.setattr(uploads.upload_limits, "MAX_UNSENT", 2)
    first = begin(harbour, bob)
    begin(harbour, bob)
    with pytest.raises(TooManyUploads):
        begin(harbour, bob)
    uploads.terminate(room="harbour", upload=first, by=bob)
    begin(harbour, bob)


# --- A bad disk


def test_a_full_disk_keeps_the_bytes_that_were_acknowledged_and_nothing_half(harbour, bob, monkeypatch):
    upload = begin(harbour, bob, 2 * upload_files.PIECE_BYTES)
    send(harbour, bob, upload, b"1234")
    write, written = upload_files._write, []

    def fill(file, piece):
        if written:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(piece)
        write(file, piece)

    with monkeypatch.context() as patch:
        patch.setattr(upload_files, "_write", fill)
        with pytest.raises(StorageFull):
            send(harbour, bob, upload, b"x" * (2 * upload_files.PIECE_BYTES - 4), offset=4)
    assert len(written) == 1
    assert uploads.progress(room="harbour", upload=upload, by=bob).offset == 4


def test_a_storage_that_is_away_is_unavailable_and_leaves_no_row(harbour, bob, files_folder):
    files_folder.write_bytes(b"not a folder")
    with pytest.raises(Unavailable):
        begin(harbour, bob)
    assert not Attachment.objects.exists()


# --- Ends


def test_a_terminated_upload_leaves_nothing(harbour, bob, files_folder, django_capture_on_commit_callbacks):
    half, whole = begin(harbour, bob), complete(harbour, bob).pk
    with django_capture_on_commit_callbacks(execute=True):
        uploads.terminate(room="harbour", upload=half, by=bob)
        uploads.terminate(room="harbour", upload=whole, by=bob)
    assert not left_over(files_folder)
    with pytest.raises(NotFound):
        uploads.progress(room="harbour", upload=half, by=bob)


def test_an_expired_upload_is_not_found(harbour, bob):
    upload = begin(harbour, bob, len(CONTENT))
    Attachment.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotFound):
        send(harbour, bob, upload, CONTENT)
