"""The state that the two-second check reads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import live_state, rooms
from chat.models import Session
from chat.tests.talk import post_message

pytestmark = pytest.mark.django_db


def test_the_live_state_has_versions_of_rooms(harbour, garden, alice):
    post_message(harbour, alice)
    rooms.change(room=harbour, topic="Mind the tide")
    found = live_state.read_live_state(["harbour", "garden", "nowhere"], [], [])
    seen = {room.slug: (room.pk, room.head_version, room.changed_version) for room in found.rooms}
    assert seen == {"harbour": (harbour.pk, 2, 2), "garden": (garden.pk, 0, 0)}


def test_the_live_state_has_the_rooms_of_each_user(harbour, garden, alice, bob, charlie):
    rooms.leave(room=garden, user=bob)
    found = live_state.read_live_state([], [alice.pk, bob.pk, charlie.pk, 10**6], [])
    assert found.lists == {alice.pk: {"harbour", "garden"}, bob.pk: {"harbour"}, charlie.pk: set(), 10**6: set()}


def test_the_live_state_has_tokens_of_active_accounts(alice, bob, charlie):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)
    charlie.set_password("another one")
    charlie.save()
    found = live_state.read_live_state([], [alice.pk, bob.pk, charlie.pk], [])
    assert found.tokens == {alice.pk: alice.password, charlie.pk: charlie.password}


def test_the_live_state_has_valid_sessions(db):
    later, before = timezone.now() + timedelta(minutes=1), timezone.now() - timedelta(minutes=1)
    for key, at in {"a" * 32: later, "b" * 32: before}.items():
        Session.objects.create(session_key=key, session_data="", expire_date=at)
    assert live_state.read_live_state([], [], ["a" * 32, "b" * 32, "c" * 32]).sessions == {"a" * 32}


def test_states_of_rooms_that_were_added_without_an_event(harbour, garden, alice, bob):
    post_message(garden, alice)
    (state,) = live_state.states_of(bob, {"garden", "nowhere"})
    assert (state.slug, state.role, state.unread) == ("garden", "member", 1)
