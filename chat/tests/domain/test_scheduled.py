"""Scheduled messages: posted once when their time has come, and never lost."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from chat.domain import file_cleaning, messages, posting, rooms, scheduled, uploads
from chat.domain.errors import Archived, FileMissing, Forbidden, Invalid, NotFound, TooLong
from chat.models import Attachment, Job, Message, ScheduledMessage
from chat.protocol.things import PostedFile
from chat.tests.attached import upload
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import frames, post_message

pytestmark = pytest.mark.django_db


def later(room, user, body="Good morning", minutes=60, **fields):
    at = timezone.now() + timedelta(minutes=minutes)
    given = {"room": room.slug, "author": user, "body": body, "client_id": uuid.uuid4(), "at": at} | fields
    return scheduled.schedule(**given)


def come_due(**columns) -> None:
    """Let the time of all scheduled messages come."""
    ScheduledMessage.objects.update(at=timezone.now() - timedelta(seconds=1), **columns)


def texts() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("text", flat=True))


def test_a_scheduled_message_is_posted_at_its_time_with_its_client_id(harbour, alice, bob):
    answered, client_id = post_message(harbour, bob, "Tea?").pk, uuid.uuid4()
    made = later(harbour, alice, client_id=client_id, reply_to=answered, silent=True)
    (job,) = Job.objects.queued()
    assert abs(job.run_after - made.at) < timedelta(seconds=5)
    run_jobs(also_later=True)
    assert texts() == ["Tea?"]
    come_due()
    Job.objects.all().delete()
    scheduled.send(message=made.id)
    message = Message.objects.latest("pk")
    assert (message.text, message.client_id, message.reply_to_id) == ("Good morning", client_id, answered)
    assert message.silent
    assert not ScheduledMessage.objects.exists()


def test_one_message_even_if_the_worker_dies_after_the_post(harbour, alice, monkeypatch):
    made = later(harbour, alice)
    come_due()

    def die(user):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(scheduled, "_publish", die)
        with pytest.raises(KeyboardInterrupt):
            scheduled.send(message=made.id)
    assert texts() == []
    for _run in range(3):
        scheduled.send(message=made.id)
    assert texts() == ["Good morning"]


def test_one_message_even_if_it_was_posted_and_the_row_stayed(harbour, alice):
    client_id = uuid.uuid4()
    made = later(harbour, alice, client_id=client_id)
    messages.post(room="harbour", author=alice, body="Good morning", client_id=client_id)
    come_due()
    scheduled.send(message=made.id)
    assert texts() == ["Good morning"]
    assert not ScheduledMessage.objects.exists()


def test_the_same_client_id_again_schedules_nothing_more(harbour, alice):
    client_id = uuid.uuid4()
    first = later(harbour, alice, client_id=client_id)
    assert later(harbour, alice, "Other", client_id=client_id) == first
    assert ScheduledMessage.objects.count() == 1


def test_its_author_alone_is_told(harbour, alice, capture_published):
    with capture_published() as envelopes:
        later(harbour, alice)
    assert frames(envelopes) == [{"type": "scheduled", "waiting": 1, "failed": 0}]
    assert envelopes[0].users == (alice.pk,)


def test_a_changed_time_counts_and_the_former_job_does_nothing(harbour, alice):
    made = later(harbour, alice, minutes=0)
    scheduled.change(message=made.id, user=alice, body="Good evening", at=timezone.now() + timedelta(hours=8))
    run_jobs()
    assert texts() == []
    scheduled.change(message=made.id, user=alice, at=timezone.now())
    run_jobs()
    assert texts() == ["Good evening"]


def test_a_cancelled_message_is_not_sent(harbour, alice, capture_published):
    made = later(harbour, alice)
    come_due()
    with capture_published() as envelopes:
        scheduled.cancel(message=made.id, user=alice)
    assert frames(envelopes) == [{"type": "scheduled", "waiting": 0, "failed": 0}]
    run_jobs(also_later=True)
    assert texts() == []
    with pytest.raises(NotFound):
        scheduled.cancel(message=made.id, user=alice)


def test_bob_cannot_change_or_cancel_alices_message(harbour, alice, bob):
    made = later(harbour, alice)
    with pytest.raises(NotFound):
        scheduled.change(message=made.id, user=bob, body="Mine")
    with pytest.raises(NotFound):
        scheduled.cancel(message=made.id, user=bob)
    assert ScheduledMessage.objects.get().body == "Good morning"


@pytest.mark.parametrize(
    ("happens", "code"),
    [
        (lambda room, bob: rooms.set_role(room=room, user=bob, role="reader"), "forbidden"),
        (lambda room, bob: rooms.remove(room=room, user=bob), "not_found"),
        (lambda room, bob: rooms.archive(room=room), "archived"),
        (lambda room, bob: type(bob).objects.filter(pk=bob.pk).update(is_active=False), "signed_out"),
    ],
    ids=["reader", "removed", "archived", "closed account"],
)
def test_who_may_not_write_any_more_finds_the_message_and_the_reason_in_the_list(harbour, bob, happens, code):
    made = later(harbour, bob)
    happens(harbour, bob)
    come_due()
    scheduled.send(message=made.id)
    assert texts() == []
    (kept,) = scheduled.rows_of(bob)
    assert (kept.body, kept.failure) == ("Good morning", code)
    assert scheduled.count_of(bob) == {"waiting": 0, "failed": 1}


def test_a_failed_message_is_tried_again_when_its_time_is_changed(harbour, bob):
    made = later(harbour, bob)
    rooms.set_role(room=harbour, user=bob, role="reader")
    come_due()
    scheduled.send(message=made.id)
    rooms.set_role(room=harbour, user=bob, role="member")
    scheduled.change(message=made.id, user=bob, at=timezone.now())
    run_jobs()
    assert texts() == ["Good morning"]


def test_in_slow_mode_it_waits_for_its_turn(harbour, bob):
    rooms.change(room=harbour, slow_mode_s=300)
    post_message(harbour, bob, "First")
    made = later(harbour, bob)
    Job.objects.all().delete()
    come_due()
    scheduled.send(message=made.id)
    (again,) = Job.objects.queued()
    assert 0 < (again.run_after - timezone.now()).total_seconds() <= 300
    assert not ScheduledMessage.objects.get().failure
    rooms.change(room=harbour, slow_mode_s=0)
    scheduled.send(message=made.id)
    assert texts() == ["First", "Good morning"]


def test_a_message_whose_job_is_lost_is_sent_by_the_periodic_job(harbour, alice):
    """A restored backup holds no jobs."""
    later(harbour, alice)
    Job.objects.all().delete()
    assert scheduled.send_overdue() == 0
    ScheduledMessage.objects.update(at=timezone.now() - scheduled.OVERDUE - timedelta(seconds=1))
    assert scheduled.send_overdue() == 1
    run_jobs()
    assert texts() == ["Good morning"]


def test_what_could_not_be_posted_now_is_refused_now(harbour, garden, alice, bob, charlie, gina, monkeypatch):
    rooms.set_role(room=harbour, user=bob, role="reader")
    elsewhere = post_message(garden, alice).pk
    refused = [
        (NotFound, lambda: later(harbour, charlie)),
        (Forbidden, lambda: later(harbour, bob)),
        (Forbidden, lambda: later(garden, gina)),
        (Invalid, lambda: later(harbour, alice, " ")),
        (TooLong, lambda: later(harbour, alice, "x" * 8001)),
        (NotFound, lambda: later(harbour, alice, reply_to=elsewhere)),
        (Invalid, lambda: later(harbour, alice, minutes=60 * 24 * 400)),
    ]
    for error, attempt in refused:
        with pytest.raises(error):
            attempt()
    monkeypatch.setattr(scheduled, "MAX_SCHEDULED", 1)
    later(harbour, alice)
    with pytest.raises(Invalid):
        later(harbour, alice)
    rooms.archive(room=harbour)
    with pytest.raises(Archived):
        later(harbour, alice)
    assert ScheduledMessage.objects.count() == 1


def test_a_scheduled_message_that_was_posted_in_time_is_not_scheduled_again(harbour, alice):
    client_id = uuid.uuid4()
    posting.post(room="harbour", author=alice, body="Now", client_id=client_id)
    with pytest.raises(Invalid):
        later(harbour, alice, client_id=client_id)


def uploaded(room, user, name="tea.txt") -> Attachment:
    """An upload of a person that has a day to be sent."""
    made = upload(room, user, b"tea", name)
    Attachment.objects.filter(pk=made.pk).update(expires_at=timezone.now() + uploads.KEPT)
    return made


def test_a_time_that_has_come_sends_at_once(harbour, alice):
    later(harbour, alice, minutes=-60 * 24)
    run_jobs()
    assert texts() == ["Good morning"]


def test_its_files_are_kept_until_it_is_sent_and_are_those_of_the_message(harbour, alice):
    first, second = uploaded(harbour, alice, "a.txt"), uploaded(harbour, alice, "b.txt")
    files = [PostedFile(id=second.pk, alt="Tea"), PostedFile(id=first.pk, spoiler=True)]
    made = later(harbour, alice, "", attachments=files)
    assert [(file.name, file.alt, file.spoiler) for file in made.attachments] == [
        ("b.txt", "Tea", False),
        ("a.txt", "", True),
    ]
    Attachment.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert file_cleaning.delete_expired() == 0
    come_due()
    scheduled.send(message=made.id)
    (message,) = Message.objects.all()
    assert [file["name"] for file in message.attachments] == ["b.txt", "a.txt"]
    assert set(Attachment.objects.values_list("message", "scheduled", "expires_at")) == {(message.pk, None, None)}


def test_the_files_of_a_cancelled_message_are_deleted(harbour, alice, django_capture_on_commit_callbacks):
    held = uploaded(harbour, alice)
    made = later(harbour, alice, attachments=[PostedFile(id=held.pk)])
    with django_capture_on_commit_callbacks(execute=True):
        scheduled.cancel(message=made.id, user=alice)
    assert not Attachment.objects.exists()
    with pytest.raises(FileNotFoundError):
        storages["files"].open(held.storage_name)


def test_files_stay_when_a_message_cannot_be_sent_and_expire_when_its_row_is_gone(harbour, bob):
    made = later(harbour, bob, attachments=[PostedFile(id=uploaded(harbour, bob).pk)])
    rooms.set_role(room=harbour, user=bob, role="reader")
    come_due()
    scheduled.send(message=made.id)
    assert Attachment.objects.get().scheduled_id == made.id
    Attachment.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    assert file_cleaning.delete_expired() == 0
    ScheduledMessage.objects.all().delete()
    assert file_cleaning.delete_expired() == 1


def test_a_file_belongs_to_one_message_and_cannot_be_taken_away(harbour, alice, bob):
    held, of_bob = uploaded(harbour, alice), uploaded(harbour, bob)
    later(harbour, alice, attachments=[PostedFile(id=held.pk)])
    for file in (held, of_bob):
        with pytest.raises(FileMissing):
            later(harbour, alice, attachments=[PostedFile(id=file.pk)])
    with pytest.raises(FileMissing):
        post_message(harbour, alice, attachments=[PostedFile(id=held.pk)])
    with pytest.raises(NotFound):
        uploads.terminate(room="harbour", upload=held.pk, by=alice)
    with pytest.raises(Invalid):
        later(harbour, alice, " ")
    assert Attachment.objects.filter(pk=held.pk).exists()
