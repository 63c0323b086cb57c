"""People and the site in the admin."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from chat.domain import messages
from chat.models import Site
from chat.tests.cast import person

LIST, ADD = "/admin/auth/user/", "/admin/auth/user/add/"
WORDS = {"usable_password": "true", "password1": "a lantern in the fog", "password2": "a lantern in the fog"}


def deletion_of(user) -> str:
    """The address of the page that asks whether a person is to be deleted."""
    return reverse("admin:auth_user_delete", args=[user.pk])


def act(browser, action: str, *people):
    """Do something to people from their list, and give the page that follows."""
    return browser.post(LIST, {"_selected_action": [one.pk for one in people], "action": action}, follow=True)


def test_dora_closes_accounts_and_opens_them_again(doras, bob, charlie):
    assert "2 people were deactivated" in act(doras, "deactivate", bob, charlie).text
    bob.refresh_from_db()
    assert not bob.is_active
    assert "1 person may sign in again" in act(doras, "reactivate", bob).text
    bob.refresh_from_db()
    assert bob.is_active


def test_dora_cannot_close_her_own_account(doras, dora, bob):
    page = act(doras, "deactivate", dora, bob)
    assert "You cannot deactivate your own account" in page.text
    dora.refresh_from_db()
    bob.refresh_from_db()
    assert dora.is_active
    assert not bob.is_active


def test_a_closed_account_is_signed_out(doras, bob, client_of_bob):
    act(doras, "deactivate", bob)
    assert client_of_bob.get(reverse("password_change")).status_code == 302


@pytest.fixture
def client_of_bob(bob):
    """Bob's browser."""
    browser = Client()
    browser.force_login(bob)
    return browser


def test_what_bob_did_keeps_his_account_and_the_page_offers_to_deactivate_it(doras, harbour, alice, bob):
    said = messages.post(room="harbour", author=alice, body="Ahoy", client_id=uuid4())
    messages.react(message=said.pk, by=bob, emoji="👋", on=True)
    for page in (doras.get(deletion_of(bob)), doras.post(deletion_of(bob), {"post": "yes"})):
        assert "“bob” cannot be deleted, because others still see what they did: reactions." in page.text
        assert f'name="_selected_action" value="{bob.pk}"' in page.text
        assert 'value="Deactivate the account"' in page.text
    bob.refresh_from_db()
    assert said.reactions.count() == 1
    assert "1 person was deactivated" in act(doras, "deactivate", bob).text
    page = doras.get(deletion_of(bob))
    assert 'value="Deactivate the account"' not in page.text
    assert "deactivated already" in page.text


def test_several_are_deleted_only_when_none_did_anything(doras, harbour, bob, charlie, django_user_model):
    messages.post(room="harbour", author=bob, body="Ahoy", client_id=uuid4())
    page = act(doras, "delete_selected", bob, charlie)
    assert "“bob” cannot be deleted" in page.text
    assert django_user_model.objects.filter(pk__in=[bob.pk, charlie.pk]).count() == 2
    confirmation = act(doras, "delete_selected", charlie)
    assert "Are you sure" in confirmation.text
    chosen = {"_selected_action": [charlie.pk], "action": "delete_selected", "post": "yes"}
    doras.post(LIST, chosen)
    assert not django_user_model.objects.filter(pk=charlie.pk).exists()


def test_whoever_did_nothing_is_deleted(doras, harbour, bob, django_user_model):
    assert "Are you sure" in doras.get(deletion_of(bob)).text
    assert doras.post(deletion_of(bob), {"post": "yes"}).status_code == 302
    assert not django_user_model.objects.filter(pk=bob.pk).exists()


def test_dora_cannot_delete_her_own_account(doras, dora):
    page = doras.post(deletion_of(dora), {"post": "yes"})
    dora.refresh_from_db()
    assert "You cannot delete your own account" in page.text


def test_a_member_of_staff_without_permission_is_not_told_what_bob_did(client, bob):
    client.force_login(person("erin", is_staff=True))
    assert client.get(deletion_of(bob)).status_code == 403


@pytest.mark.parametrize("name", ["BOB", "everyone", "Amber.Fox.42"])
def test_the_admin_gives_nobody_a_name_that_will_not_do(doras, bob, name):
    page = doras.post(ADD, WORDS | {"username": name})
    assert page.context["adminform"].errors["username"]


def test_dora_makes_an_account(doras, django_user_model):
    assert doras.post(ADD, WORDS | {"username": "erin"}).status_code == 302
    assert django_user_model.objects.get(username="erin").check_password(WORDS["password1"])


def test_bob_is_renamed_but_not_to_alice(doras, alice, bob):
    address = reverse("admin:auth_user_change", args=[bob.pk])
    shown = doras.get(address).context["adminform"].form.initial
    fields = {
        "date_joined_0": shown["date_joined"].strftime("%Y-%m-%d"),
        "date_joined_1": "12:00:00",
        "is_active": "on",
    }
    assert doras.post(address, fields | {"username": "Alice"}).context["adminform"].errors["username"]
    assert doras.post(address, fields | {"username": "Bob"}).status_code == 302
    bob.refresh_from_db()
    assert bob.username == "Bob"


def test_the_site_has_one_page_and_is_renamed_there(doras):
    address = doras.get("/admin/chat/site/")["Location"]
    assert address == reverse("admin:chat_site_change", args=[1])
    before = Site.current()
    assert doras.post(address, {"name": "  Lighthouse "}).status_code == 302
    after = Site.current()
    assert after.name == "Lighthouse"
    assert (after.epoch, after.set_up_at) == (before.epoch, before.set_up_at)
    assert "Lighthouse" in doras.get("/admin/").text


def test_there_is_neither_a_second_site_nor_none(doras):
    assert doras.get("/admin/chat/site/add/").status_code == 403
    assert doras.post(reverse("admin:chat_site_delete", args=[1]), {"post": "yes"}).status_code == 403
