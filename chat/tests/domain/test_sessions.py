"""Who is behind a session, and what they are welcomed with."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from chat.domain import guests, sessions
from chat.models import Session, Site
from chat.tests.talk import say

pytestmark = pytest.mark.django_db


def key_of(client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def bobs(client, bob):
    """The key of a session in which Bob signed in."""
    client.force_login(bob)
    return key_of(client)


def is_guest(arrival) -> bool:
    return arrival.welcome.you.user is None and arrival.welcome.you.guest is not None


def test_bob_is_welcomed_with_his_rooms(harbour, alice, bob, bobs):
    say(harbour, alice, "Ahoy @bob")
    arrival = sessions.arrive(bobs)
    assert (arrival.person, arrival.session_key, arrival.token) == (bob, bobs, bob.password)
    welcome = arrival.welcome.model_dump(mode="json")
    (room,) = welcome["rooms"]
    assert (room["slug"], room["version"], room["unread"], room["mentions"]) == ("harbour", 1, 1, 1)
    assert welcome["you"] == {"user": {"id": bob.pk, "name": "bob", "avatar": None}, "guest": None}
    assert (welcome["type"], welcome["protocol"], welcome["epoch"]) == ("welcome", "chat", Site.current().epoch)
    assert welcome["limits"] == {
        "body": settings.CHAT_MAX_BODY,
        "rate": settings.CHAT_POST_RATE,
        "burst": settings.CHAT_POST_BURST,
    }


@pytest.mark.parametrize("key", [None, "", "x", "nosuchsession", "a\0b" * 12, "\ud83d", "é" * 40, "x" * 5000])
def test_whoever_has_no_session_is_a_guest_for_now(garden, harbour, key):
    arrival = sessions.arrive(key)
    assert is_guest(arrival)
    assert (arrival.session_key, arrival.token) == (None, "")
    assert [room.slug for room in arrival.welcome.rooms] == ["garden"]
    assert not Session.objects.exists()


def test_a_guest_of_a_page_is_the_same_on_its_socket(garden, client):
    session = client.session
    guest = guests.guest_of(session)
    session.save()
    arrival = sessions.arrive(session.session_key)
    assert (arrival.person, arrival.session_key) == (guest, session.session_key)
    assert arrival.welcome.you.guest.name == guest.name
    assert guest.key not in arrival.welcome.encode()


def test_an_expired_session_holds_nobody(bobs):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert is_guest(sessions.arrive(bobs))


def test_a_session_ends_with_a_new_password(harbour, bob, bobs):
    bob.set_password("another one")
    bob.save()
    arrival = sessions.arrive(bobs)
    assert is_guest(arrival)
    assert arrival.welcome.rooms == []


def test_a_session_that_holds_another_than_its_row_says_brings_no_rooms_of_theirs(harbour, garden, charlie, bobs):
    Session.objects.update(user=charlie)
    arrival = sessions.arrive(bobs)
    assert arrival.person.username == "bob"
    assert [room.slug for room in arrival.welcome.rooms] == ["garden", "harbour"]


def test_a_session_ends_with_the_account(bob, bobs):
    type(bob).objects.update(is_active=False)
    assert is_guest(sessions.arrive(bobs))


def test_a_session_ends_when_bob_signs_out(bobs, client):
    client.logout()
    assert is_guest(sessions.arrive(bobs))


def test_a_session_of_someone_who_is_gone_holds_nobody(charlie):
    client = Client()
    client.force_login(charlie)
    charlie.delete()
    assert is_guest(sessions.arrive(key_of(client)))


def test_a_session_that_was_tampered_with_holds_nobody(bobs):
    Session.objects.update(session_data="nonsense")
    assert is_guest(sessions.arrive(bobs))


def test_sessions_of_another_engine_are_opened_by_it(bob, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    client = Client()
    client.force_login(bob)
    arrival = sessions.arrive(key_of(client))
    assert arrival.person == bob
