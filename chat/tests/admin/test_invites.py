"""Invitations in the admin."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from chat.domain import invites, rooms
from chat.models import Invite

LIST, ADD = "/admin/chat/invite/", "/admin/chat/invite/add/"


def given(room=None, uses=3, **times) -> dict:
    """What the form sends."""
    expires_at = timezone.now() + timedelta(**(times or {"days": 2}))
    return {
        "room": room.pk if room else "",
        "uses_left": uses,
        "expires_at_0": expires_at.strftime("%Y-%m-%d"),
        "expires_at_1": expires_at.strftime("%H:%M:%S"),
    }


def link_in(text: str) -> str | None:
    """The link that a page shows."""
    found = re.search(r"<code>http://testserver(/join/[\w-]+/)</code>", text)
    return found and found[1]


def test_dora_makes_an_invitation_and_sees_its_link_once(doras, dora, harbour):
    page = doras.post(ADD, given(harbour), follow=True)
    invite = invites.find(link_in(page.text).split("/")[2])
    assert (invite.room, invite.uses_left, invite.created_by) == (harbour, 3, dora)
    assert link_in(doras.get(LIST).text) is None


def test_the_link_leads_to_a_page_that_works(doras, client, lobby):
    link = link_in(doras.post(ADD, given(), follow=True).text)
    client.logout()
    assert client.get(link).status_code == 200


def test_a_week_for_one_is_what_the_form_suggests(doras):
    form = doras.get(ADD).context["adminform"].form
    assert form["uses_left"].value() == 1
    assert timedelta(days=6) < form["expires_at"].value() - timezone.now() <= timedelta(days=7)


@pytest.mark.parametrize("wrong", [{"uses": 0}, {"uses": -1}, {"uses": 10_001}, {"days": -1}])
def test_what_makes_no_sense_is_refused_aloud(doras, wrong):
    page = doras.post(ADD, given(**wrong), follow=True)
    assert page.status_code == 200
    assert page.context["adminform"].errors or 'class="error"' in page.text
    assert not Invite.objects.exists()


def test_nobody_is_invited_to_direct_or_archived_rooms(doras, harbour, alice):
    rooms.create(slug="two", name="Two", kind="direct", by=alice)
    rooms.archive(room=rooms.create(slug="old", name="Old"))
    offered = doras.get(ADD).context["adminform"].form.fields["room"].queryset
    assert [room.slug for room in offered] == ["harbour"]


def test_an_invitation_is_revoked_and_never_changed(doras, dora, harbour):
    invite, token = invites.create(room=harbour, by=dora, expires_at=timezone.now() + timedelta(days=1))
    address = reverse("admin:chat_invite_change", args=[invite.pk])
    assert doras.get(address).status_code == 200
    assert doras.post(address, given(uses=99)).status_code == 403
    doras.post(reverse("admin:chat_invite_delete", args=[invite.pk]), {"post": "yes"})
    with pytest.raises(invites.NotFound):
        invites.find(token)


def test_no_page_shows_the_hash(doras, dora, harbour):
    invite, _token = invites.create(room=harbour, by=dora, expires_at=timezone.now() + timedelta(days=1))
    for address in (LIST, reverse("admin:chat_invite_change", args=[invite.pk])):
        assert invite.token_hash not in doras.get(address).text


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_the_same_number_of_queries_whatever_its_length(
    doras, dora, harbour, number, django_assert_num_queries
):
    for _ in range(number):
        invites.create(room=harbour, by=dora, expires_at=timezone.now() + timedelta(days=1))
    with django_assert_num_queries(6):
        doras.get(LIST)
