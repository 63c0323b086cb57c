"""How often a command asks the database: a fixed number, whatever the number of rooms, people and messages.

Transaction control is left out: BEGIN, SAVEPOINT, COMMIT and their like.
"""

import uuid

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chat.domain import guests, lists, messages, reading, rooms, sessions, standing, timeline
from chat.models import Reaction, Site
from chat.models.session_store import SessionStore
from chat.tests.cast import person
from chat.tests.domain.test_timeline import fill
from chat.tests.talk import say

pytestmark = pytest.mark.django_db

CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT", "SET TRANSACTION")


def asks(work, *args, **kwargs) -> int:
    """The number of queries of `work(*args, **kwargs)`. Raises what it raises."""
    with CaptureQueriesContext(connection) as captured:
        work(*args, **kwargs)
    return len([query for query in captured if not query["sql"].startswith(CONTROL)])


def sign_in(user) -> str:
    """A session of the user: its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


@pytest.fixture
def busy(harbour, alice, bob):
    """The harbour with 200 messages, 30 more members, and reactions under its latest messages."""
    fill(harbour, alice, 200)
    crowd = [person(f"sailor-{number}") for number in range(30)]
    for sailor in crowd:
        rooms.join(room=harbour, user=sailor)
    latest = harbour.messages.order_by("-seq")[:20]
    Reaction.objects.bulk_create(Reaction(message=m, user=user, emoji="👋") for m in latest for user in crowd)
    for number in range(20):
        rooms.create(slug=f"room-{number}", name=str(number), by=bob)
    Site.current()
    return harbour


def post(author, body="Ahoy", room="harbour", **fields):
    return asks(messages.post, room=room, author=author, body=body, client_id=uuid.uuid4(), **fields)


def test_posting(busy, alice, bob, garden, gina):
    assert post(bob) <= 4
    # Whom it may mention is looked up, and the mentions are stored.
    assert post(bob, "Ahoy @alice, @sailor-1 and @nobody") <= 5
    assert post(alice, "Ahoy @all") <= 4
    assert post(bob, "Aye", reply_to=busy.messages.first().pk) <= 5
    assert post(gina, "Ahoy @alice", room="garden") <= 5


def test_posting_in_slow_mode(busy, bob):
    rooms.change(room=busy, slow_mode_s=1)
    assert post(bob) <= 6


def test_the_first_words_in_a_public_room_join_it_once(garden, charlie):
    assert post(charlie, room="garden") <= 8
    assert post(charlie, room="garden") <= 4


@pytest.mark.parametrize(
    "options", [{}, {"since": 0}, {"since": 150}, {"since": 200}, {"since": 10**6}, {"epoch": "x"}]
)
def test_opening(busy, bob, options):
    assert asks(timeline.open_room, bob, "harbour", **options) <= 4


def test_opening_as_a_guest_or_a_stranger(garden, alice, charlie, gina):
    for number in range(20):
        say(garden, alice if number % 2 else gina)
    for visitor in (charlie, gina):
        assert asks(timeline.open_room, visitor, "garden") <= 4


def test_connecting(busy, bob, alice, charlie):
    for user in (bob, alice):
        assert asks(sessions.arrive, sign_in(user)) == 1
    # Who has no room.
    assert asks(sessions.arrive, sign_in(charlie)) <= 4


def test_connecting_as_a_guest(busy, garden):
    session = SessionStore()
    guests.guest_of(session)
    session.create()
    for key in (None, session.session_key, "nosuchsession"):
        assert asks(sessions.arrive, key) <= 7


def test_an_older_page(busy, bob):
    assert asks(timeline.history, bob, "harbour", 201, 100) <= 3


def test_closing_a_hole(busy):
    assert asks(timeline.changes, busy.pk, 150) <= 3


def test_reading(busy, bob):
    assert asks(reading.read, room="harbour", user=bob, upto=100) <= 3


def test_editing_deleting_and_reacting_do_not_grow_with_the_room(busy, alice, bob):
    message = busy.messages.last()
    assert asks(messages.react, message=message.pk, by=bob, emoji="👋", on=True) <= 12
    assert asks(messages.edit, message=message.pk, by=alice, body="Ahoy @all") <= 12
    assert asks(messages.delete, message=message.pk, by=alice) <= 12


def test_the_two_second_check_and_the_counts(busy, alice, bob):
    users = [user.pk for user in busy.members.all()]
    slugs = [state.slug for state in timeline.rooms_of(bob)]
    assert asks(standing.look, slugs, users, [sign_in(bob), sign_in(alice)]) <= 4
    assert asks(lists.unread_counts, busy.pk, users) == 1
    assert asks(standing.states_of, bob, set(slugs)) == 1
