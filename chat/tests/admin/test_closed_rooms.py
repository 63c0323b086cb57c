"""What people wrote in private and direct rooms is closed to staff in the admin, by every way."""

import uuid

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from chat.domain import direct_rooms, messages, room_openings, sites
from chat.domain.staff_groups import MODERATORS_MAY
from chat.models import Membership, Message, Revision, Room, RoomOpening, Site
from chat.tests.cast import PASSWORD, person

SECRET, FORMER = "we sail at midnight", "we sail at noon"


def say(room, author):
    """Post a message and edit it."""
    posted = messages.post(room=room.slug, author=author, body=FORMER, client_id=uuid.uuid4())
    return messages.edit(message=posted.pk, by=author, body=SECRET)


@pytest.fixture
def closed(harbour, alice, bob) -> list[Message]:
    """A message of a private room and one of a direct room, each with a former text."""
    direct = direct_rooms.find_or_make(people=[bob.pk], by=alice)
    return [say(harbour, alice), say(direct, alice)]


def pages(message) -> list[str]:
    """Every page of the admin that could show a message."""
    revision = Revision.objects.get(message=message)
    lists = [reverse(f"admin:chat_{name}_changelist") for name in ("message", "revision", "room", "membership")]
    autocomplete = reverse("admin:autocomplete")
    asked = "app_label=chat&model_name=invite&field_name=room"
    return [
        *lists,
        *(f"{address}?q=sail" for address in lists[:2]),
        f"{lists[0]}?room__id__exact={message.room_id}",
        f"{lists[0]}?room__slug={message.room.slug}",
        f"{lists[1]}?message__room__id__exact={message.room_id}",
        reverse("admin:chat_message_change", args=[message.pk]),
        reverse("admin:chat_message_history", args=[message.pk]),
        reverse("admin:chat_revision_change", args=[revision.pk]),
        f"{autocomplete}?term=sail&{asked}",
        "/admin/",
        reverse("admin:chat_recordedaction_changelist"),
        reverse("admin:chat_recordedaction_export"),
        reverse("admin:chat_job_changelist"),
    ]


def shown(browser, address: str) -> str:
    response = browser.get(address, follow=True)
    return "".join(map(bytes.decode, response)) if response.streaming else response.text


def test_no_page_of_the_admin_shows_even_a_superuser_what_was_written_in_a_closed_room(doras, dora, closed):
    for message in closed:
        for address in pages(message):
            page = shown(doras, address)
            assert SECRET not in page, address
            assert FORMER not in page, address
            assert not Message.objects.filter(pk=message.pk, room__in=room_openings.readable_by(dora)).exists()


def test_files_of_a_closed_room_are_closed_to_staff(doras, closed):
    """Pages of the chat ask whether somebody is a member: staff are none."""
    for message in closed:
        room = message.room.slug
        assert doras.get(f"/rooms/{room}/").status_code == 404
        assert doras.get(f"/rooms/{room}/{message.pk}/").status_code == 404


def test_dora_opens_a_room_with_a_reason_and_reads_it(doras, closed):
    add = reverse("admin:chat_roomopening_add")
    message, other = closed
    assert doras.post(add, {"place": "harbour", "reason": ""}).context["adminform"].errors["reason"]
    doras.post(add, {"place": "no-such-room", "reason": "A complaint"})
    assert not RoomOpening.objects.exists()
    assert doras.post(add, {"place": "harbour", "reason": "A complaint"}).status_code == 302
    page = doras.get(reverse("admin:chat_roomopening_changelist")).text
    assert f'href="/admin/chat/message/?room__id__exact={message.room_id}"' in page
    assert SECRET in doras.get(f"/admin/chat/message/?room__id__exact={message.room_id}").text
    detail = doras.get(reverse("admin:chat_message_change", args=[message.pk])).text
    assert SECRET in detail
    assert FORMER in detail
    assert SECRET not in shown(doras, reverse("admin:chat_message_change", args=[other.pk]))
    opening = RoomOpening.objects.get()
    stored = reverse("admin:chat_roomopening_change", args=[opening.pk])
    assert "A complaint" in doras.get(stored).text
    assert doras.post(stored, {"reason": "none"}).status_code == 403
    assert doras.post(f"{stored[:-7]}delete/", {"post": "yes"}).status_code == 403


def test_dora_does_not_come_in_by_adding_herself_or_by_making_the_room_public(doras, dora, harbour):
    add = {"room": harbour.pk, "user": dora.pk, "role": "owner"}
    assert "closed to you" in doras.post(reverse("admin:chat_membership_add"), add, follow=True).text
    assert not Membership.objects.filter(user=dora, room=harbour).exists()
    page = reverse("admin:chat_room_change", args=[harbour.pk])
    form = doras.get(page).context["adminform"].form
    fields = {name: form.initial[name] for name in form.fields if form.initial.get(name) is not None}
    fields |= {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    assert "closed to you" in doras.post(page, fields | {"kind": "public"}, follow=True).text
    harbour.refresh_from_db()
    assert harbour.kind == Room.Kind.PRIVATE
    room_openings.open_room(place="harbour", by=dora, reason="A complaint")
    doras.post(reverse("admin:chat_membership_add"), add)
    assert Membership.objects.filter(user=dora, room=harbour).exists()


def test_the_setup_makes_a_group_of_moderators_who_see_only_moderation(client, db):
    Site.current()
    sites.set_up(token=None, name="Tea", username="dora", password=PASSWORD)
    group = Group.objects.get(name="Moderators")
    asked = set(group.permissions.values_list("codename", flat=True))
    assert asked == set(MODERATORS_MAY)
    erin = person("erin", is_staff=True)
    erin.groups.add(group)
    client.force_login(erin)
    assert client.get("/admin/").status_code == 200
    hidden = ("room", "membership", "profile", "recordedaction", "job", "roomopening", "invite", "restriction")
    for name in hidden:
        assert client.get(reverse(f"admin:chat_{name}_changelist")).status_code == 403, name
    for address in ("/admin/people/user/", "/admin/auth/group/", reverse("admin:chat_site_change", args=[1])):
        assert client.get(address).status_code == 403, address
    for name in ("message", "guestban"):
        assert client.get(reverse(f"admin:chat_{name}_changelist")).status_code == 200


def test_staff_with_every_permission_are_no_superusers_and_open_nothing(client, harbour, closed):
    erin = person("erin", is_staff=True)
    erin.user_permissions.set(Permission.objects.all())
    client.force_login(erin)
    assert client.get(reverse("admin:chat_roomopening_add")).status_code == 403
    answer = client.post(reverse("admin:chat_roomopening_add"), {"place": "harbour", "reason": "Curious"})
    assert answer.status_code == 403
    for message in closed:
        for address in pages(message):
            assert SECRET not in shown(client, address)
