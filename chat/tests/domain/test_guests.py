"""Visitors: a key and a name, as long as their session."""

import pytest
from django.contrib.auth import get_user_model

from chat.domain import guests
from chat.models.session_store import SessionStore


def test_a_guest_asks_like_nobody_in_particular():
    guest = guests.Guest(key="k", name="Quiet Heron 27")
    assert (guest.is_authenticated, guest.pk) == (False, None)
    with pytest.raises(AttributeError):
        guest.name = "alice"


@pytest.mark.django_db
def test_a_session_keeps_its_guest():
    session = SessionStore()
    assert guests.kept_guest(session) is None
    first = guests.guest_of(session)
    session.create()
    assert guests.guest_of(SessionStore(session.session_key)) == first
    assert guests.kept_guest(SessionStore(session.session_key)) == first


@pytest.mark.django_db
def test_two_guests_have_two_keys_that_nobody_guesses():
    first, second = guests.new_guest(), guests.new_guest()
    assert first.key != second.key
    assert len(first.key) == 32
    assert len(f"g:{first.key}") <= 64


@pytest.mark.django_db
def test_no_guest_is_called_as_a_member_is():
    get_user_model().objects.create(username=guests.name_of(0).upper())
    assert guests.new_guest().name == guests.name_of(1)


def test_each_number_has_a_name_of_its_own():
    names = {guests.name_of(number) for number in range(400_000)}
    assert len(names) == 400_000


@pytest.mark.django_db
def test_two_workers_never_give_the_same_name():
    here, there = guests._Numbers(), guests._Numbers()
    taken = [numbers.take() for numbers in (here, there, here, there)]
    assert len(set(taken)) == 4


@pytest.mark.django_db(transaction=True)
def test_a_worker_asks_the_database_once_for_many_names(django_assert_num_queries):
    guests.new_guest()
    with django_assert_num_queries(20):
        names = {guests.new_guest().name for _ in range(20)}
    assert len(names) == 20


def test_everyone_knows_a_guest_by_an_id_that_does_not_tell_the_key():
    guest, other = guests.Guest(key="8" * 32, name="Quiet Heron 27"), guests.Guest(key="9" * 32, name="Quiet Heron 27")
    assert guest.id == guests.public_id("8" * 32) != other.id
    assert guest.id not in guest.key
    assert guest.key not in guest.id


@pytest.mark.parametrize(
    "name",
    [
        "Quiet Heron 27",
        "quiet-heron_27",
        "Quiet Heron 1234",
        "QuietHer0n27",
        "quietheronl2",
        "QUIETHERON27",
        "Guest",
        "guest 7",
        "guests",
        "gue.st12",
    ],
)
def test_these_names_look_like_a_guests(name):
    assert guests.looks_like_guest(name)


@pytest.mark.parametrize("name", ["alice", "heron", "quiet", "Quiet Heron", "guestbook", "aguest"])
def test_these_names_do_not(name):
    assert not guests.looks_like_guest(name)


def test_what_a_guest_is_called_looks_like_a_guests_name():
    assert all(guests.looks_like_guest(guests.name_of(number)) for number in range(0, 400_000, 97))
