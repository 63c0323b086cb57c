"""New passwords: changed, or forgotten."""

import re
from queue import Queue
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.domain import mail as domain_mail
from chat.tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
NEW = "a lantern in the fog"


# --- Changing a password


def change(client, old=PASSWORD, new=NEW, again=NEW):
    """What the page for a new password answers."""
    return client.post(reverse("password_change"), {"old_password": old, "new_password1": new, "new_password2": again})


def test_erin_changes_her_password_and_stays_signed_in_here_only(client, erin):
    elsewhere = Client()
    elsewhere.force_login(erin)
    client.force_login(erin)
    assert change(client)["Location"] == reverse("password_change_done")
    assert client.get(reverse("password_change_done")).status_code == 200
    assert get_user(client).is_authenticated
    assert not get_user(elsewhere).is_authenticated
    erin.refresh_from_db()
    assert erin.check_password(NEW)


@pytest.mark.parametrize("wrong", [{"old": "wrong"}, {"new": "12345", "again": "12345"}, {"again": "other words"}])
def test_a_change_with_an_error_changes_nothing(erins, erin, wrong):
    page = change(erins, **wrong)
    assert page.status_code == 200
    assert page.context["form"].errors
    erin.refresh_from_db()
    assert erin.check_password(PASSWORD)


def test_guessing_the_old_password_is_slowed_down(erins, erin):
    statuses = [change(erins, old="wrong").status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert change(erins).status_code == 429
    erin.refresh_from_db()
    assert erin.check_password(PASSWORD)


def test_who_is_signed_out_cannot_change_a_password(client, erin):
    assert client.get(reverse("password_change"))["Location"].startswith(LOGIN)


# --- A forgotten password


def reset(client, email="erin@example.org", **extra):
    """What the page for a forgotten password answers."""
    return client.post(reverse("password_reset"), {"email": email}, **extra)


def test_erin_gets_a_mail_in_the_sites_name(client, erin):
    assert reset(client)["Location"] == reverse("password_reset_done")
    assert client.get(reverse("password_reset_done")).status_code == 200
    (message,) = mail.outbox
    assert message.subject == "Your new password for Harbour Lights"
    assert message.to == ["erin@example.org"]
    assert "Hello erin" in message.body
    assert "http://localhost:3368/accounts/reset/" in message.body


def test_the_mail_is_plain_text_not_escaped(client, erin, set_up_site):
    type(set_up_site).objects.update(name="Fish & Ships\n<b>")
    reset(client)
    assert "Fish & Ships" in mail.outbox[0].body
    assert "Fish & Ships" in mail.outbox[0].subject
    assert "\n" not in mail.outbox[0].subject


def test_the_link_of_the_mail_makes_a_new_password_once(client, erin):
    reset(client)
    link = re.search(r"http://localhost:3368(/\S+)", mail.outbox[0].body)[1]
    page = client.get(link, follow=True)
    assert 'autocomplete="new-password"' in page.text
    form = page.redirect_chain[-1][0]
    assert client.post(form, {"new_password1": "1", "new_password2": "1"}).context["form"].errors
    done = client.post(form, {"new_password1": NEW, "new_password2": NEW})
    assert done["Location"] == reverse("password_reset_complete")
    assert client.get(done["Location"]).status_code == 200
    assert client.post(LOGIN, {"username": "erin", "password": NEW}).status_code == 302
    client.logout()
    assert "does not work any more" in client.get(link, follow=True).text


def test_an_unknown_address_is_answered_alike_and_gets_no_mail(client, erin):
    assert reset(client, "nobody@example.org")["Location"] == reverse("password_reset_done")
    assert mail.outbox == []


@pytest.mark.parametrize("url", ["https://chat.example.org", "http://localhost:3368"])
def test_the_link_has_the_sites_own_address_not_that_of_the_request(client, erin, settings, url):
    settings.SITE_URL, settings.ALLOWED_HOSTS = url, ["*"]
    assert reset(client, headers={"Host": "other.example"}).status_code == 302
    assert f"{url}/accounts/reset/" in mail.outbox[0].body
    assert "other.example" not in mail.outbox[0].body


def test_the_page_does_the_same_whether_there_is_an_account_or_not(client, erin, settings, monkeypatch):
    settings.MAIL_THREADS = 1
    handed_on, queries = [], []
    monkeypatch.setattr(domain_mail, "_start_threads", lambda: None)
    monkeypatch.setattr(domain_mail, "_queue", SimpleNamespace(put_nowait=handed_on.append))
    for email in ("erin@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as captured:
            assert reset(client, email).status_code == 302
        queries.append([query["sql"] for query in captured])
    assert queries[0] == queries[1]
    assert len(handed_on) == 2
    assert mail.outbox == []


def test_a_mail_that_failed_is_shown_in_the_admin_until_one_is_sent(client, erin, settings, monkeypatch, visit, dora):
    site_page = reverse("admin:chat_site_change", args=[1])
    failed = domain_mail.MAILS.labels("failed")._value.get()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert reset(client).status_code == 302
    assert domain_mail.MAILS.labels("failed")._value.get() == failed + 1
    assert "Connection refused" in visit(dora).get(site_page).text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    reset(client)
    assert "Connection refused" not in visit(dora).get(site_page).text


def test_a_full_queue_drops_a_mail_and_tells_so(client, erin, settings, monkeypatch, caplog):
    settings.MAIL_THREADS = 1
    monkeypatch.setattr(domain_mail, "_start_threads", lambda: None)
    monkeypatch.setattr(domain_mail, "_queue", Queue(1))
    dropped = domain_mail.MAILS.labels("dropped")._value.get()
    assert [reset(client).status_code for _ in range(2)] == [302, 302]
    assert domain_mail.MAILS.labels("dropped")._value.get() == dropped + 1
    assert "one was dropped" in caplog.text


def test_a_host_that_is_not_ours_makes_no_mail(client, erin):
    assert reset(client, headers={"Host": "evil.example"}).status_code == 400
    assert mail.outbox == []


def test_asking_for_mails_is_slowed_down(client, erin, tries):
    assert tries(6, reset, client) == [302] * 5 + [429]
    assert len(mail.outbox) == 5
