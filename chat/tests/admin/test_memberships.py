"""Memberships in the admin."""

import pytest
from django.urls import reverse

from chat.domain import rooms
from chat.models import Membership
from chat.tests.cast import person

LIST, ADD = "/admin/chat/membership/", "/admin/chat/membership/add/"


def page_of(membership, verb="change") -> str:
    """The address of a membership's own page."""
    return reverse(f"admin:chat_membership_{verb}", args=[membership.pk])


@pytest.fixture
def bobs(harbour, bob) -> Membership:
    """Bob's, in the harbour."""
    return Membership.objects.get(room=harbour, user=bob)


def test_dora_puts_charlie_into_a_room(doras, harbour, charlie, published):
    answer = doras.post(ADD, {"room": harbour.pk, "user": charlie.pk, "role": "moderator"})
    assert answer.status_code == 302
    assert Membership.objects.get(room=harbour, user=charlie).role == "moderator"
    assert published == [("room_added", "harbour")]


def test_who_is_a_member_is_not_added_twice(doras, harbour, bob):
    page = doras.post(ADD, {"room": harbour.pk, "user": bob.pk, "role": "owner"})
    assert page.context["adminform"].errors
    assert Membership.objects.get(room=harbour, user=bob).role == "member"


def test_a_member_gets_another_role_and_nothing_else_changes(doras, bobs, alice):
    doras.post(page_of(bobs), {"role": "moderator", "user": alice.pk, "read_seq": "99"})
    stored = Membership.objects.get(pk=bobs.pk)
    assert (stored.role, stored.user, stored.read_seq) == ("moderator", bobs.user, 0)


def test_to_delete_a_membership_is_to_remove_the_person(doras, bobs, published):
    doras.post(page_of(bobs, "delete"), {"post": "yes"})
    assert not Membership.objects.filter(pk=bobs.pk).exists()
    assert bobs.room.restrictions.get().kind == "barred"
    assert published == [("room_removed", "harbour")]


def test_to_delete_a_restriction_is_to_lift_it(doras, bobs):
    rooms.remove(room=bobs.room, user=bobs.user)
    restriction = bobs.room.restrictions.get()
    assert "barred" in doras.get("/admin/chat/restriction/").content.decode().lower()
    doras.post(reverse("admin:chat_restriction_delete", args=[restriction.pk]), {"post": "yes"})
    assert rooms.join(room=bobs.room, user=bobs.user).role == "member"


def test_several_are_removed_at_once_and_each_is_told(doras, harbour, published):
    chosen = list(harbour.memberships.values_list("pk", flat=True))
    doras.post(LIST, {"_selected_action": chosen, "action": "delete_selected", "post": "yes"})
    assert not harbour.memberships.exists()
    assert published == [("room_removed", "harbour")] * 2


def test_the_list_is_searched_and_filtered(doras, harbour):
    shown = lambda query: [str(one.user) for one in doras.get(LIST, query).context["cl"].result_list]  # noqa: E731
    assert shown({"q": "bob"}) == ["bob"]
    assert shown({"role": "owner"}) == ["alice"]


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_the_same_number_of_queries_whatever_its_length(
    doras, harbour, number, django_assert_num_queries
):
    for index in range(number):
        rooms.join(room=harbour, user=person(f"person-{index}"))
    with django_assert_num_queries(6):
        doras.get(LIST)
