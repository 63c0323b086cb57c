"""What the two-second check finds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat.domain import rooms, standing
from chat.models import Session
from chat.tests.talk import say

pytestmark = pytest.mark.django_db


def test_heads_and_changes_of_rooms(harbour, garden, alice):
    say(harbour, alice)
    rooms.change(room=harbour, topic="Mind the tide")
    found = standing.look(["harbour", "garden", "nowhere"], [], [])
    seen = {room.slug: (room.pk, room.head_version, room.changed_version) for room in found.rooms}
    assert seen == {"harbour": (harbour.pk, 2, 2), "garden": (garden.pk, 0, 0)}


def test_lists_of_people(harbour, garden, alice, bob, charlie):
    rooms.leave(room=garden, user=bob)
    found = standing.look([], [alice.pk, bob.pk, charlie.pk, 10**6], [])
    assert found.lists == {alice.pk: {"harbour", "garden"}, bob.pk: {"harbour"}, charlie.pk: set(), 10**6: set()}


def test_accounts_that_stand(alice, bob, charlie):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)
    charlie.set_password("another one")
    charlie.save()
    found = standing.look([], [alice.pk, bob.pk, charlie.pk], [])
    assert found.tokens == {alice.pk: alice.password, charlie.pk: charlie.password}


def test_sessions_that_stand(db):
    later, before = timezone.now() + timedelta(minutes=1), timezone.now() - timedelta(minutes=1)
    for key, at in {"a" * 32: later, "b" * 32: before}.items():
        Session.objects.create(session_key=key, session_data="", expire_date=at)
    assert standing.look([], [], ["a" * 32, "b" * 32, "c" * 32]).sessions == {"a" * 32}


def test_states_of_rooms_that_came_to_a_list_unheard(harbour, garden, alice, bob):
    say(garden, alice)
    (state,) = standing.states_of(bob, {"garden", "nowhere"})
    assert (state.slug, state.role, state.unread) == ("garden", "member", 1)
