"""Display names, and the names that guests choose: nobody is taken for somebody else."""

import pytest

from chat.domain import display_names, guests, handles, names, profiles
from chat.domain.errors import Invalid, TooLong

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["Ann O’Neil (Sales)", "José  María", "李小龍", "Анна Smith", "Dr. No", "R2-D2"])
def test_these_names_are_accepted(alice, name):
    assert display_names.clean(name, owner=alice) == " ".join(name.split())


@pytest.mark.parametrize(
    "name",
    [
        "\u202eecila",
        "A\u200blice",
        "Pаul",
        "…",
        "-Ann",
        "a\u0301\u0301\u0301",
        "Eve\x00",
        "<b>",
        "here",
        "Everyone",
        "Guest 12",
    ],
)
def test_these_names_are_refused(alice, name):
    with pytest.raises(Invalid) as refused:
        display_names.clean(name, owner=alice)
    assert refused.value.field == "display_name"


def test_a_name_of_81_characters_is_too_long(alice):
    with pytest.raises(TooLong):
        display_names.clean("x" * 81, owner=alice)


@pytest.mark.parametrize("name", ["bob", "BOB", "B o b", "b0b", "ʙob", "Bob."])
def test_a_name_that_looks_like_the_handle_of_another_user_is_refused(alice, bob, name):
    with pytest.raises(Invalid):
        display_names.clean(name, owner=alice)
    assert display_names.clean(name, owner=bob)


def test_two_users_may_have_the_same_display_name(alice, bob):
    for user in (alice, bob):
        profiles.change(user=user, display_name="Sam Taylor")


@pytest.mark.parametrize("name", ["alice", "Al1ce", "ᴀlice", "Sam Taylor", "sam-taylor", "S4m"])
def test_a_guest_cannot_take_a_name_that_looks_like_that_of_a_member(alice, name):
    profiles.change(user=alice, display_name="Sam Taylor")
    session = {}
    guests.get_or_create_guest(session)
    if name == "S4m":
        assert guests.rename(session=session, name=name).name == "S4m"
        return
    with pytest.raises(Invalid) as refused:
        guests.rename(session=session, name=name)
    assert refused.value.field == "name"


def test_a_guest_who_chose_a_name_stays_the_same_guest(db):
    session = {}
    before = guests.get_or_create_guest(session)
    after = guests.rename(session=session, name="Marina")
    assert (after.id, after.name) == (before.id, "Marina")
    assert guests.get_guest(session).name == "Marina"


@pytest.mark.parametrize("name", ["al1ce", "ᴀlice", "aliᴄe", "ALICE"])
def test_a_handle_that_looks_like_alice_is_refused_beside_alice(alice, name):
    with pytest.raises(Invalid):
        handles.clean(name)


def test_alice_is_refused_beside_al1ce(db):
    from chat.tests.cast import person

    person("al1ce")
    with pytest.raises(Invalid):
        handles.clean("alice")


def test_the_digit_one_stands_for_i_and_for_l():
    assert names.keys("a1i") & names.keys("ali")
    assert names.keys("a1i") & names.keys("aii")
    assert not names.keys("ali") & names.keys("aii")
