"""What a person or a guest wrote in the last hours is removed by a job, and put back within a week."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import account_steps, direct_rooms, file_cleaning, messages, pins, polls, removals, restoring, rooms
from chat.domain.errors import Forbidden, Invalid, NotFound
from chat.models import AccountWork, Attachment, Mention, Message, PollVote, RecordedAction, Revision
from chat.tests.attached import attach
from chat.tests.cast import person
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import frames, head, post_message, post_poll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]
HOUR = timedelta(hours=1)


def texts(*rooms) -> list[str]:
    return list(Message.objects.filter(room__in=rooms).order_by("pk").values_list("text", flat=True))


def shown(message) -> dict:
    """The message on the wire, without its version."""
    stored = Message.objects.for_serialization().get(pk=getattr(message, "pk", message))
    return messages.serialized(stored).model_dump(exclude={"version"})


def age(message, hours: float) -> None:
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - hours * HOUR)


def test_only_what_the_person_wrote_in_these_hours_goes_from_all_rooms(harbour, garden, alice, bob, dora):
    age(post_message(harbour, bob, "long ago"), 25)
    age(post_message(harbour, bob, "yesterday"), 23)
    post_message(garden, bob, "now")
    post_message(garden, alice, "Alice")
    direct = direct_rooms.find_or_make(people=[alice.pk], by=bob)
    post_message(direct, bob, "between us")
    rooms.archive(room=garden)
    work = removals.begin(user=bob, hours=24, by=dora, reason="Spam")
    assert (work.state, work.total) == ("running", 3)
    assert run_jobs() == ["accounts.go_on"]
    assert texts(harbour, garden, direct) == ["long ago", "", "", "Alice", ""]
    work.refresh_from_db()
    assert (work.state, work.done, work.total) == ("done", 3, 3)


def test_each_removed_message_takes_a_version_and_is_published(harbour, bob, dora, capture_published):
    for number in range(3):
        post_message(harbour, bob, str(number))
    before = head(harbour)
    removals.begin(user=bob, hours=1, by=dora)
    with capture_published() as envelopes:
        run_jobs()
    events = [frame for frame in frames(envelopes) if frame["type"] == "message"]
    assert sorted(event["version"] for event in events) == [before + 1, before + 2, before + 3]
    assert all(event["message"]["deleted"] for event in events)


def test_everything_of_a_message_comes_back(harbour, alice, bob, dora):
    said = post_message(harbour, bob, "Look **@alice**")
    attach(said, b"Ahoy there", "notes.txt")
    pins.pin(message=said.pk, by=alice, on=True)
    messages.react(message=said.pk, by=alice, emoji="👋", on=True)
    poll = post_poll(harbour, bob)
    polls.vote(message=poll, by=alice, options=[1])
    root = post_message(harbour, alice, "Root")
    reply = post_message(harbour, bob, "Reply", thread=root.pk)
    before = [shown(message) for message in (said, poll, root, reply)]
    work = removals.begin(user=bob, hours=1, by=dora)
    run_jobs()
    assert [shown(message) for message in (said, poll, root, reply)] != before
    assert not Mention.objects.exists()
    # Later than one's own deletions can be undone, and than their files are deleted.
    Revision.objects.update(replaced_at=timezone.now() - 100 * HOUR)
    restoring.forget_expired()
    file_cleaning.delete_expired()
    removals.undo(work=work.pk, by=dora)
    run_jobs()
    assert [shown(message) for message in (said, poll, root, reply)] == before
    assert Mention.objects.get().user == alice
    work.refresh_from_db()
    assert (work.state, work.done, work.total) == ("undone", 3, 3)
    removals.undo(work=work.pk, by=dora)
    assert RecordedAction.objects.filter(verb="words.put_back").count() == 1


def test_after_a_week_it_is_final(harbour, alice, bob, dora):
    attach(post_message(harbour, bob, "gone"), b"Ahoy there", "notes.txt")
    poll = post_poll(harbour, bob)
    polls.vote(message=poll, by=alice, options=[1])
    work = removals.begin(user=bob, hours=1, by=dora)
    run_jobs()
    AccountWork.objects.update(made_at=timezone.now() - AccountWork.UNDO_FOR)
    with pytest.raises(Forbidden):
        removals.undo(work=work.pk, by=dora)
    restoring.forget_expired()
    assert not Revision.objects.filter(restorable__isnull=False).exists()
    assert not PollVote.objects.exists()
    Attachment.objects.update(expires_at=timezone.now() - AccountWork.UNDO_FOR)
    file_cleaning.delete_expired()
    assert not Attachment.objects.exists()


def test_a_message_that_came_back_in_another_way_stays_as_it_is(harbour, bob, dora):
    said = post_message(harbour, bob, "mine")
    work = removals.begin(user=bob, hours=1, by=dora)
    run_jobs()
    rooms.join(room=harbour, user=dora, role="moderator")
    restoring.restore(message=said.pk, by=dora)
    messages.delete(message=said.pk, by=bob)
    removals.undo(work=work.pk, by=dora)
    run_jobs()
    assert texts(harbour) == [""]


def test_what_a_guest_wrote_goes_by_their_id(garden, gina, bob, dora):
    post_message(garden, gina, "spam")
    post_message(garden, bob, "Bob")
    work = removals.begin_for_guest(guest_id=gina.id, hours=1, by=dora)
    assert (work.user, work.name) == (None, gina.name)
    run_jobs()
    assert texts(garden) == ["", "Bob"]
    removals.undo(work=work.pk, by=dora)
    run_jobs()
    assert texts(garden) == ["spam", "Bob"]
    assert gina.key not in str(list(RecordedAction.objects.values()))
    with pytest.raises(NotFound):
        removals.begin_for_guest(guest_id="0" * 16, hours=1, by=dora)


def test_a_run_that_died_is_continued_and_nothing_is_removed_twice(harbour, bob, dora, monkeypatch):
    for number in range(4):
        post_message(harbour, bob, str(number))
    work = removals.begin(user=bob, hours=1, by=dora)
    empty, calls = messages.empty, []

    def dies(*arguments, **options):
        calls.append(arguments)
        if len(calls) == 3:
            raise RuntimeError("The worker is killed.")
        empty(*arguments, **options)

    monkeypatch.setattr(messages, "empty", dies)
    with pytest.raises(RuntimeError):
        account_steps.go_on(work=work.pk)
    assert texts(harbour) == ["", "", "2", "3"] or texts(harbour) == ["0", "1", "", ""]
    assert account_steps.go_on(work=work.pk) is False
    assert texts(harbour) == [""] * 4
    assert Revision.objects.count() == 4
    assert account_steps.go_on(work=work.pk) is False


def test_work_without_a_job_is_continued_by_the_clock(harbour, bob, dora):
    from chat.jobs import accounts as jobs
    from chat.models import Job

    post_message(harbour, bob)
    removals.begin(user=bob, hours=1, by=dora)
    jobs.continue_left.func()
    assert Job.objects.filter(task_path="chat.jobs.accounts.go_on").count() == 1
    Job.objects.all().delete()
    jobs.continue_left.func()
    run_jobs()
    assert texts(harbour) == [""]


@pytest.mark.parametrize("hours", [0, -1, 721])
def test_a_wrong_number_of_hours_is_refused(bob, dora, hours):
    with pytest.raises(Invalid) as caught:
        removals.begin(user=bob, hours=hours, by=dora)
    assert caught.value.field == "hours"


def test_staff_do_not_remove_what_a_superuser_wrote(harbour, dora):
    erin = person("erin", is_staff=True)
    with pytest.raises(Forbidden):
        removals.begin(user=dora, hours=1, by=erin)


def test_undoing_what_still_runs_is_refused(harbour, bob, dora):
    post_message(harbour, bob)
    work = removals.begin(user=bob, hours=1, by=dora)
    with pytest.raises(Forbidden):
        removals.undo(work=work.pk, by=dora)
    with pytest.raises(NotFound):
        removals.undo(work=work.pk + 1, by=dora)
