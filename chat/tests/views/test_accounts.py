"""Signing in and out, and how often one may try."""

import re

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.urls import reverse

from chat.tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


def sign_in(client, password=PASSWORD, **fields):
    """What the sign-in page answers to Erin."""
    return client.post(LOGIN, {"username": "erin", "password": password, **fields})


# --- Signing in and out


def test_erin_signs_in_and_comes_home(client, erin):
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, reverse("chat:home"))
    assert get_user(client) == erin


def test_signing_in_leads_back_to_where_one_was_going(client, erin):
    page = client.get(LOGIN, {"next": "/rooms/harbour/"})
    assert '<input type="hidden" name="next" value="/rooms/harbour/">' in page.text
    assert sign_in(client, next="/rooms/harbour/")["Location"] == "/rooms/harbour/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:///evil.example"]
)
def test_signing_in_never_leads_elsewhere(client, erin, elsewhere):
    assert "evil" not in client.get(LOGIN, {"next": elsewhere}).text
    assert sign_in(client, next=elsewhere)["Location"] == reverse("chat:home")


def test_a_wrong_password_is_refused_aloud(client, erin):
    page = sign_in(client, "wrong")
    assert page.status_code == 200
    assert '<div role="alert">' in page.text
    assert "<title>Error: " in page.text
    assert not get_user(client).is_authenticated


def test_a_closed_account_and_a_wrong_password_are_told_alike(client, erin):
    wrong = sign_in(client, "wrong").context["form"].non_field_errors()
    erin.is_active = False
    erin.save()
    assert sign_in(client).context["form"].non_field_errors() == wrong


def test_who_is_signed_in_is_led_on(erins):
    assert erins.get(LOGIN)["Location"] == reverse("chat:home")


def test_the_page_shows_the_sites_name_and_helps_password_managers(client, erin):
    page = client.get(LOGIN)
    assert "Harbour Lights" in page.text
    assert "testserver" not in page.text
    assert 'autocomplete="username"' in page.text
    assert 'autocomplete="current-password"' in page.text


def test_erin_signs_out_by_a_form_and_not_by_a_link(erins):
    assert "<button" in erins.get(reverse("logout")).text
    assert get_user(erins).is_authenticated
    assert erins.post(reverse("logout"))["Location"] == LOGIN
    assert not get_user(erins).is_authenticated


def test_a_link_to_sign_out_leads_a_visitor_to_the_sign_in(client, set_up_site):
    assert client.get(reverse("logout"))["Location"] == LOGIN


def test_who_submits_an_old_sign_in_form_while_signed_in_is_led_on(erin):
    browser = Client(enforce_csrf_checks=True)
    browser.get(LOGIN)
    old = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value, "username": "erin", "password": PASSWORD}
    assert browser.post(LOGIN, old).status_code == 302
    answer = browser.post(LOGIN, old | {"next": "/rooms/harbour/"})
    assert (answer.status_code, answer["Location"]) == (302, "/rooms/harbour/")
    assert browser.post(LOGIN, old | {"next": "https://evil.example/"})["Location"] == reverse("chat:home")
    browser.logout()
    assert browser.post(LOGIN, old).status_code == 403


def test_a_sign_in_that_would_lead_to_itself_leads_home(erins):
    assert erins.get(LOGIN, {"next": LOGIN})["Location"] == reverse("chat:home")


@pytest.mark.parametrize("language", ["he", "ar,de;q=0.8", "zh-hans", "de-AT"])
def test_a_language_that_we_do_not_have_gives_english_throughout(client, erin, dora, language):
    wanted = {"Accept-Language": language}
    page = client.post(LOGIN, {"username": "erin", "password": ""}, headers=wanted)
    assert '<html lang="en" dir="ltr">' in page.text
    assert "This field is required." in page.text
    client.force_login(dora)
    assert '<html lang="en" dir="ltr"' in client.get("/admin/", headers=wanted).text
    assert 'lang="en"' in client.get("/no/such/page", headers=wanted).text


def test_signed_out_page_stands_for_sites_without_a_redirect(client, erin, settings):
    settings.LOGOUT_REDIRECT_URL = None
    client.force_login(erin)
    assert "You are signed out" in client.post(reverse("logout")).text


# --- Counting tries


def test_guessing_a_password_is_slowed_down(client, erin, tries):
    wrong = {"username": "erin", "password": "wrong"}
    assert tries(11, client.post, LOGIN, wrong) == [200] * 10 + [429]
    refused = sign_in(client)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert not get_user(client).is_authenticated


def test_after_the_wait_the_right_password_is_accepted(client, erin, tries, clock):
    tries(10, client.post, LOGIN, {"username": "erin", "password": "wrong"})
    clock[0] += int(sign_in(client)["Retry-After"])
    assert sign_in(client).status_code == 302


def test_an_office_behind_one_address_signs_in(client, erin):
    for _ in range(40):
        assert sign_in(client).status_code == 302
        client.logout()


