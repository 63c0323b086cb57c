"""Mutes of people, and messages that moderators removed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import access, messages, moderation, person_mutes, removing, restoring, rooms, timeline
from chat.domain.errors import Archived, Forbidden, Invalid, Muted, NotFound
from chat.models import Attachment, Message, PersonMute, RecordedAction, Revision
from chat.tests.attached import attach
from chat.tests.talk import frames, post_message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("files_folder")]


def mute(user, by, room=None, hours: float = 1, **fields) -> PersonMute:
    until = timezone.now() + timedelta(hours=hours)
    target = moderation.target_of_user(user)
    return person_mutes.mute(target=target, by=by, until=until, room=room, **fields)


def test_a_muted_person_reads_but_does_not_write(harbour, garden, alice, bob):
    message = post_message(harbour, bob).pk
    mute(bob, alice, harbour)
    for attempt in (
        lambda: post_message(harbour, bob),
        lambda: messages.edit(message=message, by=bob, body="Aha"),
        lambda: messages.react(message=message, by=bob, emoji="👋", on=True),
    ):
        with pytest.raises(Muted) as refused:
            attempt()
        assert 3500 < refused.value.retry_after <= 3600
    opened = timeline.open_room(bob, "harbour").reply()
    assert not opened.can_post
    assert opened.muted_until is not None
    messages.delete(message=message, by=bob)
    assert post_message(garden, bob).pk


def test_a_mute_of_the_site_counts_in_all_rooms(harbour, garden, bob, dora):
    mute(bob, dora, site=True)
    for room in (harbour, garden):
        with pytest.raises(Muted):
            post_message(room, bob)


def test_it_ends_by_itself_or_before(harbour, alice, bob, capture_published):
    mute(bob, alice, harbour)
    PersonMute.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert post_message(harbour, bob).pk
    person_mutes.remove_expired()
    assert not PersonMute.objects.exists()
    with capture_published() as envelopes:
        made = mute(bob, alice, harbour, reason="Be kind")
        person_mutes.end(mute=made, by=alice)
    muted, ended = (frame for frame in frames(envelopes) if frame["type"] == "muted")
    assert (muted["room"], ended["until"]) == ("harbour", None)
    assert post_message(harbour, bob).pk
    assert list(RecordedAction.objects.values_list("verb", flat=True)[:3]) == [
        "person.unmute",
        "person.mute",
        "person.mute",
    ]


def test_a_post_that_was_checked_before_is_checked_again(harbour, alice, bob):
    before = access.get_visible(bob, "harbour").rules
    mute(bob, alice, harbour)
    assert access.get_visible(alice, "harbour").rules > before


def test_a_guest_is_muted_by_their_message(garden, alice, gina):
    message = Message.objects.get(pk=post_message(garden, gina).pk)
    until = timezone.now() + timedelta(hours=1)
    person_mutes.mute(target=moderation.target_of(message), by=alice, until=until, room=garden)
    with pytest.raises(Muted):
        post_message(garden, gina)


def test_who_may_not_be_muted(harbour, alice, bob, charlie, dora):
    rooms.join(room=harbour, user=charlie, role="moderator")
    for user, by, room, site in (
        (alice, alice, harbour, False),
        (alice, charlie, harbour, False),
        (charlie, bob, harbour, False),
        (bob, alice, None, False),
        (dora, alice, None, True),
        (dora, dora, None, True),
    ):
        with pytest.raises(Forbidden):
            mute(user, by, room, site=site)
    with pytest.raises(Invalid):
        mute(bob, alice, harbour, hours=-1)
    with pytest.raises(Forbidden):
        person_mutes.mute_in_room(room="harbour", by=bob, person=charlie.pk, minutes=5)
    person_mutes.mute_in_room(room="harbour", by=charlie, person=bob.pk, minutes=5)
    person_mutes.mute_in_room(room="harbour", by=charlie, person=bob.pk, minutes=0)
    assert not PersonMute.objects.exists()


def test_staff_restore_what_a_moderator_removed_with_its_files(harbour, alice, bob, dora):
    message = post_message(harbour, bob, "a chart")
    attach(message, b"a,b\n1,2\n", "chart.csv")
    messages.delete(message=message.pk, by=alice)
    Revision.objects.update(replaced_at=timezone.now() - timedelta(days=6))
    restoring.forget_expired()
    restored = removing.restore(message=message.pk, by=dora, site=True)
    assert (restored.text, restored.removed, restored.deleted_at) == ("a chart", False, None)
    assert [file["name"] for file in restored.attachments] == ["chart.csv"]
    assert Attachment.objects.get().expires_at is None
    assert removing.restore(message=message.pk, by=dora, site=True).text == "a chart"


def test_after_a_week_the_text_is_left(harbour, alice, bob, dora):
    message = post_message(harbour, bob, "a **chart**").pk
    removing.remove(message=message, by=alice, reason="spam")
    Revision.objects.update(replaced_at=timezone.now() - timedelta(days=8))
    restoring.forget_expired()
    assert removing.restore(message=message, by=dora, site=True).html == "<p>a <strong>chart</strong></p>\n"


def test_a_moderator_of_the_room_restores_what_another_one_removed(harbour, alice, bob, charlie):
    rooms.join(room=harbour, user=charlie, role="moderator")
    message = post_message(harbour, bob, "Ahoy").pk
    messages.delete(message=message, by=charlie)
    with pytest.raises(Forbidden):
        restoring.restore(message=message, by=bob)
    assert restoring.restore(message=message, by=alice).text == "Ahoy"


def test_what_cannot_be_restored(harbour, alice, bob, dora, charlie):
    own, removed = post_message(harbour, bob).pk, post_message(harbour, bob).pk
    messages.delete(message=own, by=bob)
    with pytest.raises(Forbidden, match="author"):
        removing.restore(message=own, by=dora, site=True)
    removing.remove(message=removed, by=alice)
    with pytest.raises((Forbidden, NotFound)):
        removing.restore(message=removed, by=charlie)
    rooms.archive(room=harbour)
    with pytest.raises(Archived, match="Restore the room"):
        removing.restore(message=removed, by=dora, site=True)
    with pytest.raises(NotFound):
        removing.restore(message=removed + 1000, by=dora, site=True)
