"""Setting up a site."""

import pytest
from django.contrib.auth import get_user_model

from chat.domain import sites
from chat.domain.errors import Forbidden, Invalid, NotFound
from chat.models import Membership, Room, Site
from chat.models.invite import hash_token
from chat.tests.cast import PASSWORD, person

GIVEN = {"name": "Harbour Lights", "username": "dora", "password": PASSWORD}

pytestmark = pytest.mark.django_db


def test_a_new_site_waits_to_be_set_up():
    assert not sites.is_set_up()


def test_setting_up_names_the_site_and_makes_its_admin():
    admin = sites.set_up(token=sites.new_setup_token(), email="dora@example.org", **GIVEN)
    assert sites.is_set_up()
    assert Site.current().name == "Harbour Lights"
    assert (admin.get_username(), admin.email) == ("dora", "dora@example.org")
    assert admin.is_staff
    assert admin.is_superuser
    assert admin.check_password(PASSWORD)


def test_setting_up_makes_the_lobby_with_the_admin_as_its_owner():
    admin = sites.set_up(token=sites.new_setup_token(), **GIVEN)
    lobby = Room.objects.get(slug="lobby")
    assert (lobby.kind, lobby.guests) == ("public", "none")
    assert Membership.objects.get(room=lobby).user == admin
    assert Membership.objects.get(room=lobby).role == "owner"


@pytest.mark.parametrize("guests", ["none", "read", "write"])
def test_the_lobby_has_the_guest_access_that_was_chosen(guests):
    sites.set_up(token=sites.new_setup_token(), lobby_guests=guests, **GIVEN)
    assert Room.objects.get(slug="lobby").guests == guests


def test_only_the_hash_of_the_token_is_stored():
    token = sites.new_setup_token()
    row = Site.objects.values().get()
    assert token not in str(row)
    assert row["setup_token_hash"] == hash_token(token)


def test_a_token_works_once():
    token = sites.new_setup_token()
    sites.set_up(token=token, **GIVEN)
    with pytest.raises(NotFound):
        sites.set_up(token=token, **GIVEN | {"username": "charlie"})
    with pytest.raises(NotFound):
        sites.check_setup_token(token)
    assert not get_user_model().objects.filter(handle="charlie").exists()


@pytest.mark.parametrize("token", ["", "wrong", "a" * 10_000])
def test_a_wrong_token_sets_nothing_up(token):
    sites.new_setup_token()
    with pytest.raises(NotFound):
        sites.check_setup_token(token)
    with pytest.raises(NotFound):
        sites.set_up(token=token, **GIVEN)
    assert not sites.is_set_up()


def test_an_empty_token_does_not_match_a_site_without_a_link():
    Site.current()
    with pytest.raises(NotFound):
        sites.check_setup_token("")


def test_a_new_token_invalidates_the_former_one():
    first, second = sites.new_setup_token(), sites.new_setup_token()
    with pytest.raises(NotFound):
        sites.check_setup_token(first)
    sites.check_setup_token(second)


def test_a_site_that_is_set_up_creates_no_token():
    sites.set_up(token=None, **GIVEN)
    assert sites.new_setup_token() is None


def test_the_command_line_sets_a_site_up_only_once():
    sites.set_up(token=None, **GIVEN)
    with pytest.raises(Forbidden):
        sites.set_up(token=None, **GIVEN | {"username": "charlie"})


def test_setting_up_by_the_command_line_invalidates_the_link():
    token = sites.new_setup_token()
    sites.set_up(token=None, **GIVEN)
    with pytest.raises(NotFound):
        sites.check_setup_token(token)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"username": ""}, "username"),
        ({"username": "has space"}, "username"),
        ({"username": "x" * 151}, "username"),
        ({"username": "bob"}, "username"),
        ({"password": ""}, "password"),
        ({"password": "12345"}, "password"),
        ({"email": "not an address"}, "email"),
        ({"lobby_guests": "all"}, "lobby_guests"),
    ],
)
def test_a_wrong_field_is_named_and_the_link_remains_valid(wrong, field):
    person("bob")
    token = sites.new_setup_token()
    with pytest.raises(Invalid) as caught:
        sites.set_up(token=token, **GIVEN | wrong)
    assert caught.value.field == field
    assert not Room.objects.exists()
    sites.set_up(token=token, **GIVEN)


def test_an_admin_renames_the_site(set_up_site):
    assert sites.rename(name="  Lighthouse ").name == "Lighthouse"
    with pytest.raises(Invalid):
        sites.rename(name=" ")
    assert Site.current().name == "Lighthouse"


@pytest.mark.parametrize(("who", "told"), [({"who_creates_private": "staff"}, 1), ({"who_invites": "staff"}, 0)])
def test_open_pages_hear_of_who_may_create_rooms(who, told, capture_published):
    sites.allow(**who)
    with capture_published() as again:
        sites.allow(**who)
    assert again == []
    with capture_published() as envelopes:
        sites.allow(**dict.fromkeys(who, "moderators"))
    assert [envelope.event.type for envelope in envelopes] == ["public_rooms"] * told
