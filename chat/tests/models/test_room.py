"""Who sees rooms, the constraints of rooms, and versions that only increase."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from chat.models import Membership, Room, RoomHead

pytestmark = pytest.mark.django_db


def slugs(queryset) -> set[str]:
    return set(queryset.values_list("slug", flat=True))


@pytest.fixture
def rooms_of_all_kinds(alice):
    """A room of each kind without members, and `hers`: private, with Alice as its only member."""
    for kind, guests in [("public", "none"), ("public", "read"), ("public", "write"), ("private", "none")]:
        Room.objects.create(slug=f"{kind}-{guests}", name="Room", kind=kind, guests=guests)
    hers = Room.objects.create(slug="hers", name="Hers", kind="private")
    Membership.objects.create(room=hers, user=alice)


def test_a_member_sees_public_rooms_and_their_own(rooms_of_all_kinds, alice):
    assert slugs(Room.objects.visible_to(alice)) == {"public-none", "public-read", "public-write", "hers"}


def test_a_stranger_sees_public_rooms(rooms_of_all_kinds, charlie):
    assert slugs(Room.objects.visible_to(charlie)) == {"public-none", "public-read", "public-write"}


def test_an_admin_sees_no_private_rooms_of_others(rooms_of_all_kinds, dora):
    assert "hers" not in slugs(Room.objects.visible_to(dora))


def test_a_guest_sees_rooms_that_are_open_to_guests(rooms_of_all_kinds, gina):
    for nobody in (gina, AnonymousUser()):
        assert slugs(Room.objects.visible_to(nobody)) == {"public-read", "public-write"}


def test_a_deactivated_user_sees_no_rooms_even_if_the_instance_is_older(rooms_of_all_kinds, alice):
    type(alice).objects.filter(pk=alice.pk).update(is_active=False)
    assert alice.is_active
    assert slugs(Room.objects.visible_to(alice)) == set()


def test_archived_rooms_are_not_current(rooms_of_all_kinds, harbour):
    Room.objects.filter(slug="harbour").update(archived_at="2026-01-01T00:00Z")
    assert "harbour" not in slugs(Room.objects.current())
    assert "hers" in slugs(Room.objects.current())


@pytest.mark.parametrize("fields", [{"slug": "lobby"}, {"slug": "new", "kind": "private", "guests": "read"}])
def test_the_database_refuses_a_wrong_room(lobby, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Room.objects.create(name="Room", **fields)


@pytest.mark.parametrize("slug", ["a", "a-b", "1", "x" * 64])
def test_a_valid_slug_is_accepted(slug, db):
    Room(slug=slug, name="Room").full_clean()


@pytest.mark.parametrize("slug", ["", "A", "é", "a_b", "a b", "a-", "-a", "a--b", "a\n", "a/b", "x" * 65])
def test_an_invalid_slug_is_refused(slug, db):
    with pytest.raises(ValidationError) as caught:
        Room(slug=slug, name="Room").full_clean()
    assert set(caught.value.message_dict) == {"slug"}


def test_take_returns_consecutive_versions_for_each_room(lobby, harbour):
    assert [RoomHead.take(lobby.pk) for _ in range(3)] == [1, 2, 3]
    assert RoomHead.objects.get(room=lobby).version == 3
    assert RoomHead.objects.get(room=harbour).version == 0


def test_saving_a_room_does_not_restore_an_old_version(lobby):
    old = Room.objects.select_related("head").get(pk=lobby.pk)
    RoomHead.take(lobby.pk)
    old.topic = "Ropes"
    old.save()
    assert RoomHead.objects.get(room=lobby).version == 1
