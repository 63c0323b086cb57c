"""Memberships in the admin."""

import pytest
from django.urls import reverse

from chat.domain import rooms
from chat.models import Membership
from chat.tests.cast import person

LIST, ADD = "/admin/chat/membership/", "/admin/chat/membership/add/"


def page_of(membership, verb="change") -> str:
    """The address of the page of a membership."""
    return reverse(f"admin:chat_membership_{verb}", args=[membership.pk])


@pytest.fixture
def bobs_membership(harbour, bob) -> Membership:
    """The membership of Bob in the harbour."""
    return Membership.objects.get(room=harbour, user=bob)


def test_dora_adds_charlie_to_a_room(doras, harbour, charlie, published):
    answer = doras.post(ADD, {"room": harbour.pk, "user": charlie.pk, "role": "moderator"})
    assert answer.status_code == 302
    assert Membership.objects.get(room=harbour, user=charlie).role == "moderator"
    assert published == [("room_added", "harbour")]


def test_a_member_is_not_added_twice(doras, harbour, bob):
    page = doras.post(ADD, {"room": harbour.pk, "user": bob.pk, "role": "owner"})
    assert page.context["adminform"].errors
    assert Membership.objects.get(room=harbour, user=bob).role == "member"


def test_only_the_role_of_a_membership_can_be_changed(doras, bobs_membership, alice):
    doras.post(page_of(bobs_membership), {"role": "moderator", "user": alice.pk, "read_seq": "99"})
    stored = Membership.objects.get(pk=bobs_membership.pk)
    assert (stored.role, stored.user, stored.read_seq) == ("moderator", bobs_membership.user, 0)


def test_deleting_a_membership_removes_and_bans_the_person(doras, bobs_membership, published):
    doras.post(page_of(bobs_membership, "delete"), {"post": "yes"})
    assert not Membership.objects.filter(pk=bobs_membership.pk).exists()
    assert bobs_membership.room.restrictions.get().kind == "banned"
    assert published == [("room_removed", "harbour")]


def test_deleting_a_restriction_lifts_it(doras, bobs_membership):
    rooms.remove(room=bobs_membership.room, user=bobs_membership.user)
    restriction = bobs_membership.room.restrictions.get()
    assert "banned" in doras.get("/admin/chat/restriction/").content.decode().lower()
    doras.post(reverse("admin:chat_restriction_delete", args=[restriction.pk]), {"post": "yes"})
    assert rooms.join(room=bobs_membership.room, user=bobs_membership.user).role == "member"


def test_several_people_are_removed_with_one_event_each(doras, harbour, published):
    chosen = list(harbour.memberships.values_list("pk", flat=True))
    doras.post(LIST, {"_selected_action": chosen, "action": "delete_selected", "post": "yes"})
    assert not harbour.memberships.exists()
    assert published == [("room_removed", "harbour")] * 2


def test_the_list_can_be_searched_and_filtered(doras, harbour):
    shown = lambda query: [str(one.user) for one in doras.get(LIST, query).context["cl"].result_list]  # noqa: E731
    assert shown({"q": "bob"}) == ["bob"]
    assert shown({"role": "owner"}) == ["alice"]


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_of_the_list_is_constant(doras, harbour, number, django_assert_num_queries):
    for index in range(number):
        rooms.join(room=harbour, user=person(f"person-{index}"))
    with django_assert_num_queries(5):
        doras.get(LIST)
