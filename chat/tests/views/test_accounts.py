"""Signing in and out, and the limits of attempts."""

import re

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.test import Client
from django.urls import reverse

from chat.tests.cast import PASSWORD
from chat.tests.running_jobs import run_jobs

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"


def sign_in(client, password=PASSWORD, **fields):
    """The response of the sign-in page to Erin's name and this password."""
    return client.post(LOGIN, {"username": "erin", "password": password, **fields})


# --- Signing in and out


def test_erin_is_on_the_home_page_after_signing_in(client, erin):
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, reverse("chat:start"))
    assert get_user(client) == erin


def test_signing_in_leads_to_the_page_that_was_asked_for(client, erin):
    page = client.get(LOGIN, {"next": "/rooms/harbour/"})
    assert '<input type="hidden" name="next" value="/rooms/harbour/">' in page.text
    assert sign_in(client, next="/rooms/harbour/")["Location"] == "/rooms/harbour/"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:///evil.example"]
)
def test_signing_in_never_leads_to_another_site(client, erin, elsewhere):
    assert "evil" not in client.get(LOGIN, {"next": elsewhere}).text
    assert sign_in(client, next=elsewhere)["Location"] == reverse("chat:start")


def test_a_wrong_password_shows_an_error_that_screen_readers_announce(client, erin):
    page = sign_in(client, "wrong")
    assert page.status_code == 200
    assert '<div role="alert">' in page.text
    assert "<title>Error: " in page.text
    assert not get_user(client).is_authenticated


def test_an_inactive_account_gets_the_same_error_as_a_wrong_password(client, erin):
    wrong = sign_in(client, "wrong").context["form"].non_field_errors()
    erin.is_active = False
    erin.save()
    assert sign_in(client).context["form"].non_field_errors() == wrong
    assert wrong == ["The username or the password is wrong."]


def test_the_sign_in_page_redirects_a_person_who_is_signed_in(erins):
    assert erins.get(LOGIN)["Location"] == reverse("chat:start")


def test_the_sign_in_page_shows_the_name_of_the_site_and_supports_password_managers(client, erin):
    page = client.get(LOGIN)
    assert "Harbour Lights" in page.text
    assert "testserver" not in page.text
    assert 'autocomplete="username"' in page.text
    assert 'autocomplete="current-password"' in page.text


def test_a_post_signs_erin_out_and_a_get_does_not(erins):
    assert "<button" in erins.get(reverse("logout")).text
    assert get_user(erins).is_authenticated
    assert erins.post(reverse("logout"))["Location"] == LOGIN
    assert not get_user(erins).is_authenticated


def test_the_sign_out_page_redirects_a_visitor_to_the_sign_in_page(client, set_up_site):
    assert client.get(reverse("logout"))["Location"] == LOGIN


def test_an_expired_sign_in_form_of_a_person_who_is_signed_in_redirects(erin):
    browser = Client(enforce_csrf_checks=True)
    browser.get(LOGIN)
    old = {"csrfmiddlewaretoken": browser.cookies["csrftoken"].value, "username": "erin", "password": PASSWORD}
    assert browser.post(LOGIN, old).status_code == 302
    answer = browser.post(LOGIN, old | {"next": "/rooms/harbour/"})
    assert (answer.status_code, answer["Location"]) == (302, "/rooms/harbour/")
    assert browser.post(LOGIN, old | {"next": "https://evil.example/"})["Location"] == reverse("chat:start")
    browser.logout()
    assert browser.post(LOGIN, old).status_code == 403


def test_signing_in_never_leads_to_the_sign_in_page(erins):
    assert erins.get(LOGIN, {"next": LOGIN})["Location"] == reverse("chat:start")


@pytest.mark.parametrize("language", ["he", "ar,de;q=0.8", "zh-hans", "de-AT"])
def test_a_language_without_translation_gives_english_everywhere(client, erin, dora, language):
    wanted = {"Accept-Language": language}
    page = client.post(LOGIN, {"username": "erin", "password": ""}, headers=wanted)
    assert (
        '<html lang="en" dir="ltr" data-theme="system" data-density="normal" data-clock="auto" data-enter="send">'
        in page.text
    )
    assert "This field is required." in page.text
    client.force_login(dora)
    assert '<html lang="en" dir="ltr"' in client.get("/admin/", headers=wanted).text
    assert 'lang="en"' in client.get("/no/such/page", headers=wanted).text


def test_a_site_without_a_redirect_shows_a_page_after_signing_out(client, erin, settings):
    settings.LOGOUT_REDIRECT_URL = None
    client.force_login(erin)
    assert "You are signed out" in client.post(reverse("logout")).text


# --- Limits of attempts


def test_attempts_to_guess_a_password_are_limited(client, erin, tries):
    wrong = {"username": "erin", "password": "wrong"}
    assert tries(11, client.post, LOGIN, wrong) == [200] * 10 + [429]
    refused = sign_in(client)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert not get_user(client).is_authenticated


