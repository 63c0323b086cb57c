"""The person of a session, and their welcome."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from chat.domain import guests, room_lists, sessions
from chat.models import Session, Site
from chat.models.session_store import SessionStore
from chat.tests.talk import post_message
from chat.tests.wire_message import wire_person

pytestmark = pytest.mark.django_db
MAX_CACHED_SQL = 4096
"""psycopg parses longer SQL again at each use: `_queries.MAX_CACHED_STATEMENT_LENGTH`."""


def key_of(client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def bobs(client, bob):
    """The key of a session in which Bob signed in."""
    client.force_login(bob)
    return key_of(client)


def is_guest(arrival) -> bool:
    return arrival.welcome.you.user is None and arrival.welcome.you.guest is not None


def test_a_session_of_bob_gives_a_welcome_with_his_rooms(harbour, alice, bob, bobs):
    post_message(harbour, alice, "Ahoy @bob")
    arrival = sessions.identify_socket(bobs)
    assert (arrival.person, arrival.session_key, arrival.token) == (bob, bobs, bob.password)
    welcome = arrival.welcome.model_dump(mode="json")
    (room,) = welcome["rooms"]
    assert (room["slug"], room["version"], room["unread"], room["mentions"]) == ("harbour", 1, 1, 1)
    assert welcome["you"] == {"user": wire_person(bob.pk, "bob"), "guest": None}
    assert (welcome["type"], welcome["protocol"], welcome["epoch"]) == ("welcome", "chat", Site.current().epoch)
    assert welcome["limits"] == {
        "body": settings.CHAT_MAX_BODY,
        "rate": settings.CHAT_POST_RATE,
        "burst": settings.CHAT_POST_BURST,
        "files": {
            "count": 10,
            "bytes": settings.MAX_FILE_BYTES,
            "types": [],
            "alt": 1000,
            "chunk": settings.MAX_UPLOAD_CHUNK_BYTES,
        },
    }


@pytest.mark.parametrize("key", [None, "", "x", "nosuchsession", "a\0b" * 12, "\ud83d", "é" * 40, "x" * 5000])
def test_without_a_session_the_person_is_a_new_guest(garden, harbour, key):
    arrival = sessions.identify_socket(key)
    assert is_guest(arrival)
    assert (arrival.session_key, arrival.token) == (None, "")
    assert [room.slug for room in arrival.welcome.rooms] == ["garden"]
    assert not Session.objects.exists()


def test_a_guest_of_a_page_is_the_same_on_its_socket(garden, client):
    session = client.session
    guest = guests.get_or_create_guest(session)
    session.save()
    arrival = sessions.identify_socket(session.session_key)
    assert (arrival.person, arrival.session_key) == (guest, session.session_key)
    assert arrival.welcome.you.guest.name == guest.name
    assert guest.key not in arrival.welcome.encode()


def test_an_expired_session_gives_a_new_guest(bobs):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert is_guest(sessions.identify_socket(bobs))


def test_a_session_ends_with_a_new_password(harbour, bob, bobs):
    bob.set_password("another one")
    bob.save()
    arrival = sessions.identify_socket(bobs)
    assert is_guest(arrival)
    assert arrival.welcome.rooms == []


def test_a_session_whose_row_names_another_user_gives_no_rooms_of_that_user(harbour, garden, charlie, bobs):
    Session.objects.update(user=charlie)
    arrival = sessions.identify_socket(bobs)
    assert arrival.person.handle == "bob"
    assert [room.slug for room in arrival.welcome.rooms] == ["garden", "harbour"]


def test_a_session_ends_with_the_account(bob, bobs):
    type(bob).objects.update(is_active=False)
    assert is_guest(sessions.identify_socket(bobs))


def test_a_session_ends_when_bob_signs_out(bobs, client):
    client.logout()
    assert is_guest(sessions.identify_socket(bobs))


def test_a_session_of_a_deleted_user_gives_a_new_guest(charlie):
    client = Client()
    client.force_login(charlie)
    charlie.delete()
    assert is_guest(sessions.identify_socket(key_of(client)))


def test_a_changed_session_gives_a_new_guest(bobs):
    Session.objects.update(session_data="nonsense")
    assert is_guest(sessions.identify_socket(bobs))


def test_sessions_of_another_engine_are_read_by_that_engine(bob, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    client = Client()
    client.force_login(bob)
    arrival = sessions.identify_socket(key_of(client))
    assert arrival.person == bob


def test_the_rooms_read_with_a_session_equal_those_of_its_user(harbour, alice, bob, bobs):
    post_message(harbour, alice, "Ahoy @bob")
    session = SessionStore(bobs)
    (room,) = sessions.read_with_rooms(session)
    assert session.owner == bob
    (same,) = room_lists.rooms_of(bob)
    assert room[: len(same)] == same


def test_psycopg_parses_the_longest_query_of_a_page_only_once(harbour, bobs):
    assert sessions.read_with_rooms(SessionStore(bobs))
    sql = room_lists.rooms_of_session._plans[connection.vendor].sql
    assert len(sql) <= MAX_CACHED_SQL


def test_rooms_read_with_a_session_are_not_given_to_another_user(harbour, alice, charlie, bobs):
    assert room_lists.rooms_of(charlie, sessions.read_with_rooms(SessionStore(bobs))) == []


@pytest.mark.parametrize("key", [None, "", "nosuchsession", "a\0b"])
def test_no_rooms_are_read_without_a_session(harbour, bob, key):
    assert sessions.read_with_rooms(SessionStore(key)) is None
