"""Messages with files: posting them, changes of their files, and their deletion."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import attachments, members, message_log, messages, rooms
from chat.domain.errors import FileMissing, Invalid, NotFound, TooLong
from chat.domain.files import processing
from chat.models import Attachment, Message
from chat.tests.sample_files import png_that_says
from chat.tests.talk import frames, head, post_message
from chat.tests.uploading import begin, complete, posted

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]


def post_files(room, author, *uploads, body="", **fields):
    return post_message(room, author, body, attachments=posted(*uploads), **fields)


def shown(message) -> list[int]:
    return [file.id for file in messages.serialized(message).attachments]


def fresh(message) -> Message:
    return Message.objects.get(pk=message.pk)


def test_a_message_has_text_and_files_in_their_order(harbour, bob, capture_published):
    first, second = complete(harbour, bob, name="a.txt"), complete(harbour, bob, b"%PDF", name="b.pdf")
    with capture_published() as envelopes:
        message = post_files(harbour, bob, second, first, body="Both")
    assert shown(message) == [second.pk, first.pk]
    (frame,) = frames(envelopes)
    assert frame["message"]["attachments"][0] == {
        "id": second.pk,
        "name": "b.pdf",
        "type": "application/pdf",
        "size": 4,
        "state": "processing",
        "alt": "",
        "width": None,
        "height": None,
        "duration_ms": None,
        "spoiler": False,
        "thumbs": [],
        "lines": None,
        "refusal": "",
    }
    assert list(message.files.values_list("pk", flat=True)) == [second.pk, first.pk]
    (read,) = message_log.page_before(harbour.pk).messages
    assert read == messages.serialized(message)


def test_a_message_may_have_files_and_no_text(harbour, bob):
    assert post_files(harbour, bob, complete(harbour, bob), body=" \n").text == ""
    with pytest.raises(Invalid):
        post_message(harbour, bob, " ")


def test_a_file_has_a_description_and_may_be_a_spoiler(harbour, bob):
    upload = complete(harbour, bob)
    message = post_message(harbour, bob, "", attachments=posted(upload, alt=" A\x00 crane ", spoiler=True))
    (file,) = messages.serialized(message).attachments
    assert (file.alt, file.spoiler) == ("A\ufffd crane", True)


def test_a_message_with_files_is_posted_once_by_its_client_id(harbour, bob):
    upload, client_id = complete(harbour, bob), uuid.uuid4()
    first = post_files(harbour, bob, upload, client_id=client_id)
    assert post_files(harbour, bob, upload, client_id=client_id).pk == first.pk
    assert harbour.messages.count() == 1


@pytest.mark.parametrize("case", ["unfinished", "of another", "of another room", "used", "expired", "none", "deleted"])
def test_only_ones_own_complete_unused_uploads_of_the_room_can_be_posted(harbour, lobby, alice, bob, case):
    upload = complete(lobby if case == "of another room" else harbour, alice if case == "of another" else bob)
    if case == "unfinished":
        upload.pk = begin(harbour, bob)
    elif case == "used":
        post_files(harbour, bob, upload)
    elif case == "expired":
        Attachment.objects.update(expires_at=timezone.now())
    elif case == "none":
        upload.pk += 1000
    elif case == "deleted":
        attachments.delete_unsent(attachment=upload.pk)
    before = harbour.messages.count()
    with pytest.raises(FileMissing):
        post_files(harbour, bob, upload, body="Look")
    assert harbour.messages.count() == before


def test_a_file_that_was_refused_before_its_message_was_posted_does_not_stop_the_others(harbour, bob):
    bomb, notes = complete(harbour, bob, png_that_says(10_000, 10_000), name="bomb.png"), complete(harbour, bob)
    processing.process(attachment=bomb.pk)
    message = post_files(harbour, bob, bomb, notes, body="Both")
    refused, other = messages.serialized(message).attachments
    assert (refused.id, refused.state, refused.refusal) == (bomb.pk, "refused", "too_many_pixels")
    assert other.id == notes.pk


def test_an_upload_that_was_complete_when_its_person_left_the_room_cannot_be_posted(garden, harbour, bob):
    upload = complete(harbour, bob)
    members.leave(room="harbour", user=bob)
    with pytest.raises(NotFound):
        post_files(harbour, bob, upload)
    assert Attachment.objects.get(pk=upload.pk).message is None


def test_too_many_files_the_same_twice_and_a_long_description_are_refused(harbour, bob):
    upload = complete(harbour, bob)
    with pytest.raises(Invalid):
        post_files(harbour, bob, *[Attachment(pk=number) for number in range(11)])
    with pytest.raises(Invalid):
        post_files(harbour, bob, upload, upload)
    with pytest.raises(TooLong):
        post_message(harbour, bob, "", attachments=posted(upload, alt="x" * 1001))


def test_a_guest_posts_a_file(garden, gina):
    assert shown(post_files(garden, gina, complete(garden, gina)))


def test_a_change_of_a_file_is_a_versioned_change_of_its_message(harbour, bob, capture_published):
    upload = complete(harbour, bob)
    message = post_files(harbour, bob, upload)
    before = head(harbour)
    with capture_published() as envelopes:
        assert attachments.change(attachment=upload.pk, state="ready", width=640, height=480)
    (frame,) = frames(envelopes)
    assert (frame["version"], head(harbour)) == (before + 1, before + 1)
    assert frame["message"]["attachments"][0]["width"] == 640
    assert (fresh(message).version, fresh(message).attachments[0]["state"]) == (before + 1, "ready")


def test_a_change_that_nobody_sees_takes_no_version(harbour, bob):
    unsent, sent = complete(harbour, bob), complete(harbour, bob)
    post_files(harbour, bob, sent)
    before = head(harbour)
    assert attachments.change(attachment=unsent.pk, width=5)
    assert attachments.change(attachment=sent.pk, sha256="0" * 64)
    assert head(harbour) == before
    assert not attachments.change(attachment=unsent.pk + 1000, width=5)


def test_an_edit_may_remove_the_text_of_a_message_with_files_only(harbour, bob):
    message = post_files(harbour, bob, complete(harbour, bob), body="Look")
    assert messages.edit(message=message.pk, by=bob, body="").text == ""
    assert shown(fresh(message))
    with pytest.raises(Invalid):
        messages.edit(message=post_message(harbour, bob).pk, by=bob, body="")


def test_the_files_of_a_deleted_message_are_nobodys_and_expire(harbour, alice, bob):
    upload = complete(harbour, bob)
    message = post_files(harbour, bob, upload)
    assert Attachment.objects.visible_to(alice).filter(pk=upload.pk).exists()
    assert shown(messages.delete(message=message.pk, by=bob)) == []
    assert not Attachment.objects.visible_to(bob).filter(pk=upload.pk).exists()
    left = Attachment.objects.get(pk=upload.pk).expires_at - timezone.now()
    assert timedelta(seconds=30) < left <= timedelta(minutes=1)


def test_files_are_visible_to_those_who_see_the_room(harbour, alice, bob, charlie, gina):
    upload = complete(harbour, bob)
    visible = Attachment.objects.visible_to
    assert [person for person in (alice, bob, charlie, gina) if visible(person).exists()] == [bob]
    post_files(harbour, bob, upload)
    assert [person for person in (alice, bob, charlie, gina) if visible(person).exists()] == [alice, bob]
    rooms.remove(room=harbour, user=bob)
    assert [person for person in (alice, bob) if visible(person).exists()] == [alice]
