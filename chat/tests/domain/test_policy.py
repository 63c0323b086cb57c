"""The rules of `policy`, in one table."""

import pytest
from django.utils import timezone

from chat.domain import access, policy, rooms
from chat.domain.errors import Archived, Forbidden, NotFound

pytestmark = pytest.mark.django_db

ROLES = ["owner", "moderator", "member", "reader"]


@pytest.mark.parametrize(
    ("role", "posts", "moderates"),
    [("owner", True, True), ("moderator", True, True), ("member", True, False), ("reader", False, False)],
)
def test_permissions_of_roles(harbour, bob, role, posts, moderates):
    rooms.set_role(room=harbour, user=bob, role=role)
    room = access.get_visible(bob, "harbour")
    assert room.my_role == role
    assert policy.may_post(room, bob) == posts
    assert policy.may_mention_all(bob, room) == moderates


@pytest.mark.parametrize(
    ("kind", "opened", "guest_sees", "guest_posts", "stranger_sees"),
    [
        ("public", "none", False, False, True),
        ("public", "read", True, False, True),
        ("public", "write", True, True, True),
        ("private", "none", False, False, False),
    ],
)
def test_permissions_of_strangers_and_guests(
    set_up_site, alice, charlie, gina, kind, opened, guest_sees, guest_posts, stranger_sees
):
    rooms.create(slug="pier", name="Pier", kind=kind, guests=opened, by=alice)

    def look(person):
        try:
            return access.get_visible(person, "pier")
        except NotFound:
            return None

    assert look(alice).my_role == "owner"
    assert (look(charlie) is not None, look(gina) is not None) == (stranger_sees, guest_sees)
    if stranger_sees:
        assert look(charlie).my_role is None
        assert policy.may_post(look(charlie), charlie)
    if guest_sees:
        assert look(gina).my_role is None
        assert policy.may_post(look(gina), gina) == guest_posts


@pytest.mark.parametrize("role", ROLES)
def test_nobody_can_post_in_an_archived_room(harbour, bob, role):
    rooms.set_role(room=harbour, user=bob, role=role)
    rooms.archive(room=harbour)
    room = access.get_visible(bob, "harbour")
    assert not policy.may_post(room, bob)
    with pytest.raises(Archived) as caught:
        policy.check_may_write(room, bob)
    assert (caught.value.code, caught.value.status) == ("archived", 403)


def test_an_error_has_a_text_with_the_reason(garden, gina):
    rooms.change(room=garden, guests="read")
    with pytest.raises(Forbidden) as caught:
        policy.check_may_write(access.get_visible(gina, "garden"), gina)
    assert "Sign in" in str(caught.value.detail)
    assert caught.value.code == "forbidden"


def test_the_sites_admin_has_no_special_access(harbour, garden, dora):
    assert access.get_visible(dora, "garden").my_role is None
    with pytest.raises(NotFound):
        access.get_visible(dora, "harbour")


def test_archived_rooms_are_visible(harbour, bob):
    harbour.archived_at = timezone.now()
    harbour.save()
    assert access.get_visible(bob, "harbour").archived_at is not None
