"""The page of an invitation."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user, get_user_model
from django.urls import reverse
from django.utils import timezone

from chat.domain import invites
from chat.models import Invite, Membership
from chat.tests.cast import PASSWORD

pytestmark = pytest.mark.django_db

ERIN = {"username": "erin", "email": "", "password": PASSWORD, "password_again": PASSWORD}


def link_to(room=None, *, by, uses=1) -> str:
    """The path of a new invitation, which is valid for a day."""
    expires_at = timezone.now() + timedelta(days=1)
    return reverse("chat:invite", args=[invites.create(room=room, by=by, expires_at=expires_at, uses=uses)[1]])


def rooms_of(user) -> set[str]:
    """The slugs of the rooms that `user` is a member of."""
    return set(Membership.objects.filter(user=user).values_list("room__slug", flat=True))


@pytest.fixture
def to_site(lobby, alice) -> str:
    """The path of an invitation to the site, for one person."""
    return link_to(by=alice)


@pytest.fixture
def to_harbour(lobby, harbour, alice) -> str:
    """The path of an invitation to Alice's private room, for one person."""
    return link_to(harbour, by=alice)


def test_erin_creates_an_account_and_is_in_the_lobby(client, to_site):
    answer = client.post(to_site, ERIN)
    assert (answer.status_code, answer["Location"]) == (302, reverse("chat:room", args=["lobby"]))
    assert get_user(client).get_username() == "erin"
    assert rooms_of(get_user(client)) == {"lobby"}


def test_erin_creates_an_account_and_is_in_the_private_room(client, to_harbour):
    assert "Harbour" in client.get(to_harbour).text
    answer = client.post(to_harbour, ERIN)
    assert answer["Location"] == reverse("chat:room", args=["harbour"])
    assert rooms_of(get_user(client)) == {"lobby", "harbour"}


def test_the_new_account_is_not_an_admin(client, to_site):
    client.post(to_site, ERIN | {"is_superuser": "on", "is_staff": "on"})
    assert not get_user(client).is_superuser
    assert not get_user(client).is_staff


def test_a_get_does_not_use_the_invitation_up(client, to_site):
    client.get(to_site)
    client.head(to_site)
    assert Invite.objects.get().uses_left == 1


def test_the_page_shows_the_name_of_the_site_and_a_link_to_the_sign_in_page(client, to_site):
    page = client.get(to_site)
    assert "Join Harbour Lights" in page.text
    assert f"{reverse('login')}?next={to_site}" in page.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_used_link_shows_an_error(client, to_site, method):
    Invite.objects.update(uses_left=0)
    page = getattr(client, method)(to_site, ERIN)
    assert page.status_code == 404
    assert "is no longer valid" in page.text


def test_an_expired_link_shows_an_error(client, to_site):
    Invite.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = client.post(to_site, ERIN)
    assert page.status_code == 404
    assert "is no longer valid" in page.text
    assert not get_user_model().objects.filter(handle="erin").exists()


@pytest.mark.parametrize("token", ["wrong", "%00", "a" * 3000, "☃"])
def test_a_wrong_link_shows_an_error(client, to_site, token):
    assert client.get(f"/join/{token}/").status_code == 404


@pytest.mark.parametrize("name", ["alice", "ALICE", "Amber.Fox.42", "everyone", "erin o", ""])
def test_an_invalid_name_does_not_use_the_invitation_up(client, to_site, name):
    page = client.post(to_site, ERIN | {"username": name})
    assert page.status_code == 200
    assert page.context["form"].errors["username"]
    assert Invite.objects.get().uses_left == 1
    assert not get_user(client).is_authenticated


def test_charlie_is_asked_for_confirmation_before_he_joins(client, to_harbour, charlie):
    client.force_login(charlie)
    page = client.get(to_harbour)
    assert "Join Harbour" in page.text
    assert rooms_of(charlie) == set()
    answer = client.post(to_harbour)
    assert answer["Location"] == reverse("chat:room", args=["harbour"])
    assert rooms_of(charlie) == {"harbour"}
    assert Invite.objects.get().uses_left == 0


def test_another_site_cannot_make_charlie_join(to_harbour, charlie, client):
    client.handler.enforce_csrf_checks = True
    client.force_login(charlie)
    assert client.post(to_harbour).status_code == 403
    assert rooms_of(charlie) == set()


def test_bob_who_is_a_member_is_redirected_to_the_room(client, to_harbour, bob):
    client.force_login(bob)
    assert client.get(to_harbour)["Location"] == reverse("chat:room", args=["harbour"])
    assert Invite.objects.get().uses_left == 1


def test_an_invitation_to_the_site_redirects_bob_to_the_home_page_and_is_not_used_up(client, to_site, bob):
    client.force_login(bob)
    assert client.get(to_site)["Location"] == reverse("chat:home")
    assert Invite.objects.get().uses_left == 1


def test_charlie_cannot_use_a_used_link(client, to_harbour, charlie):
    Invite.objects.update(uses_left=0)
    client.force_login(charlie)
    assert client.post(to_harbour).status_code == 404
    assert rooms_of(charlie) == set()


def test_the_name_of_the_room_is_escaped(client, harbour, alice):
    harbour.name = "<script>alert(1)</script>"
    harbour.save()
    page = client.get(link_to(harbour, by=alice))
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert" in page.text


def test_attempts_to_guess_links_are_limited(client, to_site, tries):
    assert tries(21, client.get, "/join/wrong/") == [404] * 20 + [429]
    assert int(client.get(to_site)["Retry-After"]) > 0


def test_thirty_people_can_accept_invitations_from_one_address(client, lobby, alice):
    link = link_to(by=alice, uses=30)
    for number in range(30):
        assert client.post(link, ERIN | {"username": f"pupil-{number}"}).status_code == 302
        client.logout()
    assert client.get(link).status_code == 404
