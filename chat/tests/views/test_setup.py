"""The page that sets up the site."""

import re

import pytest
from django.contrib.auth import get_user
from django.urls import reverse

from chat.domain import sites
from chat.models import Membership, Room, Site
from chat.tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

GIVEN = {
    "site_name": "Harbour Lights",
    "username": "dora",
    "email": "dora@example.org",
    "password": PASSWORD,
    "password_again": PASSWORD,
    "lobby_guests": "none",
}


@pytest.fixture
def link() -> str:
    """The path of the set-up link."""
    return reverse("chat:setup", args=[sites.new_setup_token()])


def test_the_link_opens_the_form(client, link):
    page = client.get(link)
    assert page.status_code == 200
    for name in GIVEN:
        assert f'name="{name}"' in page.text
    assert "no-store" in page["Cache-Control"]


def test_guests_have_no_access_by_default(client, link):
    assert re.search('<input type="radio"[^>]* value="none"[^>]* checked>', client.get(link).text)


def test_dora_sets_up_the_site_and_is_signed_in(client, link):
    answer = client.post(link, GIVEN | {"lobby_guests": "write"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("chat:room", args=["lobby"]))
    assert Site.current().name == "Harbour Lights"
    dora = get_user(client)
    assert dora.get_username() == "dora"
    assert dora.is_superuser
    assert Room.objects.get(slug="lobby").guests == "write"
    assert Membership.objects.get(user=dora).role == "owner"


def test_the_link_works_once(client, link):
    client.post(link, GIVEN)
    client.logout()
    assert client.get(link).status_code == 404
    answer = client.post(link, GIVEN | {"username": "charlie"})
    assert answer.status_code == 404
    assert "is no longer valid" in answer.text
    assert not get_user(client).is_authenticated


@pytest.mark.parametrize("token", ["wrong", "%00", "a" * 3000, "☃"])
def test_a_wrong_link_shows_an_error(client, link, token):
    page = client.get(f"/setup/{token}/")
    assert page.status_code == 404
    assert "is no longer valid" in page.text


def test_a_new_link_makes_the_previous_one_invalid(client, link):
    sites.new_setup_token()
    assert client.get(link).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"site_name": "  "}, "site_name"),
        ({"site_name": "x" * 81}, "site_name"),
        ({"username": ""}, "username"),
        ({"username": "all"}, "username"),
        ({"username": "Amber.Fox.42"}, "username"),
        ({"username": "<script>"}, "username"),
        ({"email": "dora@"}, "email"),
        ({"password": "12345678", "password_again": "12345678"}, "password"),
        ({"password": "dora-of-harbour", "username": "dora-of-harbour"}, "password"),
        ({"password_again": "something else"}, "password_again"),
        ({"password": ""}, "password"),
        ({"lobby_guests": "all"}, "lobby_guests"),
        ({"lobby_guests": ""}, "lobby_guests"),
    ],
)
def test_an_invalid_value_is_reported_at_its_field_and_sets_up_nothing(client, link, wrong, field):
    page = client.post(link, GIVEN | wrong)
    assert page.status_code == 200
    assert page.context["form"].errors[field]
    assert f'id="id_{field}_error"' in page.text
    assert not sites.is_set_up()
    assert client.post(link, GIVEN).status_code == 302


def test_all_errors_are_shown_at_once_and_the_first_field_has_the_focus(client, link):
    page = client.post(link, {"site_name": "Harbour", "username": "all", "password": "1", "password_again": "2"})
    assert set(page.context["form"].errors) == {"username", "password", "password_again", "lobby_guests"}
    assert page.text.count("autofocus") == 1
    assert "autofocus" in str(page.context["form"]["username"])


def test_an_error_is_tied_to_its_field_for_screen_readers(client, link):
    field = str(client.post(link, GIVEN | {"username": "all"}).context["form"]["username"])
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_username_helptext id_username_error"' in field


def test_the_form_keeps_its_values_except_the_passwords(client, link):
    page = client.post(link, GIVEN | {"username": "all"})
    assert "Harbour Lights" in page.text
    assert PASSWORD not in page.text


def test_the_fields_support_password_managers(client, link):
    form = client.get(link).context["form"]
    assert 'autocomplete="username"' in str(form["username"])
    assert 'autocomplete="new-password"' in str(form["password"])
    assert 'autocomplete="new-password"' in str(form["password_again"])
    assert 'autocomplete="email"' in str(form["email"])


def test_a_value_with_a_null_character_is_refused(client, link):
    assert client.post(link, GIVEN | {"username": "do\x00ra"}).status_code == 200
    assert not sites.is_set_up()


def test_attempts_to_guess_links_are_limited(client, link, tries):
    assert tries(11, client.get, "/setup/wrong/") == [404] * 10 + [429]
    page = client.get("/setup/wrong/")
    assert int(page["Retry-After"]) > 0
    assert "Too many attempts" in page.text


def test_opening_the_page_often_does_not_count_as_an_attempt(client, link, tries):
    assert tries(30, client.get, link) == [200] * 30


def test_the_link_works_after_the_wait(client, link, tries, clock):
    tries(10, client.get, "/setup/wrong/")
    refused = client.get(link)
    assert refused.status_code == 429
    clock[0] += int(refused["Retry-After"])
    assert client.get(link).status_code == 200
