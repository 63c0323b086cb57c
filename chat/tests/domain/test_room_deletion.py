"""Deleting a room: nobody sees it from the first moment, and a job deletes all that is in it."""

from uuid import uuid4

import pytest

from chat.domain import access, direct_rooms, invites, messages, pins, room_deletion, rooms, saved
from chat.domain.errors import Invalid, NotFound
from chat.models import Attachment, Invite, Job, Membership, Message, RecordedAction, Room
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import frames, post_message

pytestmark = pytest.mark.django_db


def begin(room, **fields):
    room_deletion.begin(room=room, name=room_deletion.name_to_type(room), **fields)


def test_nobody_sees_the_room_from_the_first_moment(garden, alice, bob, charlie, gina, capture_published):
    with capture_published() as envelopes:
        begin(garden)
    for who in (alice, bob, charlie, gina):
        with pytest.raises(NotFound):
            access.get_visible(who, "garden")
    events = {frame["type"]: frame for frame in frames(envelopes)}
    assert events["room"]["state"]["kind"] == "private"
    assert "room_removed" in events


def test_the_job_deletes_the_room_with_its_messages_threads_and_files(garden, alice, bob, files_folder, monkeypatch):
    monkeypatch.setattr(room_deletion, "BATCH", 3)
    root = post_message(garden, alice, "root").pk
    messages.post(room="garden", author=bob, body="reply", client_id=uuid4(), thread=root)
    messages.post(room="garden", author=bob, body="quote", client_id=uuid4(), reply_to=root)
    messages.react(message=root, by=bob, emoji="👍", on=True)
    messages.edit(message=root, by=alice, body="other root")
    pins.pin(message=root, by=alice, on=True)
    saved.save(message=root, user=bob, on=True)
    for number in range(7):
        post_message(garden, bob, f"message {number} @alice")
    file = files_folder / "a1"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"abc")
    Attachment.objects.create(
        room=garden, uploader=alice, message_id=root, sender_key="u:1", name="a", size=3, storage_name="a1",
        created_at=garden.created_at, state="ready",
    )  # fmt: skip
    begin(garden)
    run_jobs()
    assert not Room.objects.filter(pk=garden.pk).exists()
    assert not Message.objects.exists()
    assert not Attachment.objects.exists()
    assert not file.exists()
    record = RecordedAction.objects.get(verb="room.delete")
    assert (record.room_name, record.before) == ("Garden", {"members": 2, "kind": "public"})


def test_other_rooms_stay(garden, harbour, alice):
    kept = post_message(harbour, alice, "stays")
    post_message(garden, alice, "goes")
    begin(garden)
    run_jobs()
    assert list(Message.objects.all()) == [kept]
    assert Membership.objects.filter(room=harbour).count() == 2


def test_a_direct_room_is_deleted_and_its_people_begin_another_one(alice, bob):
    former = direct_rooms.find_or_make(people=[bob.pk], by=alice)
    post_message(former, alice, "goes")
    begin(former)
    again = direct_rooms.find_or_make(people=[bob.pk], by=alice)
    assert again.pk != former.pk
    run_jobs()
    assert list(Room.objects.all()) == [again]


def test_the_name_has_to_be_typed(harbour, alice):
    for name in ("", "harbour", "Garden", "Harbour 2"):
        with pytest.raises(Invalid) as refused:
            room_deletion.begin(room=harbour, name=name)
        assert refused.value.field == "name"
    assert access.get_visible(alice, "harbour").deleted_at is None


def test_a_second_deletion_and_a_second_run_do_nothing(harbour):
    begin(harbour)
    begin(harbour)
    assert Job.objects.filter(task_path="chat.jobs.rooms.delete").count() == 1
    run_jobs()
    assert not room_deletion.delete_rest(room_id=harbour.pk)
    assert RecordedAction.objects.filter(verb="room.delete").count() == 1


def test_a_room_that_was_not_chosen_for_deletion_is_not_deleted_by_the_job(harbour):
    assert not room_deletion.delete_rest(room_id=harbour.pk)
    assert Room.objects.filter(pk=harbour.pk).exists()


def test_links_to_the_room_end_at_once(harbour, alice, dora):
    _made, token = invites.create(room=harbour, by=dora, expires_at=harbour.created_at.replace(year=2100))
    begin(harbour)
    assert not Invite.objects.exists()
    with pytest.raises(NotFound):
        invites.find(token)


def test_contents_count_what_goes(harbour, alice, bob):
    post_message(harbour, bob)
    contents = room_deletion.contents_of(harbour)
    assert (contents.messages, contents.members, contents.files, contents.bytes) == (1, 2, 0, 0)


def test_an_archived_room_can_be_deleted(harbour):
    rooms.archive(room=harbour)
    begin(Room.objects.get(pk=harbour.pk))
    run_jobs()
    assert not Room.objects.filter(pk=harbour.pk).exists()
