"""Visitors: a key and a name, as long as their session."""

from types import SimpleNamespace

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
def test_no_guest_is_called_as_a_member_is(monkeypatch):
    get_user_model().objects.create(username="quiet heron 27")
    words = iter(["Quiet", "Heron", "Quiet", "Owl"])
    chance = SimpleNamespace(
        choice=lambda _words: next(words), randbelow=lambda _below: 17, token_hex=guests.secrets.token_hex
    )
    monkeypatch.setattr(guests, "secrets", chance)
    assert guests.new_guest().name == "Quiet Owl 27"


@pytest.mark.parametrize(
    "name", ["Quiet Heron 27", "quiet-heron_27", "QUIETHERON27", "Guest", "guest 7", "guests", "gue.st12"]
)
def test_these_names_look_like_a_guests(name):
    assert guests.looks_like_guest(name)


@pytest.mark.parametrize("name", ["alice", "heron", "quiet", "Quiet Heron", "guestbook", "aguest"])
def test_these_names_do_not(name):
    assert not guests.looks_like_guest(name)


@pytest.mark.django_db
def test_what_a_guest_is_called_looks_like_a_guests_name():
    assert all(guests.looks_like_guest(guests.new_guest().name) for _ in range(50))
