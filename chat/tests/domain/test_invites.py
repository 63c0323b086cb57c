"""Invitations: for how long, for how many, and into which room."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from chat.domain import accounts, invites, rooms
from chat.domain.errors import Invalid, NotFound
from chat.models import Invite, Membership
from chat.models.invite import hash_token
from chat.tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def invite(by, room=None, uses=1, **times) -> str:
    """The token of an invitation that is good for a day."""
    expires_at = timezone.now() + timedelta(**(times or {"days": 1}))
    return invites.create(room=room, by=by, expires_at=expires_at, uses=uses)[1]


def rooms_of(user) -> set[str]:
    """The slugs of the rooms that `user` belongs to."""
    return set(Membership.objects.filter(user=user).values_list("room__slug", flat=True))


def expire() -> None:
    """Let all invitations be of yesterday."""
    Invite.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_only_the_hash_of_a_token_is_kept(alice):
    token = invite(alice)
    row = Invite.objects.values().get()
    assert token not in str(row)
    assert row["token_hash"] == hash_token(token)


def test_two_invitations_have_different_tokens(alice):
    assert invite(alice) != invite(alice)


def test_erin_comes_to_the_site_and_joins_the_lobby(alice, lobby):
    erin, room = accounts.accept_invite(token=invite(alice), username="erin", password=PASSWORD)
    assert room == lobby
    assert rooms_of(erin) == {"lobby"}
    assert erin.check_password(PASSWORD)


def test_erin_comes_to_a_private_room_and_the_lobby(alice, lobby, harbour):
    erin, room = accounts.accept_invite(token=invite(alice, harbour), username="erin", password=PASSWORD)
    assert room == harbour
    assert rooms_of(erin) == {"lobby", "harbour"}
    assert Membership.objects.get(user=erin, room=harbour).role == "member"


def test_a_site_without_a_lobby_takes_people_in_too(alice, set_up_site):
    erin, room = accounts.accept_invite(token=invite(alice), username="erin", password=PASSWORD)
    assert room is None
    assert rooms_of(erin) == set()


def test_charlie_joins_a_room_by_its_link(alice, harbour, charlie):
    assert invites.use(invite(alice, harbour), user=charlie) == harbour
    assert rooms_of(charlie) == {"harbour"}


def test_bob_who_is_in_the_room_takes_no_use(alice, harbour, bob):
    token = invite(alice, harbour)
    rooms.set_role(room=harbour, user=bob, role="moderator")
    assert invites.use(token, user=bob) == harbour
    assert Invite.objects.get().uses_left == 1
    assert Membership.objects.get(user=bob).role == "moderator"


def test_an_invitation_for_two_lets_two_in(alice, lobby):
    token = invite(alice, uses=2)
    accounts.accept_invite(token=token, username="erin", password=PASSWORD)
    accounts.accept_invite(token=token, username="frank", password=PASSWORD)
    with pytest.raises(NotFound):
        accounts.accept_invite(token=token, username="grace", password=PASSWORD)
    assert not get_user_model().objects.filter(username="grace").exists()


def test_a_refused_name_takes_no_use(alice, bob, lobby):
    token = invite(alice)
    for name, password in [("Bob", PASSWORD), ("erin", "short")]:
        with pytest.raises(Invalid):
            accounts.accept_invite(token=token, username=name, password=password)
    accounts.accept_invite(token=token, username="erin", password=PASSWORD)


def test_an_expired_link_lets_nobody_in(alice, harbour, charlie):
    token = invite(alice, harbour)
    expire()
    with pytest.raises(NotFound):
        invites.find(token)
    with pytest.raises(NotFound):
        invites.use(token, user=charlie)
    with pytest.raises(NotFound):
        accounts.accept_invite(token=token, username="erin", password=PASSWORD)
    assert rooms_of(charlie) == set()


def test_a_revoked_link_lets_nobody_in(alice, harbour, charlie):
    token = invite(alice, harbour)
    invites.revoke(invite=invites.find(token))
    with pytest.raises(NotFound):
        invites.use(token, user=charlie)


@pytest.mark.parametrize("token", ["", "wrong", "\x00", "a" * 10_000])
def test_a_wrong_link_lets_nobody_in(alice, harbour, charlie, token):
    invite(alice, harbour)
    with pytest.raises(NotFound):
        invites.use(token, user=charlie)


@pytest.mark.parametrize("token", ["wrong", "expired", "used"])
def test_wrong_expired_and_used_up_are_told_alike(alice, harbour, charlie, token):
    links = {"wrong": "wrong", "expired": invite(alice, harbour)}
    expire()
    links["used"] = invite(alice, harbour)
    invites.use(links["used"], user=charlie)
    with pytest.raises(NotFound) as caught:
        invites.find(links[token])
    assert "does not work any more" in str(caught.value.detail)


@pytest.mark.parametrize("uses", [0, -1, invites.MAX_USES + 1])
def test_a_number_of_uses_that_makes_no_sense_is_refused(alice, uses):
    with pytest.raises(Invalid) as caught:
        invite(alice, uses=uses)
    assert caught.value.field == "uses_left"


def test_an_invitation_to_the_past_is_refused(alice):
    with pytest.raises(Invalid) as caught:
        invite(alice, seconds=-1)
    assert caught.value.field == "expires_at"


def test_nobody_is_invited_to_a_direct_room(alice, set_up_site):
    with pytest.raises(Invalid) as caught:
        invite(alice, rooms.create(slug="two", name="Two", kind="direct", by=alice))
    assert caught.value.field == "room"
