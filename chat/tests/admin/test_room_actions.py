"""Actions on chosen rooms, and what the page of a room does with its members."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from chat.domain import default_rooms, direct_rooms, rooms
from chat.models import Membership, Message, Restriction, Room
from chat.tests.cast import person
from chat.tests.running_jobs import run_jobs
from chat.tests.talk import capture_published, post_message

__all__ = ["capture_published"]
LIST = "/admin/chat/room/"


def act(browser, action, *chosen, **fields):
    return browser.post(
        LIST, {"action": action, "_selected_action": [room.pk for room in chosen]} | fields, follow=True
    )


def page_of(room, name="change") -> str:
    return reverse(f"admin:chat_room_{name}", args=[room.pk])


def form_of(browser, room) -> dict:
    """The fields of the page of a room, as a browser sends them without a change."""
    page = browser.get(page_of(room))
    form = page.context["adminform"].form
    fields = {name: form[name].value() for name in form.fields}
    fields = {name: "" if value is None else value for name, value in fields.items() if value is not False}
    formset = page.context["inline_admin_formsets"][0].formset
    for part in (formset.management_form, *formset.forms):
        for field in part:
            if field.value() not in (None, False):
                fields[field.html_name] = field.value()
    return fields


def test_an_announcement_asks_for_its_text_and_is_posted_once_in_each_room(doras, harbour, lobby):
    page = act(doras, "announce", harbour, lobby)
    key = page.context["form"]["key"].value()
    given = {"apply": "1", "body": "**Fog** tonight", "key": key}
    assert "Announced in 2 rooms" in act(doras, "announce", harbour, lobby, **given).text
    act(doras, "announce", harbour, lobby, **given)
    written = Message.objects.order_by("room")
    assert [(message.room_id, message.text) for message in written] == [
        (harbour.pk, "**Fog** tonight"),
        (lobby.pk, "**Fog** tonight"),
    ]
    assert written[0].author.is_bot


def test_an_empty_announcement_is_refused_and_an_archived_room_left_out(doras, harbour, lobby):
    assert act(doras, "announce", harbour, apply="1", body=" ", key=uuid4()).context["form"].errors["body"]
    assert act(doras, "announce", harbour, apply="1", body="x" * 9000, key=uuid4()).context["form"].errors["body"]
    rooms.archive(room=lobby)
    assert "Announced in 0 rooms" in act(doras, "announce", lobby, apply="1", body="Fog", key=uuid4()).text
    assert not Message.objects.exists()


def test_rooms_become_read_only_slow_and_open_again(doras, harbour, lobby):
    act(doras, "make_read_only", harbour, lobby)
    assert set(Room.objects.values_list("who_posts", flat=True)) == {"nobody"}
    act(doras, "let_everyone_post", harbour)
    act(doras, "slow_down", harbour, apply="1", seconds="30")
    harbour.refresh_from_db()
    assert (harbour.who_posts, harbour.slow_mode_s, harbour.head.version) == ("everyone", 30, 3)


def test_everyone_in_a_room_is_disconnected(doras, harbour, capture_published):
    with capture_published() as envelopes:
        act(doras, "disconnect", harbour)
    assert [(envelope.kind, envelope.room) for envelope in envelopes] == [("disconnect", "harbour")]


def test_a_room_is_deleted_after_its_name_was_typed(doras, harbour, lobby, alice):
    post_message(harbour, alice)
    page = act(doras, "erase", harbour)
    assert "1 message" in page.text
    wrong = act(doras, "erase", harbour, apply="1", **{f"name-{harbour.pk}": "Lobby"})
    assert wrong.context["form"].errors
    assert Room.objects.get(pk=harbour.pk).deleted_at is None
    page = act(doras, "erase", harbour, apply="1", **{f"name-{harbour.pk}": " Harbour "})
    assert page.redirect_chain == [("/admin/chat/room/deletions/", 302)]
    assert ">Harbour<" in page.text
    assert "Harbour" not in [str(room) for room in doras.get(LIST).context["cl"].result_list]
    assert doras.get(page_of(harbour)).status_code == 302
    run_jobs()
    assert "No room is being deleted" in doras.get("/admin/chat/room/deletions/").text
    assert list(Room.objects.all()) == [lobby]


def test_of_several_rooms_none_is_deleted_unless_all_names_are_right(doras, harbour, lobby):
    names = {f"name-{harbour.pk}": "Harbour", f"name-{lobby.pk}": "Harbour"}
    act(doras, "erase", harbour, lobby, apply="1", **names)
    assert not Room.objects.exclude(deleted_at=None).exists()


def test_a_superuser_deletes_a_direct_room_by_its_address(doras, client, alice, bob):
    room = direct_rooms.find_or_make(people=[bob.pk], by=alice)
    page = doras.get(page_of(room, "delete"))
    assert page.status_code == 200
    doras.post(page_of(room, "delete"), {"apply": "1", f"name-{room.pk}": room.slug})
    assert Room.objects.get(pk=room.pk).deleted_at
    assert doras.get(page_of(room, "delete")).status_code == 404


@pytest.mark.parametrize("action", ["announce", "make_read_only", "slow_down", "disconnect", "erase", "archive"])
def test_staff_without_the_permission_has_no_actions(client, harbour, set_up_site, action):
    staff = person("staff", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_room"))
    client.force_login(staff)
    act(client, action, harbour, apply="1", body="Fog", key=uuid4(), seconds="30", **{f"name-{harbour.pk}": "Harbour"})
    stored = Room.objects.get(pk=harbour.pk)
    assert (stored.head.version, stored.deleted_at, stored.archived_at) == (0, None, None)
    assert client.get(page_of(harbour, "delete")).status_code == 403
    assert client.get(page_of(harbour, "add_people")).status_code == 403
    assert client.get("/admin/chat/room/deletions/").status_code == 403


def test_an_action_on_a_room_that_is_gone_does_nothing(doras, harbour, lobby):
    gone = Room(pk=harbour.pk)
    Membership.objects.filter(room=harbour).delete()
    harbour.delete()
    for action in ("archive", "announce", "erase", "disconnect"):
        assert act(doras, action, gone, apply="1", body="Fog", key=uuid4()).status_code == 200


def test_the_page_of_a_room_changes_rights_newcomers_and_groups(doras, harbour, charlie):
    crew = Group.objects.create(name="crew")
    charlie.groups.add(crew)
    fields = form_of(doras, harbour) | {"who_pins": "owners", "is_default": "on", "groups": [crew.pk]}
    assert doras.post(page_of(harbour), fields).status_code == 302
    harbour.refresh_from_db()
    assert (harbour.who_pins, harbour.is_default, list(harbour.groups.all())) == ("owners", True, [crew])
    assert Membership.objects.get(room=harbour, user=charlie).by_group


def test_a_group_that_is_changed_in_the_admin_changes_the_members(doras, harbour, charlie):
    crew = Group.objects.create(name="crew")
    doras.post(page_of(harbour), form_of(doras, harbour) | {"groups": [crew.pk]})
    charlie.groups.add(crew)
    assert Membership.objects.filter(room=harbour, user=charlie).exists()
    doras.post(reverse("admin:auth_group_delete", args=[crew.pk]), {"post": "yes"})
    assert not Membership.objects.filter(room=harbour, user=charlie).exists()


def test_members_are_added_changed_and_removed_on_the_page_of_the_room(doras, harbour, bob, charlie):
    nina = person("nina")
    rooms.join(room=harbour, user=nina)
    fields = form_of(doras, harbour)
    place = {
        fields[f"memberships-{number}-user"]: f"memberships-{number}"
        for number in range(int(fields["memberships-TOTAL_FORMS"]))
    }
    fields |= {
        f"{place[bob]}-role": "moderator",
        f"{place[nina]}-DELETE": "on",
        "memberships-TOTAL_FORMS": len(place) + 1,
        f"memberships-{len(place)}-user": charlie.pk,
        f"memberships-{len(place)}-role": "reader",
        f"memberships-{len(place)}-room": harbour.pk,
    }
    assert doras.post(page_of(harbour), fields).status_code == 302
    roles = dict(Membership.objects.filter(room=harbour).values_list("user__handle", "role"))
    assert roles == {"alice": "owner", "bob": "moderator", "charlie": "reader"}
    assert Restriction.objects.filter(room=harbour, user=nina).exists()


def test_a_member_who_is_gone_meanwhile_is_an_error_of_the_form(doras, harbour, bob):
    fields = form_of(doras, harbour)
    rooms.leave(room=harbour, user=bob)
    page = doras.post(page_of(harbour), fields | {"memberships-1-role": "owner"})
    assert page.status_code in (200, 302)
    assert not Membership.objects.filter(room=harbour, user=bob).exists()


@pytest.mark.parametrize("number", [3, 70])
def test_the_queries_of_the_page_of_a_room_do_not_grow_with_members(
    doras, harbour, number, django_assert_max_num_queries
):
    for index in range(number):
        rooms.join(room=harbour, user=person(f"hand-{index}"))
    with django_assert_max_num_queries(22):
        page = doras.get(page_of(harbour))
    assert len(page.context["inline_admin_formsets"][0].formset.forms) == min(number + 2, 50)


def test_a_pasted_list_is_answered_with_a_report(doras, harbour, bob, charlie):
    page = doras.post(page_of(harbour, "add_people"), {"text": "@charlie bob\nnobody"}, follow=True)
    assert "Added: 1. Already members: 1. Unknown: 1." in page.text
    assert [(part["count"], part["names"]) for part in page.context["report"]] == [
        (1, ["charlie"]),
        (1, ["bob"]),
        (1, ["nobody"]),
    ]


def test_everyone_in_a_group_is_added_once(doras, harbour, charlie):
    crew = Group.objects.create(name="crew")
    charlie.groups.add(crew)
    doras.post(page_of(harbour, "add_people"), {"group": crew.pk})
    assert not Membership.objects.get(room=harbour, user=charlie).by_group
    assert doras.post(page_of(harbour, "add_people"), {}).context["form"].errors


def test_ten_thousand_and_one_names_are_refused_with_a_sentence(doras, harbour):
    text = " ".join(f"n{number}" for number in range(10_001))
    page = doras.post(page_of(harbour, "add_people"), {"text": text})
    assert "at most 10000 names" in page.context["form"].errors["text"][0]


def test_dora_does_not_add_herself_to_a_closed_room(doras, harbour, dora):
    page = doras.post(page_of(harbour, "add_people"), {"text": "dora"})
    assert page.context["form"].errors
    assert not Membership.objects.filter(room=harbour, user=dora).exists()


def test_newcomers_join_a_room_that_was_chosen_for_them(doras, harbour):
    default_rooms.choose(room=harbour, on=True)
    fields = {"handle": "nina", "email": "", "usable_password": "false"}
    doras.post(reverse("admin:people_user_add"), fields)
    assert Membership.objects.filter(room=harbour, user__handle="nina").exists()


def test_an_action_on_too_many_rooms_says_how_many_are_left(doras, harbour, lobby, monkeypatch):
    monkeypatch.setattr("chat.admin.room_actions.MOST", 1)
    page = act(doras, "archive", harbour, lobby)
    assert "1 room was archived." in page.text
    assert "One action takes 1 rooms: 1 other is left as it was." in page.text
    assert Room.objects.filter(archived_at=None).count() == 1