def test_the_right_password_is_accepted_after_the_wait(client, erin, tries, clock):
    tries(10, client.post, LOGIN, {"username": "erin", "password": "wrong"})
    clock[0] += int(sign_in(client)["Retry-After"])
    assert sign_in(client).status_code == 302


def test_many_people_behind_one_address_can_sign_in(client, erin):
    for _ in range(40):
        assert sign_in(client).status_code == 302
        client.logout()


def test_signing_in_to_an_own_account_does_not_reset_the_counter(client, erin, tries):
    wrong = {"username": "alice", "password": "wrong"}
    statuses = []
    for _ in range(11):
        statuses += tries(1, client.post, LOGIN, wrong)
        sign_in(client)
        client.logout()
    assert statuses[-1] == 429


def test_another_address_is_not_limited(client, erin, tries):
    tries(11, client.post, LOGIN, {"username": "erin", "password": "wrong"}, REMOTE_ADDR="203.0.113.9")
    assert sign_in(client).status_code == 302


def guess_from_many_addresses(client, times: int) -> list[int]:
    """The statuses of attempts with wrong passwords for Erin, four from each of many addresses."""
    wrong = {"username": "Erin", "password": "wrong"}
    return [client.post(LOGIN, wrong, REMOTE_ADDR=f"198.51.100.{number // 4}").status_code for number in range(times)]


def test_attempts_for_one_account_from_many_addresses_are_limited(erin):
    assert guess_from_many_addresses(Client(), 31) == [200] * 30 + [429]
    elsewhere = Client().post(LOGIN, {"username": "erin", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 429
    assert "Use a browser in which you have signed in before" in elsewhere.text
    other = Client().post(LOGIN, {"username": "alice", "password": "wrong"}, REMOTE_ADDR="203.0.113.9")
    assert other.status_code == 200, "each account has its own counter"


def test_attempts_of_strangers_do_not_lock_erin_out_of_her_own_browser(client, erin):
    assert sign_in(client).status_code == 302
    client.post(reverse("logout"))
    guess_from_many_addresses(Client(), 31)
    assert sign_in(client).status_code == 302


def test_erin_can_sign_in_during_an_attack_after_a_password_reset(client, erin):
    guess_from_many_addresses(Client(), 31)
    client.post(reverse("password_reset"), {"email": "erin@example.org"})
    run_jobs()
    link = re.search(r"http://localhost:3368(/\S+)", mail.outbox[0].body)[1]
    form = client.get(link)["Location"]
    new = {"new_password1": "a lantern in the fog", "new_password2": "a lantern in the fog"}
    assert client.post(form, new).status_code == 302
    assert sign_in(client, "a lantern in the fog").status_code == 302


def test_a_known_browser_has_its_own_limit_for_the_accounts_that_it_knows(client, erin, tries):
    assert sign_in(client).status_code == 302
    client.post(reverse("logout"))
    wrong = {"username": "erin", "password": "wrong"}
    statuses = [client.post(LOGIN, wrong, REMOTE_ADDR=f"198.51.100.{number}").status_code for number in range(11)]
    assert statuses == [200] * 10 + [429]
    guess_from_many_addresses(Client(), 31)
    forged = Client()
    forged.cookies["parley_device"] = "eyJpZCI6IngifQ:1:x"
    assert forged.post(LOGIN, wrong, REMOTE_ADDR="203.0.113.9").status_code == 429


def test_all_addresses_of_a_large_ipv6_network_share_one_limit(client, erin):
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


def test_a_forged_header_does_not_change_the_client_address(client, erin):
    wrong = {"username": "erin", "password": "wrong"}
    statuses = [
        client.post(LOGIN, wrong, headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code
        for number in range(11)
    ]
    assert statuses[-1] == 429


def test_the_admin_has_no_sign_in_page_of_its_own(client, erin):
    answer = client.get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0] == f"{LOGIN}?next=/admin/"
    answer = client.post("/admin/login/?next=/admin/", {"username": "erin", "password": PASSWORD})
    assert answer["Location"].startswith(LOGIN)
    assert not get_user(client).is_authenticated


def test_erin_who_is_not_an_admin_gets_a_403_in_the_admin(erins):
    page = erins.get("/admin/", follow=True)
    assert page.status_code == 403
    assert "Harbour Lights" in page.text


def test_dora_reaches_the_admin_through_the_sign_in_page(client, set_up_site, django_user_model):
    django_user_model.objects.create_superuser("dora", "", PASSWORD)
    answer = client.post(f"{LOGIN}?next=/admin/", {"username": "dora", "password": PASSWORD})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/login/?next=//evil.example/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_signing_out_of_the_admin_asks_for_confirmation(client, alice):
    alice.is_staff = alice.is_superuser = True
    alice.save()
    client.force_login(alice)
    assert client.get(reverse("admin:logout"))["Location"] == reverse("logout")
    assert client.post(reverse("admin:logout")).status_code in {200, 302}
    assert "_auth_user_id" not in client.session
