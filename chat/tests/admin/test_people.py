"""Users and the site in the admin."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from chat.domain import handles, messages, site_permissions
from chat.models import Site
from chat.tests.cast import person
from chat.tests.running_jobs import run_jobs

LIST, ADD = "/admin/people/user/", "/admin/people/user/add/"
PASSWORDS = {"usable_password": "true", "password1": "a lantern in the fog", "password2": "a lantern in the fog"}


def deletion_of(user) -> str:
    """The address of the page that asks whether to delete a user."""
    return reverse("admin:people_user_delete", args=[user.pk])


def act(browser, action: str, *people):
    """Run an action of the list on some users; returns the page after it."""
    return browser.post(LIST, {"_selected_action": [one.pk for one in people], "action": action}, follow=True)


def test_dora_deactivates_accounts_and_reactivates_them(doras, bob, charlie):
    assert "2 users were deactivated" in act(doras, "deactivate", bob, charlie).text
    bob.refresh_from_db()
    assert not bob.is_active
    assert "1 user was reactivated" in act(doras, "reactivate", bob).text
    bob.refresh_from_db()
    assert bob.is_active


def test_dora_cannot_deactivate_her_own_account(doras, dora, bob):
    page = act(doras, "deactivate", dora, bob)
    assert "You cannot do this with your own account" in page.text
    dora.refresh_from_db()
    bob.refresh_from_db()
    assert dora.is_active
    assert not bob.is_active


@pytest.mark.parametrize("right", ["is_staff", "is_superuser"])
def test_the_last_admin_keeps_their_rights(doras, dora, bob, right):
    address = reverse("admin:people_user_change", args=[dora.pk])
    rights = dict.fromkeys({"is_staff", "is_superuser"} - {right}, "on")
    assert "only admin of the site" in doras.post(address, rights | {"handle": dora.handle}).text
    type(bob).objects.filter(pk=bob.pk).update(is_staff=True, is_superuser=True)
    assert doras.post(address, rights | {"handle": dora.handle}).status_code == 302


def test_an_account_is_not_closed_by_its_form(doras, bob):
    address = reverse("admin:people_user_change", args=[bob.pk])
    assert doras.post(address, {"handle": "bob"}).status_code == 302
    bob.refresh_from_db()
    assert bob.is_active


def test_a_deactivated_user_is_signed_out(doras, bob, client_of_bob):
    act(doras, "deactivate", bob)
    assert client_of_bob.get(reverse("password_change")).status_code == 302


@pytest.fixture
def client_of_bob(bob):
    """A browser that is signed in as Bob."""
    browser = Client()
    browser.force_login(bob)
    return browser


def test_bob_who_reacted_becomes_a_deleted_person(doras, harbour, alice, bob):
    posted = messages.post(room="harbour", author=alice, body="Ahoy", client_id=uuid4())
    messages.react(message=posted.pk, by=bob, emoji="👋", on=True)
    page = doras.get(deletion_of(bob))
    assert "becomes “Deleted person”" in page.text
    assert "A job works on it" in doras.post(deletion_of(bob), {"words": "keep"}, follow=True).text
    run_jobs()
    bob.refresh_from_db()
    assert not bob.is_active
    assert bob.chat_profile.display_name == "Deleted person"
    assert posted.reactions.count() == 1


def test_several_users_are_deleted_only_if_none_left_traces(doras, harbour, bob, charlie, django_user_model):
    messages.post(room="harbour", author=bob, body="Ahoy", client_id=uuid4())
    page = act(doras, "delete_selected", bob, charlie)
    assert "“bob” cannot be deleted without a trace" in page.text
    assert django_user_model.objects.filter(pk__in=[bob.pk, charlie.pk]).count() == 2
    confirmation = act(doras, "delete_selected", charlie)
    assert "Are you sure" in confirmation.text
    chosen = {"_selected_action": [charlie.pk], "action": "delete_selected", "post": "yes"}
    doras.post(LIST, chosen)
    assert not django_user_model.objects.filter(pk=charlie.pk).exists()


def test_a_user_without_traces_is_deleted(doras, harbour, bob, django_user_model):
    assert "Are you sure" in doras.get(deletion_of(bob)).text
    assert doras.post(deletion_of(bob), {"post": "yes"}).status_code == 302
    assert not django_user_model.objects.filter(pk=bob.pk).exists()


def test_dora_cannot_delete_her_own_account(doras, dora):
    page = doras.post(deletion_of(dora), {"post": "yes"}, follow=True)
    dora.refresh_from_db()
    assert "You cannot do this with your own account" in page.text


def test_staff_without_permission_cannot_see_what_bob_did(client, bob):
    client.force_login(person("erin", is_staff=True))
    assert client.get(deletion_of(bob)).status_code == 403


@pytest.mark.parametrize("name", ["BOB", "everyone", "Amber.Fox.42"])
def test_the_form_refuses_a_handle_that_is_taken_or_reserved(doras, bob, name):
    page = doras.post(ADD, PASSWORDS | {"handle": name})
    assert page.context["adminform"].errors["handle"]


def test_dora_creates_an_account(doras, django_user_model):
    assert doras.post(ADD, PASSWORDS | {"handle": "erin"}).status_code == 302
    assert django_user_model.objects.get(handle="erin").check_password(PASSWORDS["password1"])


def test_bob_can_be_renamed_but_not_to_a_handle_that_looks_like_alices(doras, alice, bob):
    address = reverse("admin:people_user_change", args=[bob.pk])
    active = {"is_active": "on"}
    for taken in ("alice", "Alice", "a1ice"):
        assert doras.post(address, active | {"handle": taken}).context["adminform"].errors["handle"] == [handles.TAKEN]
    assert doras.post(address, active | {"handle": "Bob", "is_bot": "on"}).status_code == 302
    bob.refresh_from_db()
    assert (bob.handle, bob.is_bot, bob.is_active) == ("Bob", True, True)


def test_a_handle_that_breaks_newer_rules_stays_when_other_fields_change(doras, bob):
    type(bob).objects.filter(pk=bob.pk).update(handle="everyone")
    address = reverse("admin:people_user_change", args=[bob.pk])
    assert doras.post(address, {"handle": "everyone", "email": "bob@example.net", "is_active": "on"}).status_code == 302
    bob.refresh_from_db()
    assert (bob.handle, bob.email) == ("everyone", "bob@example.net")


def test_the_site_can_be_renamed_on_its_page(doras):
    address = doras.get("/admin/chat/site/")["Location"]
    assert address == reverse("admin:chat_site_change", args=[1])
    before = Site.current()
    choices = {name: getattr(before, name) for name in site_permissions.SETTINGS.values()}
    assert doras.post(address, {"name": "  Lighthouse "} | choices).status_code == 302
    after = Site.current()
    assert after.name == "Lighthouse"
    assert (after.epoch, after.set_up_at) == (before.epoch, before.set_up_at)
    assert "Lighthouse" in doras.get("/admin/").text


def test_the_site_cannot_be_added_or_deleted(doras):
    assert doras.get("/admin/chat/site/add/").status_code == 403
    assert doras.post(reverse("admin:chat_site_delete", args=[1]), {"post": "yes"}).status_code == 403
