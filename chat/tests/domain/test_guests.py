"""Guests: a key and a name for the length of a session."""

import pytest
from django.contrib.auth import get_user_model

from chat.domain import guest_names, guests
from chat.models.session_store import SessionStore


def test_a_guest_has_no_user_id():
    guest = guests.Guest(key="k", name="Quiet Heron 27")
    assert (guest.is_authenticated, guest.pk) == (False, None)
    with pytest.raises(AttributeError):
        guest.name = "alice"


@pytest.mark.django_db
def test_a_session_stores_its_guest():
    session = SessionStore()
    assert guests.get_guest(session) is None
    first = guests.get_or_create_guest(session)
    session.create()
    assert guests.get_or_create_guest(SessionStore(session.session_key)) == first
    assert guests.get_guest(SessionStore(session.session_key)) == first


@pytest.mark.django_db
def test_guests_have_different_random_keys():
    first, second = guests.new_guest(), guests.new_guest()
    assert first.key != second.key
    assert len(first.key) == 32
    assert len(f"g:{first.key}") <= 64


@pytest.mark.django_db
def test_a_new_guest_does_not_get_the_name_of_a_user():
    get_user_model().objects.create(handle=guest_names.name_of(0).upper())
    assert guests.new_guest().name == guest_names.name_of(1)


def test_different_numbers_give_different_names():
    names = {guest_names.name_of(number) for number in range(400_000)}
    assert len(names) == 400_000


@pytest.mark.django_db
def test_two_workers_give_different_names():
    here, there = guests._Numbers(), guests._Numbers()
    taken = [numbers.take() for numbers in (here, there, here, there)]
    assert len(set(taken)) == 4


@pytest.mark.django_db(transaction=True)
def test_a_worker_reserves_many_names_by_one_query(django_assert_num_queries):
    guests.new_guest()
    with django_assert_num_queries(20):
        names = {guests.new_guest().name for _ in range(20)}
    assert len(names) == 20


def test_the_public_id_of_a_guest_does_not_reveal_the_key():
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
def test_these_names_look_like_a_guests_name(name):
    assert guest_names.looks_like_guest(name)


@pytest.mark.parametrize("name", ["alice", "heron", "quiet", "Quiet Heron", "guestbook", "aguest"])
def test_these_names_look_different(name):
    assert not guest_names.looks_like_guest(name)


def test_every_name_of_a_guest_looks_like_a_guests_name():
    assert all(guest_names.looks_like_guest(guest_names.name_of(number)) for number in range(0, 400_000, 97))
