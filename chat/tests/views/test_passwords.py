"""Changing and resetting a password."""

import re

import pytest
from django.contrib.auth import get_user
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chat.domain import mail as domain_mail
from chat.models import Job
from chat.tests.cast import PASSWORD
from chat.tests.running_jobs import run_jobs

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
NEW = "a lantern in the fog"


# --- Changing a password


def change(client, old=PASSWORD, new=NEW, again=NEW):
    """The response of the page that changes a password."""
    return client.post(reverse("password_change"), {"old_password": old, "new_password1": new, "new_password2": again})


def test_after_a_change_erin_is_signed_in_only_in_this_browser(client, erin):
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
def test_a_form_with_an_error_does_not_change_the_password(erins, erin, wrong):
    page = change(erins, **wrong)
    assert page.status_code == 200
    assert page.context["form"].errors
    erin.refresh_from_db()
    assert erin.check_password(PASSWORD)


def test_attempts_to_guess_the_old_password_are_limited(erins, erin):
    statuses = [change(erins, old="wrong").status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert change(erins).status_code == 429
    erin.refresh_from_db()
    assert erin.check_password(PASSWORD)


def test_a_visitor_cannot_change_a_password(client, erin):
    assert client.get(reverse("password_change"))["Location"].startswith(LOGIN)


# --- Resetting a password


def ask(client, email="erin@example.org", **extra):
    """The response of the page that asks for a reset link."""
    return client.post(reverse("password_reset"), {"email": email}, **extra)


def reset(client, email="erin@example.org", **extra):
    """The same, and the jobs that it enqueued are run."""
    response = ask(client, email, **extra)
    run_jobs()
    return response


def test_erin_gets_an_email_that_names_the_site(client, erin):
    assert reset(client)["Location"] == reverse("password_reset_done")
    assert client.get(reverse("password_reset_done")).status_code == 200
    (message,) = mail.outbox
    assert message.subject == "Your new password for Harbour Lights"
    assert message.to == ["erin@example.org"]
    assert "Hello erin" in message.body
    assert "http://localhost:3368/accounts/reset/" in message.body


def test_the_email_is_plain_text_without_escapes(client, erin, set_up_site):
    type(set_up_site).objects.update(name="Fish & Ships\n<b>")
    reset(client)
    assert "Fish & Ships" in mail.outbox[0].body
    assert "Fish & Ships" in mail.outbox[0].subject
    assert "\n" not in mail.outbox[0].subject


def test_the_link_of_the_email_works_once(client, erin):
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
    assert "is no longer valid" in client.get(link, follow=True).text


def test_an_unknown_address_gets_the_same_response_and_no_email(client, erin):
    assert reset(client, "nobody@example.org")["Location"] == reverse("password_reset_done")
    assert mail.outbox == []


@pytest.mark.parametrize("url", ["https://chat.example.org", "http://localhost:3368"])
def test_the_link_has_the_configured_host_not_that_of_the_request(client, erin, settings, url):
    settings.SITE_URL, settings.ALLOWED_HOSTS = url, ["*"]
    assert reset(client, headers={"Host": "other.example"}).status_code == 302
    assert f"{url}/accounts/reset/" in mail.outbox[0].body
    assert "other.example" not in mail.outbox[0].body


def test_the_page_does_the_same_work_with_and_without_an_account(client, erin):
    queries = []
    for email in ("erin@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as captured:
            assert ask(client, email).status_code == 302
        queries.append([query["sql"].split()[:3] for query in captured])
    assert queries[0] == queries[1]
    assert Job.objects.queued().count() == 2
    assert mail.outbox == []


def test_two_accounts_with_one_address_get_a_mail_each_in_a_job_of_its_own(client, erin, django_user_model):
    django_user_model.objects.create_user("erin2", "erin@example.org", PASSWORD)
    ask(client)
    assert run_jobs() == ["mail.find_password_resets", "mail.send_password_reset", "mail.send_password_reset"]
    assert sorted("erin2" in message.body for message in mail.outbox) == [False, True]


def test_a_second_copy_of_a_mail_has_the_same_message_id(client, erin):
    ask(client)
    run_jobs()
    # As after a worker that died between the answer of the mail server and the end of the job.
    Job.objects.filter(task_path__endswith="send_password_reset").update(status="READY")
    run_jobs(also_later=True)
    first, second = (message.message() for message in mail.outbox)
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@localhost>")


def test_an_account_that_was_deactivated_meanwhile_gets_no_mail(client, erin):
    ask(client)
    type(erin).objects.update(is_active=False)
    run_jobs()
    assert mail.outbox == []


def test_the_admin_shows_a_failed_email_until_one_is_sent(client, erin, settings, visit, dora):
    site_page = reverse("admin:chat_site_change", args=[1])
    failed = domain_mail.MAILS.labels("failed")._value.get()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert reset(client).status_code == 302
    assert domain_mail.MAILS.labels("failed")._value.get() == failed + 1
    assert "Connection refused" in visit(dora).get(site_page).text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert run_jobs(also_later=True) == ["mail.send_password_reset"]
    assert len(mail.outbox) == 1
    assert "Connection refused" not in visit(dora).get(site_page).text


def test_a_request_for_an_unknown_host_sends_no_email(client, erin):
    assert reset(client, headers={"Host": "evil.example"}).status_code == 400
    assert mail.outbox == []


def test_requests_for_emails_are_limited(client, erin, tries):
    assert tries(6, reset, client) == [302] * 5 + [429]
    assert len(mail.outbox) == 5
