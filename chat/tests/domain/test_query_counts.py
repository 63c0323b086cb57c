"""Numbers of queries of commands. They do not depend on the number of rooms, people and messages.

Transaction control is left out: BEGIN, SAVEPOINT, COMMIT and their like.
"""

import uuid

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.domain import (
    guests,
    live_state,
    message_log,
    messages,
    missed_changes,
    reading,
    room_lists,
    rooms,
    sessions,
    timeline,
)
from chat.models import Membership, Reaction, Site
from chat.models.session_store import SessionStore
from chat.tests.cast import new_room, person
from chat.tests.talk import fill, post_message

pytestmark = pytest.mark.django_db

CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "SET TRANSACTION")


def count_queries(work, *args, **kwargs) -> int:
    """The number of queries of `work(*args, **kwargs)`. Raises what it raises."""
    with CaptureQueriesContext(connection) as captured:
        work(*args, **kwargs)
    return len([query for query in captured if not query["sql"].startswith(CONTROL)])


def sign_in(user) -> str:
    """Create a session of the user and return its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


@pytest.fixture
def busy_room(harbour, alice, bob):
    """The harbour with 200 messages, 30 more members, and reactions under its latest messages."""
    fill(harbour, alice, 200)
    crowd = [person(f"sailor-{number}") for number in range(30)]
    Membership.objects.bulk_create(Membership(room=harbour, user=sailor, read_seq=200) for sailor in crowd)
    latest = harbour.messages.order_by("-seq")[:20]
    Reaction.objects.bulk_create(Reaction(message=m, user=user, emoji="👋") for m in latest for user in crowd)
    for number in range(20):
        new_room(slug=f"room-{number}", name=str(number), owner=bob)
    Site.current()
    return harbour


def post(author, body="Ahoy", room="harbour", **fields):
    return count_queries(messages.post, room=room, author=author, body=body, client_id=uuid.uuid4(), **fields)


def test_posting(busy_room, alice, bob, garden, gina):
    # PostgreSQL inserts the message and its document of the index by one statement.
    plain = 4 if connection.vendor == "postgresql" else 5
    assert post(bob) <= plain
    # One query for the names, one for the mentions.
    assert post(bob, "Ahoy @alice, @sailor-1 and @nobody") <= plain + 1
    assert post(alice, "Ahoy @all") <= plain
    assert post(bob, "Aye", reply_to=busy_room.messages.first().pk) <= plain + 1
    assert post(gina, "Ahoy @alice", room="garden") <= plain + 1


def test_posting_in_slow_mode_takes_at_most_6_queries(busy_room, bob):
    rooms.change(room=busy_room, slow_mode_s=1)
    assert post(bob) <= 6


def test_only_the_first_post_in_a_public_room_joins_it(garden, charlie):
    assert post(charlie, room="garden") <= 8
    assert post(charlie, room="garden") <= 4


@pytest.mark.parametrize(
    "options", [{}, {"since": 150}, {"since": 200}, {"since": 10**6}, {"epoch": "x"}, {"at": "unread"}]
)
def test_opening(busy_room, bob, options):
    assert count_queries(timeline.open_room, bob, "harbour", **options) <= 4


def test_opening_after_many_changes_takes_one_query_more_for_each_chunk(busy_room, bob):
    fill(busy_room, bob, message_log.CHUNK)
    assert count_queries(timeline.open_room, bob, "harbour", since=150) == 5


def test_opening_as_a_guest_or_a_stranger(garden, alice, charlie, gina):
    for number in range(20):
        post_message(garden, alice if number % 2 else gina)
    for visitor in (charlie, gina):
        assert count_queries(timeline.open_room, visitor, "garden") <= 4


def test_connecting(busy_room, bob, alice, charlie):
    for user in (bob, alice):
        assert count_queries(sessions.identify_socket, sign_in(user)) == 1
    # A user without a room.
    assert count_queries(sessions.identify_socket, sign_in(charlie)) <= 4


def test_connecting_as_a_guest(busy_room, garden):
    session = SessionStore()
    guests.get_or_create_guest(session)
    session.create()
    for key in (None, session.session_key, "nosuchsession"):
        assert count_queries(sessions.identify_socket, key) <= 7


def test_opening_at_a_message_takes_one_query_more(busy_room, bob):
    assert count_queries(timeline.open_room, bob, "harbour", at=busy_room.messages.first().pk) == 5


@pytest.mark.parametrize("place", ["before", "after", "around"])
def test_a_page_of_the_log_takes_at_most_3_queries(busy_room, bob, place):
    assert count_queries(timeline.history, bob, "harbour", **{place: 100}, limit=100) <= 3


def test_closing_a_gap_takes_at_most_3_queries(busy_room):
    assert count_queries(missed_changes.changes_after, busy_room.pk, 150) <= 3


def test_reading(busy_room, bob):
    # One of them finds whether to give a hint of the receipts.
    assert count_queries(reading.read, room="harbour", user=bob, upto=100) <= 4
    assert count_queries(reading.mark_unread, message=busy_room.messages.first().pk, user=bob) <= 5


def test_editing_deleting_and_reacting_do_not_grow_with_the_room(busy_room, alice, bob):
    message = busy_room.messages.last()
    assert count_queries(messages.react, message=message.pk, by=bob, emoji="👋", on=True) <= 12
    assert count_queries(messages.edit, message=message.pk, by=alice, body="Ahoy @all") <= 12
    assert count_queries(messages.delete, message=message.pk, by=alice) <= 12


def test_the_two_second_check_and_the_counts(busy_room, alice, bob):
    users = [user.pk for user in busy_room.members.all()]
    slugs = [state.slug for state in timeline.rooms_of(bob)]
    assert count_queries(live_state.read_live_state, slugs, users, [sign_in(bob), sign_in(alice)]) <= 4
    assert count_queries(room_lists.unread_counts, busy_room.pk, users) == 1
    assert count_queries(live_state.states_of, bob, set(slugs)) == 1
