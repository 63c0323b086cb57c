"""Nobody gets more rights by the admin than they have: not for their own account, nor by another one."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from chat.domain import accounts
from chat.domain.errors import Forbidden
from chat.models import RecordedAction
from chat.tests.cast import person

pytestmark = pytest.mark.django_db
USERS, GROUPS = "/admin/people/user/", "/admin/auth/group/"


def page_of(user) -> str:
    return reverse("admin:people_user_change", args=[user.pk])


def may(user, *codenames: str):
    """Give a user permissions."""
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return type(user).objects.get(pk=user.pk)


@pytest.fixture
def erin(set_up_site):
    """Staff who may do everything with users and groups, but is no superuser."""
    erin = person("erin", is_staff=True)
    return may(
        erin, *(f"{verb}_{model}" for verb in ("view", "add", "change", "delete") for model in ("user", "group"))
    )


@pytest.fixture
def erins(client, erin):
    """A browser that is signed in as Erin."""
    client.force_login(erin)
    return client


def everything() -> dict:
    """The fields of the form that would make somebody a superuser."""
    return {
        "is_active": "on",
        "is_staff": "on",
        "is_superuser": "on",
        "groups": [Group.objects.get_or_create(name="rulers")[0].pk],
        "user_permissions": list(Permission.objects.values_list("pk", flat=True)[:5]),
    }


def rights_of(user) -> tuple:
    user = type(user).objects.get(pk=user.pk)
    return user.is_staff, user.is_superuser, list(user.groups.all()), user.user_permissions.count()


def test_erin_cannot_raise_her_own_rights(erins, erin):
    before = rights_of(erin)
    assert erins.post(page_of(erin), everything() | {"handle": "erin"}).status_code == 302
    assert rights_of(erin) == before


def test_erin_cannot_give_rights_to_another_account_or_to_a_new_one(erins, bob):
    assert erins.post(page_of(bob), everything() | {"handle": "bobby"}).status_code == 302
    bob.refresh_from_db()
    assert bob.handle == "bobby"
    assert rights_of(bob) == (False, False, [], 0)
    passwords = {"usable_password": "true", "password1": "a lantern in the fog", "password2": "a lantern in the fog"}
    erins.post(f"{USERS}add/", everything() | passwords | {"handle": "fred"})
    assert rights_of(type(bob).objects.get(handle="fred")) == (False, False, [], 0)


def test_the_form_of_an_account_shows_erin_its_rights_without_controls(erins, bob):
    page = erins.get(page_of(bob)).text
    for name in ("is_staff", "is_superuser", "groups", "user_permissions", "email"):
        assert f'name="{name}"' not in page
    assert "Superuser status" in page


def test_erin_cannot_sign_in_as_another_person_by_a_new_password_or_address(erins, bob, dora):
    for other in (bob, dora):
        address = reverse("admin:auth_user_password_change", args=[other.pk])
        assert erins.get(address).status_code == 403
        answer = erins.post(address, {"password1": "a lantern in the fog", "password2": "a lantern in the fog"})
        assert answer.status_code == 403
    erins.post(page_of(bob), {"is_active": "on", "handle": "bob", "email": "erin@example.org"})
    bob.refresh_from_db()
    assert bob.email == "bob@example.org"


def test_erin_cannot_edit_or_end_accounts_with_more_rights_than_hers(erins, erin, dora):
    frank = may(person("frank", is_staff=True), "change_user", "view_recordedaction")
    for other in (dora, frank):
        assert erins.post(page_of(other), {"is_active": "on", "handle": "taken"}).status_code == 403
        assert erins.post(f"{USERS}{other.pk}/delete/", {"post": "yes"}).status_code == 403
        with pytest.raises(Forbidden):
            accounts.deactivate(user=other, by=erin)
        other.refresh_from_db()
        assert (other.handle, other.is_active) == (other.get_username(), True)
        assert other.handle in {"dora", "frank"}
    fewer = may(person("grace", is_staff=True), "change_user")
    assert erins.post(page_of(fewer), {"is_active": "on", "handle": "grace2"}).status_code == 302


def test_erin_cannot_change_groups(erins, erin):
    helpers = Group.objects.create(name="helpers")
    erin.groups.add(helpers)
    rights = {"name": "helpers", "permissions": list(Permission.objects.values_list("pk", flat=True)[:5])}
    assert erins.get(GROUPS).status_code == 200
    for address in (f"{GROUPS}{helpers.pk}/change/", f"{GROUPS}add/", f"{GROUPS}{helpers.pk}/delete/"):
        assert erins.post(address, rights).status_code == 403
    assert helpers.permissions.count() == 0


def test_erin_cannot_see_or_change_anything_else(erins, harbour):
    for name in ("room", "membership", "message", "recordedaction", "job"):
        assert erins.get(reverse(f"admin:chat_{name}_changelist")).status_code == 403
    assert erins.get(reverse("admin:chat_site_change", args=[1])).status_code == 403


def test_a_superuser_gives_rights_and_the_record_has_them(doras, dora, bob):
    wanted = everything() | {"handle": "bob", "email": "bob@example.net"}
    assert doras.post(page_of(bob), wanted).status_code == 302
    assert rights_of(bob)[:2] == (True, True)
    row = RecordedAction.objects.filter(verb="person.change").get()
    assert (row.actor, row.object_name) == (dora.pk, "bob")
    assert row.before["is_superuser"] is False
    assert (row.after["is_superuser"], row.after["groups"], row.after["email"]) == (True, ["rulers"], "bob@example.net")
    assert len(row.after["user_permissions"]) == 5


def test_a_new_account_and_a_password_are_recorded_without_the_password(doras, bob):
    passwords = {"usable_password": "true", "password1": "a lantern in the fog", "password2": "a lantern in the fog"}
    doras.post(f"{USERS}add/", passwords | {"handle": "fred"})
    doras.post(reverse("admin:auth_user_password_change", args=[bob.pk]), passwords)
    rows = RecordedAction.objects.order_by("pk").values_list("verb", "object_name", "before", "after")
    assert list(rows) == [("person.create", "fred", {}, {}), ("person.password", "bob", {}, {})]


def test_changes_of_groups_are_recorded(doras):
    view = Permission.objects.get(codename="view_room")
    doras.post(f"{GROUPS}add/", {"name": "helpers", "permissions": [view.pk]})
    helpers = Group.objects.get()
    doras.post(f"{GROUPS}{helpers.pk}/change/", {"name": "helpers", "permissions": []})
    doras.post(f"{GROUPS}{helpers.pk}/delete/", {"post": "yes"})
    rows = list(RecordedAction.objects.order_by("pk").values_list("verb", "before", "after"))
    assert rows == [
        ("group.create", {}, {"name": "helpers", "permissions": ["chat.view_room"]}),
        ("group.change", {"permissions": ["chat.view_room"]}, {"permissions": []}),
        ("group.delete", {"name": "helpers", "permissions": []}, {}),
    ]


def test_somebody_who_is_no_staff_gets_nowhere(bob, set_up_site):
    browser = Client()
    browser.force_login(bob)
    for address in (USERS, GROUPS, "/admin/"):
        assert browser.get(address, follow=True).status_code == 403
