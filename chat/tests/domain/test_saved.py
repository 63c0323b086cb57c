"""Messages that a person has saved for later."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import messages, rooms, saved
from chat.domain.errors import Forbidden, Invalid, NotFound
from chat.models import SavedMessage
from chat.tests.talk import frames, post_message

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(harbour, alice):
    """Alice's message in the harbour."""
    return post_message(harbour, alice, "High tide at nine").pk


def soon(minutes: float = 20):
    return timezone.now() + timedelta(minutes=minutes)


def test_bob_saves_alices_message_and_only_he_is_told(hers, bob, alice, capture_published):
    with capture_published() as envelopes:
        saved.save(message=hers, user=bob, on=True)
    (envelope,) = envelopes
    assert envelope.users == (bob.pk,)
    assert frames(envelopes)[0]["saved"]["message"] == hers
    assert [one.message for one in saved.of_person(bob)] == [hers]
    assert saved.of_person(alice) == []


def test_a_message_is_saved_once_and_its_reminder_changes(hers, bob):
    saved.save(message=hers, user=bob, on=True, remind_at=soon(20))
    later = soon(60)
    saved.save(message=hers, user=bob, on=True, remind_at=later)
    (one,) = saved.of_person(bob)
    assert (one.remind_at, one.is_due) == (later, False)
    saved.save(message=hers, user=bob, on=True)
    assert saved.of_person(bob)[0].remind_at is None


def test_bob_removes_what_he_saved(hers, bob, capture_published):
    saved.save(message=hers, user=bob, on=True)
    with capture_published() as envelopes:
        saved.save(message=hers, user=bob, on=False)
        saved.save(message=hers, user=bob, on=False)
    assert [frame["saved"] for frame in frames(envelopes)] == [None]
    assert saved.of_person(bob) == []


def test_a_reminder_comes_once_when_its_time_has_come(hers, bob, capture_published):
    saved.save(message=hers, user=bob, on=True, remind_at=soon())
    assert saved.remind_due() == 0
    SavedMessage.objects.update(remind_at=soon(-1))
    with capture_published() as envelopes:
        assert (saved.remind_due(), saved.remind_due()) == (1, 0)
    (frame,) = frames(envelopes)
    assert frame["saved"]["is_due"] is True
    assert saved.of_person(bob)[0].is_due
    # A new reminder comes again.
    saved.save(message=hers, user=bob, on=True, remind_at=soon())
    assert not saved.of_person(bob)[0].is_due


@pytest.mark.parametrize("minutes", [-1, 60 * 24 * 400])
def test_a_reminder_is_in_the_future_and_within_a_year(hers, bob, minutes):
    with pytest.raises(Invalid) as caught:
        saved.save(message=hers, user=bob, on=True, remind_at=soon(minutes))
    assert caught.value.field == "remind_at"
    assert saved.of_person(bob) == []


def test_charlie_saves_nothing_of_a_private_room_and_guests_save_nothing(garden, gina, alice, hers, charlie):
    with pytest.raises(NotFound):
        saved.save(message=hers, user=charlie, on=True)
    with pytest.raises(Forbidden):
        saved.save(message=post_message(garden, alice).pk, user=gina, on=True)
    assert saved.of_person(gina) == []


def test_what_bob_may_no_longer_see_is_not_listed_and_can_be_removed(harbour, hers, bob):
    saved.save(message=hers, user=bob, on=True)
    rooms.remove(room=harbour, user=bob)
    assert saved.of_person(bob) == []
    saved.save(message=hers, user=bob, on=False)
    assert not SavedMessage.objects.exists()


def test_a_deleted_message_stays_in_the_list_and_cannot_be_saved(harbour, hers, alice, bob):
    saved.save(message=hers, user=bob, on=True)
    messages.delete(message=hers, by=alice)
    assert len(saved.of_person(bob)) == 1
    with pytest.raises(NotFound):
        saved.save(message=hers, user=alice, on=True)


def test_a_person_has_a_limit_of_saved_messages(harbour, hers, bob, monkeypatch):
    monkeypatch.setattr(saved, "MAX_SAVED", 1)
    saved.save(message=hers, user=bob, on=True)
    with pytest.raises(Invalid):
        saved.save(message=post_message(harbour, bob).pk, user=bob, on=True)
    # The one that is saved can still get a reminder.
    saved.save(message=hers, user=bob, on=True, remind_at=soon())
