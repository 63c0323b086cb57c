"""What staff do with one account: the pages, their permissions, and what they answer to wrong or late requests."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from chat.domain import account_bans, messages, removals
from chat.models import AccountBan, AccountWork, Membership, Message, RecordedAction, Session
from chat.tests.cast import PASSWORD, person
from chat.tests.running_jobs import run_jobs

BANS, ADD_BAN, WORK = "/admin/chat/accountban/", "/admin/chat/accountban/add/", "/admin/chat/accountwork/"
PEOPLE = "/admin/people/user/"


def page_of(user) -> str:
    return reverse("admin:people_user_change", args=[user.pk])


def action(user, name: str) -> str:
    return reverse("admin:people_user_action", args=[user.pk, name])


def post_message(author, text="Ahoy"):
    return messages.post(room="harbour", author=author, body=text, client_id=uuid4())


def grant(user, *codenames: str) -> None:
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))


@pytest.fixture
def erin(set_up_site):
    """Staff without any permission."""
    return person("erin", is_staff=True)


@pytest.fixture
def erins(erin):
    """A browser that is signed in as Erin."""
    browser = Client()
    browser.force_login(erin)
    return browser


def is_active(user) -> bool:
    return type(user).objects.get(pk=user.pk).is_active


def test_each_action_has_a_page_that_says_what_happens_and_does_it(doras, harbour, alice, bob):
    post_message(bob)
    page = doras.get(page_of(bob))
    for name in ("deactivate", "sign-out", "new-password", "remove-words", "merge"):
        assert action(bob, name) in page.text
    for name, text in {
        "sign-out": "All sessions of this person were ended.",
        "deactivate": "The account was deactivated.",
        "reactivate": "The account is active again.",
    }.items():
        assert doras.get(action(bob, name)).status_code == 200
        assert text in doras.post(action(bob, name), follow=True).text
    assert is_active(bob)
    said = {row.verb for row in RecordedAction.objects.filter(object_id=str(bob.pk), actor_name="dora")}
    assert {"person.sign_out", "person.deactivate", "person.reactivate"} <= said


def test_a_person_is_banned_with_reason_end_and_words_and_the_ban_is_lifted(doras, harbour, bob, dora):
    post_message(bob)
    assert f"{ADD_BAN}?person=bob" in doras.get(page_of(bob)).text
    assert 'value="bob"' in doras.get(f"{ADD_BAN}?person=bob").text
    given = {"person": "@Bob", "length": "3600", "reason": "Spam", "hours": "1"}
    assert "A job works on it" in doras.post(ADD_BAN, given, follow=True).text
    ban = AccountBan.objects.get()
    assert (ban.user, ban.reason, ban.made_by) == (bob, "Spam", dora)
    assert timedelta(minutes=59) < ban.until - timezone.now() <= timedelta(hours=1)
    run_jobs()
    assert Message.objects.get().text == ""
    page = doras.get(page_of(bob)).text
    assert "Banned" in page
    assert "Spam" in page
    assert "Spam" in doras.get(BANS).text
    lift = reverse("admin:chat_accountban_lift", args=[bob.pk])
    assert lift in doras.get(reverse("admin:chat_accountban_change", args=[bob.pk])).text
    assert "1 ban was lifted." in doras.post(lift, follow=True).text
    assert is_active(bob)
    # Twice at once, and a ban that is gone.
    assert "0 bans were lifted." in doras.post(lift, follow=True).text


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"person": "nobody"}, "Nobody has this username"),
        ({"person": "dora"}, "your own account"),
        ({"person": "bob", "until": "2020-01-01T00:00"}, "time in the future"),
        ({"person": "bob", "reason": "x" * 251}, "at most 250 characters"),
        ({"person": "bob", "hours": "5"}, "valid choice"),
    ],
)
def test_a_wrong_ban_is_answered_with_the_reason(doras, bob, given, error):
    page = doras.post(ADD_BAN, {"length": "", "hours": "0"} | given, follow=True)
    assert error in page.text
    assert not AccountBan.objects.exists()
    assert is_active(bob)


def test_the_link_for_a_new_password_works_once_and_the_old_one_no_more(doras, harbour, bob):
    bob.set_password(PASSWORD)
    bob.save()
    browser = Client()
    browser.force_login(bob)
    page = doras.post(action(bob, "new-password"))
    link = page.text.split('value="http://testserver')[1].split('"')[0]
    assert not Session.objects.filter(user=bob).exists()
    assert not browser.login(username="bob", password=PASSWORD)
    form = browser.get(link, follow=True)
    chosen = {"new_password1": "a lantern in the fog", "new_password2": "a lantern in the fog"}
    browser.post(form.redirect_chain[-1][0], chosen)
    assert browser.login(username="bob", password="a lantern in the fog")
    assert "link is" in Client().get(link, follow=True).text.lower() or "no longer" in Client().get(link).text
    assert run_jobs() == ["mail.send_password_reset"]


def test_other_staff_than_superusers_never_see_the_link(erin, erins, harbour, bob, alice):
    grant(erin, "view_user", "change_user")
    page = erins.post(action(bob, "new-password"), follow=True)
    assert "A mail with a link was sent" in page.text
    assert "/reset/" not in page.text
    type(alice).objects.filter(pk=alice.pk).update(email="")
    before = type(alice).objects.get(pk=alice.pk).password
    assert "no e-mail address" in erins.post(action(alice, "new-password")).text
    assert type(alice).objects.get(pk=alice.pk).password == before


def test_a_removal_shows_its_progress_and_can_be_undone(doras, harbour, bob):
    post_message(bob)
    page = doras.post(action(bob, "remove-words"), {"hours": "24", "reason": "Spam"}, follow=True)
    work = AccountWork.objects.get()
    address = reverse("admin:chat_accountwork_change", args=[work.pk])
    assert address in page.text
    assert "<progress" in doras.get(address).text
    run_jobs()
    done = doras.get(address).text
    assert "<progress" not in done
    assert "1 thing was changed." in done
    assert "Put everything back" in done
    undo = reverse("admin:chat_accountwork_undo", args=[work.pk])
    assert "<progress" in doras.post(undo, follow=True).text
    run_jobs()
    assert Message.objects.get().text == "Ahoy"
    assert "Undone" in doras.post(undo, follow=True).text


def test_hours_that_are_no_hours_are_refused(doras, harbour, bob):
    for hours in ("0", "721", "x", ""):
        page = doras.post(action(bob, "remove-words"), {"hours": hours})
        assert page.status_code == 200
        assert page.context["form"].errors["hours"]
    assert not AccountWork.objects.exists()


def test_a_superuser_merges_two_accounts(doras, harbour, bob, charlie):
    post_message(bob)
    page = doras.post(action(bob, "merge"), {"into": "charlie", "reason": ""})
    assert page.context["form"].errors["reason"]
    given = {"into": "charlie", "reason": "One person"}
    assert "A job works on it" in doras.post(action(bob, "merge"), given, follow=True).text
    run_jobs()
    assert Message.objects.get().author == charlie
    assert Membership.objects.filter(user=charlie, room=harbour).exists()
    again = doras.post(action(bob, "merge"), given)
    assert "deleted already" in again.text


def test_what_somebody_wrote_goes_by_choice_with_their_account(doras, harbour, bob):
    post_message(bob)
    address = reverse("admin:people_user_delete", args=[bob.pk])
    assert doras.post(address, {"words": "perhaps"}).context["form"].errors["words"]
    doras.post(address, {"words": "delete", "reason": "Asked for it"})
    run_jobs()
    assert Message.objects.get().text == ""
    page = doras.get(page_of(bob)).text
    assert "Only what others see of it is left" in page
    assert action(bob, "reactivate") not in page


ACTIONS = ["deactivate", "reactivate", "lift-ban", "sign-out", "new-password", "remove-words", "merge"]


@pytest.mark.parametrize("name", ACTIONS)
def test_staff_without_the_permission_get_no_page_and_change_nothing(erins, harbour, bob, dora, name):
    given = {"hours": "24", "into": "alice", "reason": "x"}
    assert erins.get(action(bob, name)).status_code == 403
    assert erins.post(action(bob, name), given).status_code == 403
    assert is_active(bob)
    assert not AccountWork.objects.exists()


def test_staff_with_the_permission_do_not_act_on_a_superuser_or_on_themselves(erin, erins, harbour, dora):
    grant(erin, "view_user", "change_user", "delete_user", "add_accountban", "add_accountwork")
    root = person("root", is_staff=True, is_superuser=True)
    for user in (root, erin):
        for name in ("deactivate", "sign-out", "new-password"):
            page = erins.post(action(user, name))
            assert page.status_code == 403 or page.context["form"].non_field_errors(), (user, name)
        erins.post(ADD_BAN, {"person": user.handle, "length": "", "hours": "0"})
        erins.post(action(user, "remove-words"), {"hours": "24"})
        erins.post(reverse("admin:people_user_delete", args=[user.pk]), {"post": "yes", "words": "keep"})
        assert is_active(user)
    assert erins.post(action(root, "merge"), {"into": "erin", "reason": "x"}).status_code == 403
    assert not AccountBan.objects.exists()
    assert not AccountWork.objects.exists()


def test_a_moderator_of_the_site_bans_without_seeing_accounts(erin, erins, harbour, bob):
    grant(erin, "add_accountban", "view_accountban", "add_accountwork")
    assert erins.get(PEOPLE).status_code == 403
    assert erins.get(f"{ADD_BAN}?person=bob").status_code == 200
    erins.post(ADD_BAN, {"person": "bob", "length": "", "hours": "0"}, follow=True)
    assert not is_active(bob)
    # Lifting needs another permission.
    assert erins.post(reverse("admin:chat_accountban_lift", args=[bob.pk])).status_code == 403
    assert not is_active(bob)


def test_accounts_that_are_gone_and_unknown_actions_lead_to_the_list(doras, bob):
    address = action(bob, "deactivate")
    unknown = reverse("admin:people_user_action", args=[bob.pk, "promote"])
    assert doras.get(unknown).status_code == 302
    type(bob).objects.get(pk=bob.pk).delete()
    for answer in (doras.get(address), doras.post(address)):
        assert answer.status_code == 302
    assert doras.post(reverse("admin:chat_accountwork_undo", args=[1])).status_code == 302


def test_an_action_twice_at_once_is_harmless(doras, harbour, bob):
    for _time in range(2):
        assert doras.post(action(bob, "deactivate"), follow=True).status_code == 200
    assert RecordedAction.objects.filter(verb="person.deactivate").count() == 1
    for _time in range(2):
        assert doras.post(action(bob, "reactivate"), follow=True).status_code == 200
    assert RecordedAction.objects.filter(verb="person.reactivate").count() == 1


def test_a_get_changes_nothing(doras, harbour, bob, dora):
    account_bans.ban(user=bob, by=dora)
    for name in ACTIONS:
        doras.get(action(bob, name))
    assert doras.get(reverse("admin:chat_accountban_lift", args=[bob.pk])).status_code == 403
    work = removals.begin(user=bob, hours=1, by=dora)
    run_jobs()
    assert doras.get(reverse("admin:chat_accountwork_undo", args=[work.pk])).status_code == 403
    assert not is_active(bob)
    assert AccountWork.objects.get().state == "done"


def test_the_profile_is_edited_on_the_page_of_the_person(doras, bob, alice):
    given = {"handle": "bob", "display_name": "  Robert  Roe ", "title": "Cook", "status_text": "At sea"}
    assert doras.post(page_of(bob), given).status_code == 302
    profile = type(bob).objects.get(pk=bob.pk).chat_profile
    assert (profile.display_name, profile.title, profile.status_text) == ("Robert Roe", "Cook", "At sea")
    assert 'value="Robert Roe"' in doras.get(page_of(bob)).text
    for wrong in ("alice", "Deleted person"):
        page = doras.post(page_of(bob), given | {"display_name": wrong})
        assert page.context["adminform"].errors["display_name"]


@pytest.mark.parametrize("address", [BANS, WORK])
def test_the_queries_of_a_list_do_not_grow_with_its_rows(doras, set_up_site, address):
    def fill(first, last):
        for number in range(first, last):
            user = person(f"person{number}")
            AccountBan.objects.create(user=user, made_by=user)
            work = {"kind": "removal", "sender_key": f"u:{user.pk}", "name": user.handle}
            AccountWork.objects.create(user=user, made_by=user, made_at=timezone.now(), **work)

    counts = []
    for first, last in ((0, 3), (3, 20)):
        fill(first, last)
        doras.get(address)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert f"person{last - 1}" in doras.get(address).text
        counts.append(len(captured))
    assert counts[0] == counts[1]