def test_signing_in_to_ones_own_account_does_not_reset_the_count(client, erin, tries):
    wrong = {"username": "alice", "password": "wrong"}
    statuses = []
    for _ in range(11):
        statuses += tries(1, client.post, LOGIN, wrong)
        sign_in(client)
        client.logout()
    assert statuses[-1] == 429


def test_bob_at_another_address_is_not_slowed_down(client, erin, tries):
    tries(11, client.post, LOGIN, {"username": "erin", "password": "wrong"}, REMOTE_ADDR="203.0.113.9")
    assert sign_in(client).status_code == 302


def guess_from_many_addresses(client, times: int) -> list[int]:
    """What the sign-in page says to wrong passwords for Erin, four from each of many addresses."""
    wrong = {"username": "Erin", "password": "wrong"}
    return [client.post(LOGIN, wrong, REMOTE_ADDR=f"198.51.100.{number // 4}").status_code for number in range(times)]


def test_an_account_is_guessed_at_from_many_addresses_only_so_often(erin):
    assert guess_from_many_addresses(Client(), 31) == [200] * 30 + [429]
    elsewhere = Client().post(LOGIN, {"username": "erin", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 429
    assert "A browser in which you have signed in before" in elsewhere.text
    other = Client().post(LOGIN, {"username": "alice", "password": "wrong"}, REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 200, "another account has a count of its own"


def test_strangers_who_guess_do_not_keep_erin_out_of_her_own_browser(client, erin):
    assert sign_in(client).status_code == 302
    client.post(reverse("logout"))
    guess_from_many_addresses(Client(), 31)
    assert sign_in(client).status_code == 302


def test_a_new_password_by_mail_lets_erin_in_amid_an_attack(client, erin):
    guess_from_many_addresses(Client(), 31)
    client.post(reverse("password_reset"), {"email": "erin@example.org"})
    link = re.search(r"http://localhost:3368(/\S+)", mail.outbox[0].body)[1]
    form = client.get(link)["Location"]
    new = {"new_password1": "a lantern in the fog", "new_password2": "a lantern in the fog"}
    assert client.post(form, new).status_code == 302
    assert sign_in(client, "a lantern in the fog").status_code == 302


def test_a_browser_has_a_limit_too_and_only_for_accounts_that_it_knows(client, erin, tries):
    assert sign_in(client).status_code == 302
    client.post(reverse("logout"))
    wrong = {"username": "erin", "password": "wrong"}
    statuses = [client.post(LOGIN, wrong, REMOTE_ADDR=f"198.51.100.{number}").status_code for number in range(11)]
    assert statuses == [200] * 10 + [429]
    guess_from_many_addresses(Client(), 31)
    forged = Client()
    forged.cookies["parley_device"] = "eyJpZCI6IngifQ:1:x"
    assert forged.post(LOGIN, wrong, REMOTE_ADDR="203.0.113.9").status_code == 429


def test_a_large_ipv6_network_is_one_that_tries(client, erin):
    wrong = {"username": "", "password": "wrong"}
    names = (f"name{number}" for number in range(100))
    in_56 = [f"2001:db8:0:{number:x}::1" for number in range(21)]
    assert [client.post(LOGIN, wrong | {"username": next(names)}, REMOTE_ADDR=ip).status_code for ip in in_56] == [
        *[200] * 20,
        429,
    ]
    in_48 = [f"2001:db8:0:{number:x}00::1" for number in range(1, 22)]
    assert [client.post(LOGIN, wrong | {"username": next(names)}, REMOTE_ADDR=ip).status_code for ip in in_48] == [
        *[200] * 20,
        429,
    ]


def test_a_forged_header_does_not_make_another_address(client, erin):
    wrong = {"username": "erin", "password": "wrong"}
    statuses = [
        client.post(LOGIN, wrong, headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
        for number in range(11)
    ]
    assert statuses[-1] == 429


def test_the_admin_has_no_second_door(client, erin):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == f"{LOGIN}?next=/admin/"
    answer = client.post("/admin/login/?next=/admin/", {"username": "erin", "password": PASSWORD})
    assert answer["Location"].startswith(LOGIN)
    assert not get_user(client).is_authenticated


def test_erin_who_is_no_admin_is_told_so(erins):
    page = erins.get("/admin/", follow=True)
    assert page.status_code == 403
    assert "Harbour Lights" in page.text


def test_dora_goes_through_the_sign_in_to_the_admin(client, set_up_site, django_user_model):
    django_user_model.objects.create_superuser("dora", "", PASSWORD)
    answer = client.post(f"{LOGIN}?next=/admin/", {"username": "dora", "password": PASSWORD})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/login/?next=//evil.example/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_admins_sign_out_has_a_page_with_a_button(client, alice):
    alice.is_staff = alice.is_superuser = True
    alice.save()
    client.force_login(alice)
    assert client.get(reverse("admin:logout"))["Location"] == reverse("logout")
    assert client.post(reverse("admin:logout")).status_code in {200, 302}
    assert "_auth_user_id" not in client.session
