"""Names, passwords, and accounts that begin and end."""

import pytest
from django.contrib.auth import get_user_model

from chat.domain import accounts, guests, handles
from chat.domain.errors import Forbidden, Invalid
from chat.tests.cast import PASSWORD, person

pytestmark = pytest.mark.django_db


def refused_name(name, **options) -> bool:
    """Whether nobody may be called `name`."""
    try:
        handles.clean(name, **options)
    except Invalid as error:
        return error.field == "username"
    return False


@pytest.mark.parametrize("name", ["erin", "Erin", "erin.o-neil_2", "Ærøskøbing", "李明", "erin@example.org", "x" * 150])
def test_a_usual_name_is_accepted_as_it_is(name):
    assert handles.clean(name) == name


def test_a_name_is_stored_in_one_form_of_unicode():
    assert handles.clean("  Ⅷ ") == "VIII"
    assert handles.clean("e\u0301rin") == "\u00e9rin"


@pytest.mark.parametrize(
    "name",
    ["", " ", "erin o", "erin\nadmin", "erin\x00", "er\u200bin", "\u202enire", "x" * 151, "<b>erin</b>", "erin/"],
)
def test_a_name_with_odd_characters_is_refused(name):
    assert refused_name(name)


@pytest.mark.parametrize("name", ["all", "ALL", "a.l.l", "everyone", "here", "guest", "Guest42", "_guest_"])
def test_a_name_that_means_many_people_is_refused(name):
    assert refused_name(name)


@pytest.mark.parametrize("change", [str, str.lower, str.upper])
@pytest.mark.parametrize("between", ["", ".", "-", "_"])
def test_a_name_like_a_guests_is_refused(change, between):
    name = guests.new_guest().name
    assert refused_name(change(name.replace(" ", between)))


@pytest.mark.parametrize("name", ["amber", "AmberFox", "fox42", "swiftly.wren", "guestbook"])
def test_a_name_that_only_resembles_a_guests_is_accepted(name):
    assert not refused_name(name)


@pytest.mark.parametrize(
    ("taken", "name"), [("bob", "BOB"), ("Bob", "bob"), ("bob", "ｂｏｂ"), ("ærø", "ÆRØ"), ("ÆRØ", "ærø")]
)
def test_a_name_that_differs_only_in_case_is_refused(taken, name):
    person(taken)
    assert refused_name(name)


def test_bob_may_keep_his_own_name(bob):
    assert handles.clean("Bob", but_not=bob) == "Bob"
    assert refused_name("Bob")


def test_an_account_is_made_with_its_name_password_and_address():
    erin = accounts.create(username="erin", password=PASSWORD, email="erin@example.org")
    assert erin.check_password(PASSWORD)
    assert erin.email == "erin@example.org"
    assert not erin.is_staff
    assert not erin.is_superuser


@pytest.mark.parametrize("password", ["", "short", "password1", "erin-the-first"])
def test_a_weak_password_makes_no_account(password):
    with pytest.raises(Invalid) as caught:
        accounts.create(username="erin-the-first", password=password)
    assert caught.value.field == "password"
    assert not get_user_model().objects.exists()


def test_a_wrong_address_makes_no_account():
    with pytest.raises(Invalid) as caught:
        accounts.create(username="erin", password=PASSWORD, email="erin@")
    assert caught.value.field == "email"


def test_an_account_is_closed_and_opened_again(bob, dora):
    accounts.deactivate(user=bob, by=dora)
    bob.refresh_from_db()
    assert not bob.is_active
    accounts.reactivate(user=bob)
    bob.refresh_from_db()
    assert bob.is_active


def test_the_sockets_of_a_closed_account_are_told_of(bob, dora, monkeypatch):
    told = []
    monkeypatch.setattr("chat.domain.sessions.publish_account_change", told.append)
    accounts.deactivate(user=bob, by=dora)
    assert told == [bob.pk]


def test_dora_cannot_close_her_own_account(dora):
    with pytest.raises(Forbidden):
        accounts.deactivate(user=dora, by=dora)
    dora.refresh_from_db()
    assert dora.is_active
