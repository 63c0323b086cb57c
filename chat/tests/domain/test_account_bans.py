"""Bans of people with an account, and who may act on whose account."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from chat.domain import account_bans, accounts, invites, scheduled
from chat.domain.errors import Forbidden, Invalid, NotFound, SignedOut, TooLong
from chat.models import AccountBan, Invite, Job, Message, ScheduledMessage, Session
from chat.tests.cast import PASSWORD, person
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import post_message

HOUR = timedelta(hours=1)


def is_active(user) -> bool:
    return type(user).objects.get(pk=user.pk).is_active


def end_time_comes(user) -> None:
    AccountBan.objects.filter(user=user).update(until=timezone.now() - timedelta(seconds=1))


def test_a_banned_person_is_signed_out_and_cannot_write(harbour, bob, dora):
    browser = Client()
    browser.force_login(bob)
    ban = account_bans.ban(user=bob, by=dora, reason=" Spam\nagain ", until=timezone.now() + HOUR)
    assert (ban.reason, ban.made_by) == ("Spam again", dora)
    assert not is_active(bob)
    assert not Session.objects.filter(user=bob).exists()
    with pytest.raises(SignedOut):
        post_message(harbour, bob)


def test_hubs_are_told_of_a_ban_at_once(bob, dora, monkeypatch):
    told = []
    monkeypatch.setattr("chat.domain.sessions.publish_account_change", told.append)
    account_bans.ban(user=bob, by=dora)
    assert told == [bob.pk]


def test_a_ban_ends_by_its_job_at_its_time_and_not_before(bob, dora):
    account_bans.ban(user=bob, by=dora, until=timezone.now() + HOUR)
    assert Job.objects.get(task_path="chat.jobs.accounts.end_ban").run_after > timezone.now() + 0.9 * HOUR
    run_jobs(also_later=True)
    assert not is_active(bob)
    account_bans.ban(user=bob, by=dora, until=timezone.now() + 2 * HOUR)
    end_time_comes(bob)
    run_jobs(also_later=True)
    assert is_active(bob)
    assert not AccountBan.objects.exists()


def test_a_ban_whose_job_was_lost_ends_all_the_same(bob, dora):
    account_bans.ban(user=bob, by=dora, until=timezone.now() + HOUR)
    Job.objects.all().delete()
    end_time_comes(bob)
    assert account_bans.end_due() == 1
    assert is_active(bob)
    assert account_bans.end_due() == 0


def test_a_second_ban_replaces_end_and_reason(bob, dora):
    account_bans.ban(user=bob, by=dora, reason="Spam", until=timezone.now() + HOUR)
    account_bans.ban(user=bob, by=dora, reason="Threats")
    ban = AccountBan.objects.get()
    assert (ban.reason, ban.until) == ("Threats", None)
    run_jobs(also_later=True)
    assert not is_active(bob)


def test_a_ban_can_be_lifted(bob, dora):
    account_bans.ban(user=bob, by=dora)
    account_bans.lift(user=bob, by=dora)
    account_bans.lift(user=bob, by=dora)
    assert is_active(bob)
    assert account_bans.of_account(bob) is None


def test_a_deactivated_account_does_not_come_back_with_the_end_of_a_ban(bob, dora):
    account_bans.ban(user=bob, by=dora, until=timezone.now() + HOUR)
    accounts.deactivate(user=bob, by=dora)
    run_jobs(also_later=True)
    assert not is_active(bob)
    assert not AccountBan.objects.exists()
    with pytest.raises(Forbidden):
        account_bans.ban(user=bob, by=dora, until=timezone.now() + HOUR)


def test_a_wrong_end_or_reason_is_refused(bob, dora):
    with pytest.raises(Invalid) as caught:
        account_bans.ban(user=bob, by=dora, until=timezone.now() - HOUR)
    assert caught.value.field == "until"
    with pytest.raises(TooLong):
        account_bans.ban(user=bob, by=dora, reason="x" * 251)
    assert is_active(bob)


def test_invites_and_scheduled_messages_of_a_banned_person_stop(harbour, alice, dora):
    made, token = invites.create(room=harbour, by=alice, expires_at=timezone.now() + HOUR)
    later = {"client_id": uuid4(), "at": timezone.now() + HOUR}
    scheduled.schedule(room="harbour", author=alice, body="Tomorrow", **later)
    account_bans.ban(user=alice, by=dora)
    with pytest.raises(NotFound):
        invites.find(token)
    assert not Invite.objects.use(token)
    ScheduledMessage.objects.update(at=timezone.now())
    run_jobs(also_later=True)
    assert not Message.objects.exists()
    account_bans.lift(user=alice, by=dora)
    assert invites.find(token) == made


VERBS = {
    "ban": lambda user, by: account_bans.ban(user=user, by=by),
    "deactivate": lambda user, by: accounts.deactivate(user=user, by=by),
    "sign out": lambda user, by: accounts.sign_out_everywhere(user=user, by=by),
    "delete": lambda user, by: accounts.delete(user=user, by=by),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_nobody_ends_their_own_account_or_that_of_a_superuser_as_staff(bob, dora, verb):
    erin, other = person("erin", is_staff=True), person("owen", is_staff=True, is_superuser=True)
    for user, by in ((dora, dora), (erin, erin), (dora, erin), (other, erin)):
        with pytest.raises(Forbidden):
            verb(user, by)
        assert is_active(user)
    verb(bob, erin)
    verb(other, dora)


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_nobody_ends_the_last_admin(dora, verb):
    # A superuser who is not staff cannot open the admin.
    root = person("root", is_superuser=True)
    with pytest.raises(Forbidden, match="only admin"):
        verb(dora, root)
    assert is_active(dora)


@pytest.mark.parametrize("verb", [name for name in VERBS if name != "delete"])
def test_an_account_that_is_gone_is_an_error(bob, dora, verb):
    type(bob).objects.get(pk=bob.pk).delete()
    with pytest.raises(NotFound):
        VERBS[verb](bob, dora)


def test_who_was_deactivated_meanwhile_bans_nobody(bob, dora):
    erin = person("erin", is_staff=True)
    accounts.deactivate(user=type(erin).objects.get(pk=erin.pk), by=dora)
    with pytest.raises(Forbidden, match="account is closed"):
        account_bans.ban(user=bob, by=erin)


def test_signing_out_everywhere_ends_the_sessions_but_not_the_account(bob, dora, monkeypatch):
    told = []
    monkeypatch.setattr("chat.domain.accounts.publish_account_change", told.append)
    browser = Client()
    browser.force_login(bob)
    accounts.sign_out_everywhere(user=bob, by=dora)
    assert told == [bob.pk]
    assert not Session.objects.filter(user=bob).exists()
    assert is_active(bob)


def test_a_banned_person_is_told_why_when_they_sign_in_and_nobody_else(client, bob, dora, set_up_site):
    bob.set_password(PASSWORD)
    bob.save()
    account_bans.ban(user=bob, by=dora, reason="Spam <b>", until=timezone.now() + HOUR)

    def sign_in(name, password):
        return client.post("/accounts/login/", {"username": name, "password": password}).text

    assert "Reason: Spam &lt;b&gt;" in sign_in("bob", PASSWORD)
    assert "banned until" in sign_in("Bob", PASSWORD)
    for name, password in (("bob", "wrong"), ("nobody", PASSWORD), ("dora", PASSWORD)):
        page = sign_in(name, password)
        assert "banned" not in page
        assert "The username or the password is wrong." in page
