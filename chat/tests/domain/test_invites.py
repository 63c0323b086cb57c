"""Invitations: expiry, number of uses, and room."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from chat.domain import accounts, direct_rooms, invites, rooms
from chat.domain.errors import Forbidden, Invalid, NotFound
from chat.models import Invite, Membership, RecordedAction
from chat.models.invite import hash_token
from chat.tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def invite(by, room=None, uses=1, **times) -> str:
    """The token of an invitation that is valid for a day."""
    expires_at = timezone.now() + timedelta(**(times or {"days": 1}))
    return invites.create(room=room, by=by, expires_at=expires_at, uses=uses)[1]


def rooms_of(user) -> set[str]:
    """The slugs of the rooms that `user` belongs to."""
    return set(Membership.objects.filter(user=user).values_list("room__slug", flat=True))


def expire() -> None:
    """Let all invitations expire yesterday."""
    Invite.objects.update(expires_at=timezone.now() - timedelta(seconds=1))


def test_only_the_hash_of_a_token_is_stored(alice):
    token = invite(alice)
    row = Invite.objects.values().get()
    assert token not in str(row)
    assert row["token_hash"] == hash_token(token)


def test_two_invitations_have_different_tokens(alice):
    assert invite(alice) != invite(alice)


def test_erin_accepts_an_invitation_to_the_site_and_joins_the_lobby(alice, lobby):
    erin, room = accounts.accept_invite(token=invite(alice), username="erin", password=PASSWORD)
    assert room == lobby
    assert rooms_of(erin) == {"lobby"}
    assert erin.check_password(PASSWORD)


def test_erin_accepts_an_invitation_to_a_private_room_and_joins_the_lobby_too(alice, lobby, harbour):
    erin, room = accounts.accept_invite(token=invite(alice, harbour), username="erin", password=PASSWORD)
    assert room == harbour
    assert rooms_of(erin) == {"lobby", "harbour"}
    assert Membership.objects.get(user=erin, room=harbour).role == "member"


def test_an_invitation_works_on_a_site_without_a_lobby(alice, set_up_site):
    erin, room = accounts.accept_invite(token=invite(alice), username="erin", password=PASSWORD)
    assert room is None
    assert rooms_of(erin) == set()


def test_charlie_joins_a_room_by_its_link(alice, harbour, charlie):
    assert invites.use(invite(alice, harbour), user=charlie) == harbour
    assert rooms_of(charlie) == {"harbour"}


def test_a_member_consumes_no_use_of_an_invitation(alice, harbour, bob):
    token = invite(alice, harbour)
    rooms.set_role(room=harbour, user=bob, role="moderator")
    assert invites.use(token, user=bob) == harbour
    assert Invite.objects.get().uses_left == 1
    assert Membership.objects.get(user=bob).role == "moderator"


def test_an_invitation_with_two_uses_works_twice(alice, lobby):
    token = invite(alice, uses=2)
    accounts.accept_invite(token=token, username="erin", password=PASSWORD)
    accounts.accept_invite(token=token, username="frank", password=PASSWORD)
    with pytest.raises(NotFound):
        accounts.accept_invite(token=token, username="grace", password=PASSWORD)
    assert not get_user_model().objects.filter(handle="grace").exists()


def test_a_refused_name_consumes_no_use(alice, bob, lobby):
    token = invite(alice)
    for name, password in [("Bob", PASSWORD), ("erin", "short")]:
        with pytest.raises(Invalid):
            accounts.accept_invite(token=token, username=name, password=password)
    accounts.accept_invite(token=token, username="erin", password=PASSWORD)


def test_an_expired_link_is_refused(alice, harbour, charlie):
    token = invite(alice, harbour)
    expire()
    with pytest.raises(NotFound):
        invites.find(token)
    with pytest.raises(NotFound):
        invites.use(token, user=charlie)
    with pytest.raises(NotFound):
        accounts.accept_invite(token=token, username="erin", password=PASSWORD)
    assert rooms_of(charlie) == set()


def test_a_revoked_link_is_refused(alice, harbour, charlie):
    token = invite(alice, harbour)
    invites.revoke(invite=invites.find(token))
    with pytest.raises(NotFound):
        invites.use(token, user=charlie)


@pytest.mark.parametrize("token", ["", "wrong", "\x00", "a" * 10_000])
def test_a_wrong_link_is_refused(alice, harbour, charlie, token):
    invite(alice, harbour)
    with pytest.raises(NotFound):
        invites.use(token, user=charlie)


@pytest.mark.parametrize("token", ["wrong", "expired", "used"])
def test_wrong_expired_and_used_up_links_give_the_same_error(alice, harbour, charlie, token):
    links = {"wrong": "wrong", "expired": invite(alice, harbour)}
    expire()
    links["used"] = invite(alice, harbour)
    invites.use(links["used"], user=charlie)
    with pytest.raises(NotFound) as caught:
        invites.find(links[token])
    assert "is no longer valid" in str(caught.value.detail)


@pytest.mark.parametrize("uses", [0, -1, invites.MAX_USES + 1])
def test_a_wrong_number_of_uses_is_refused(alice, uses):
    with pytest.raises(Invalid) as caught:
        invite(alice, uses=uses)
    assert caught.value.field == "uses_left"


def test_an_expiry_in_the_past_is_refused(alice):
    with pytest.raises(Invalid) as caught:
        invite(alice, seconds=-1)
    assert caught.value.field == "expires_at"


def test_an_invitation_to_a_direct_room_is_refused(alice, bob, set_up_site):
    with pytest.raises(Invalid) as caught:
        invite(alice, direct_rooms.find_or_make(people=[bob.pk], by=alice))
    assert caught.value.field == "room"


def test_who_comes_joins_all_rooms_with_the_role_and_is_listed(harbour, lobby, dora, charlie):
    invite, token = invites.create(
        room=lobby,
        more_rooms=[harbour],
        role="reader",
        by=dora,
        expires_at=timezone.now() + timedelta(days=1),
        uses=2,
    )
    assert invites.use(token, user=charlie) == lobby
    assert dict(charlie.memberships.values_list("room__slug", "role")) == {"lobby": "reader", "harbour": "reader"}
    assert list(invite.people.values_list("user", flat=True)) == [charlie.pk]
    assert invites.use(token, user=charlie) == lobby
    invite.refresh_from_db()
    assert invite.uses_left == 1


def test_members_of_one_of_the_rooms_keep_their_role_and_join_the_others(harbour, lobby, dora, bob):
    _invite, token = invites.create(
        room=harbour, more_rooms=[lobby], role="moderator", by=dora, expires_at=timezone.now() + timedelta(days=1)
    )
    invites.use(token, user=bob)
    assert dict(bob.memberships.values_list("room__slug", "role")) == {"harbour": "member", "lobby": "moderator"}


def test_the_link_does_not_lead_its_maker_into_a_closed_room(harbour, dora):
    _invite, token = invites.create(room=harbour, by=dora, expires_at=timezone.now() + timedelta(days=1))
    with pytest.raises(Forbidden):
        invites.use(token, user=dora)


def test_the_token_is_computed_again_but_not_with_another_secret_key(dora, settings):
    invite, token = invites.create(by=dora, expires_at=timezone.now() + timedelta(days=1))
    assert invites.token_of(invite) == token
    settings.SECRET_KEY = "another " * 8
    assert invites.token_of(invite) is None
    assert invites.find(token) == invite


def test_rooms_that_are_archived_or_gone_are_not_joined(harbour, lobby, dora, charlie):
    _invite, token = invites.create(
        room=lobby, more_rooms=[harbour], by=dora, expires_at=timezone.now() + timedelta(days=1)
    )
    rooms.archive(room=harbour)
    invites.use(token, user=charlie)
    assert set(charlie.memberships.values_list("room__slug", flat=True)) == {"lobby"}


def test_an_invite_is_revoked_once(dora):
    invite, token = invites.create(by=dora, expires_at=timezone.now() + timedelta(days=1))
    invites.revoke(invite=invite)
    invites.revoke(invite=invite)
    assert RecordedAction.objects.filter(verb="invite.revoke").count() == 1
    with pytest.raises(NotFound):
        invites.find(token)
