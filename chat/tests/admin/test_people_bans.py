"""Several people are banned from the list of people, with one reason and one end."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from chat.admin import people_bans
from chat.models import AccountBan, RecordedAction
from chat.tests.cast import person

PEOPLE = "/admin/people/user/"


def ask(browser, *people, **fields):
    """Choose people in the list and the action, and perhaps apply it."""
    chosen = [each.pk for each in people]
    return browser.post(PEOPLE, {"action": "ban", "_selected_action": chosen, **fields}, follow=True)


def apply(browser, *people, **fields):
    return ask(browser, *people, apply="1", **{"length": "86400", "until": "", "reason": "Spam"} | fields)


def banned() -> list[str]:
    return sorted(str(ban.user) for ban in AccountBan.objects.select_related("user"))


@pytest.fixture
def clients():
    """Function that signs a person in."""

    def sign_in(user) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return sign_in


def test_a_page_names_who_is_banned_and_who_may_not_be_and_why(doras, alice, bob, dora):
    closed = person("frank", is_active=False)
    page = ask(doras, alice, bob, dora, closed).text
    assert "2 people are banned" in page
    assert "You cannot do this with your own account." in page
    assert "This account is deactivated already." in page
    kept = [f'name="_selected_action" value="{user.pk}"' in page for user in (alice, bob, dora, closed)]
    assert kept == [True, True, False, False]
    assert banned() == []


def test_they_are_banned_with_one_reason_and_one_end(doras, alice, bob, charlie, harbour):
    said = apply(doras, alice, bob, length="3600")
    assert "2 people were banned." in said.text
    assert banned() == ["alice", "bob"]
    for ban in AccountBan.objects.all():
        assert ban.reason == "Spam"
        assert timedelta(minutes=59) < ban.until - timezone.now() <= timedelta(hours=1)
    assert not type(alice).objects.filter(pk__in=[alice.pk, bob.pk], is_active=True).exists()
    assert RecordedAction.objects.filter(verb="person.ban").count() == 2


def test_oneself_and_those_who_may_not_be_banned_are_left_out_by_name(clients, bob, dora, set_up_site):
    staff = person("erin", is_staff=True)
    staff.user_permissions.add(*Permission.objects.filter(codename__in=("view_user", "add_accountban")))
    said = apply(clients(staff), staff, dora, bob).text
    assert "Erin: You cannot do this with your own account." in said
    assert "Dora: Only a superuser may do this with the account of a superuser." in said
    assert "1 person was banned." in said
    assert banned() == ["bob"]


def test_the_last_superuser_is_not_banned(clients, dora, set_up_site):
    """Not even by another superuser, who has no access to the admin himself and so could not undo it."""
    other = person("grace", is_superuser=True, is_staff=True)
    type(other).objects.filter(pk=other.pk).update(is_staff=False)
    assert people_bans._why_not(dora, other).startswith("This is the only admin of the site.")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"until": "2001-01-01T00:00"}, "Choose a time in the future."),
        ({"reason": "x" * 251}, "at most 250 characters"),
        ({"length": "7"}, "not one of the available choices"),
    ],
)
def test_with_a_wrong_field_nobody_is_banned(doras, alice, bob, fields, error):
    assert error in apply(doras, alice, bob, **fields).text
    assert banned() == []


def test_twice_at_once_and_people_who_are_gone_change_nothing_more(doras, alice, bob):
    gone = person("henry")
    type(gone).objects.filter(pk=gone.pk).delete()
    apply(doras, alice, bob, gone)
    assert apply(doras, alice, bob).status_code == 200
    assert banned() == ["alice", "bob"]
    apply(doras, gone)
    assert banned() == ["alice", "bob"]


def test_staff_without_the_permission_has_no_such_action(clients, alice, set_up_site):
    staff = person("erin", is_staff=True)
    staff.user_permissions.add(*Permission.objects.filter(codename__in=("view_user", "change_user")))
    browser = clients(staff)
    assert 'value="ban"' not in browser.get(PEOPLE).text
    apply(browser, alice)
    assert banned() == []


def test_a_selection_that_is_too_long_is_cut_and_the_page_says_so(doras, alice, bob, charlie, monkeypatch):
    monkeypatch.setattr(people_bans, "MOST", 2)
    assert "At most 2 people are banned at once. 1 more were chosen" in ask(doras, alice, bob, charlie).text
