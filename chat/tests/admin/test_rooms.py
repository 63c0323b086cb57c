"""Rooms in the admin."""

import pytest
from django.urls import reverse

from chat.domain import messages, rooms
from chat.models import Membership, Room
from chat.tests.cast import person

LIST, ADD = "/admin/chat/room/", "/admin/chat/room/add/"
PIER = {"name": "Pier", "slug": "pier", "topic": "", "kind": "public", "guests": "none", "slow_mode_s": "0"}


def page_of(room) -> str:
    """The address of a room's own page."""
    return reverse("admin:chat_room_change", args=[room.pk])


def fields_of(room) -> dict:
    """What the form of a room sends when nothing is changed."""
    return {name: getattr(room, name) for name in ("name", "topic", "kind", "guests", "slow_mode_s")}


def test_dora_makes_a_room_and_owns_it(doras, dora, published):
    assert doras.post(ADD, PIER | {"topic": "Boats", "guests": "read"}).status_code == 302
    room = Room.objects.get(slug="pier")
    assert (room.name, room.topic, room.guests, room.head.version) == ("Pier", "Boats", "read", 0)
    assert Membership.objects.get(room=room).user == dora
    assert published == [("room_added", "pier")]


@pytest.mark.parametrize("slug", ["", "Pier", "a--b", "-a", "pier/", "☃", "x" * 65, "harbour"])
def test_a_slug_that_will_not_do_is_named(doras, harbour, slug):
    page = doras.post(ADD, PIER | {"slug": slug})
    assert page.context["adminform"].errors["slug"]
    assert Room.objects.count() == 1


@pytest.mark.parametrize("kind", ["private", "direct"])
def test_only_a_public_room_is_open_to_guests(doras, kind):
    page = doras.post(ADD, PIER | {"kind": kind, "guests": "read"})
    assert page.context["adminform"].errors["guests"]


def test_a_new_name_takes_a_version_and_open_pages_are_told(doras, harbour, published):
    answer = doras.post(page_of(harbour), fields_of(harbour) | {"name": "Old Harbour", "topic": "Fog"})
    assert answer.status_code == 302
    harbour.refresh_from_db()
    assert (harbour.name, harbour.topic) == ("Old Harbour", "Fog")
    assert harbour.changed_version == harbour.head.version == 1
    assert published == [("room", "harbour")]


def test_saving_without_a_change_takes_no_version(doras, harbour, published):
    doras.post(page_of(harbour), fields_of(harbour))
    harbour.refresh_from_db()
    assert harbour.changed_version == 0
    assert published == []


def test_saving_never_puts_an_old_version_back(doras, harbour, alice):
    page = fields_of(harbour)
    for number in range(3):
        rooms.change(room=harbour, topic=f"Fog {number}")
    doras.post(page_of(harbour), page | {"name": "Old Harbour", "topic": "Fog 2"})
    harbour.refresh_from_db()
    assert (harbour.name, harbour.topic, harbour.changed_version) == ("Old Harbour", "Fog 2", 4)


def test_the_slug_cannot_be_changed(doras, harbour):
    assert 'name="slug"' not in doras.get(page_of(harbour)).text
    doras.post(page_of(harbour), fields_of(harbour) | {"slug": "pier"})
    assert Room.objects.get().slug == "harbour"


def test_rooms_are_never_deleted(doras, harbour):
    assert doras.get(reverse("admin:chat_room_delete", args=[harbour.pk])).status_code == 403
    assert doras.post(reverse("admin:chat_room_delete", args=[harbour.pk]), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in doras.get(LIST).text
    assert Room.objects.exists()


def test_dora_archives_rooms_and_opens_them_again(doras, harbour, published):
    chosen = {"_selected_action": [harbour.pk]}
    assert "1 room was archived" in doras.post(LIST, chosen | {"action": "archive"}, follow=True).text
    harbour.refresh_from_db()
    assert harbour.archived_at is not None
    assert harbour.changed_version == 1
    assert "1 room is open again" in doras.post(LIST, chosen | {"action": "restore"}, follow=True).text
    harbour.refresh_from_db()
    assert harbour.archived_at is None
    assert published == [("room", "harbour")] * 2


def test_what_the_domain_refuses_is_shown(doras, harbour, monkeypatch):
    def refuse(**_):
        raise rooms.Forbidden("Not in this weather.")

    monkeypatch.setattr(rooms, "change", refuse)
    page = doras.post(page_of(harbour), fields_of(harbour) | {"name": "Pier"}, follow=True)
    assert page.status_code == 200
    assert "Not in this weather." in page.text


def test_the_list_is_searched_and_filtered(doras, harbour, lobby):
    rooms.archive(room=lobby)
    shown = lambda query: [room.slug for room in doras.get(LIST, query).context["cl"].result_list]  # noqa: E731
    assert shown({"q": "harb"}) == ["harbour"]
    assert shown({"kind": "private"}) == ["harbour"]
    assert shown({"state": "archived"}) == ["lobby"]
    assert shown({"state": "current"}) == ["harbour"]


def test_the_list_counts_members(doras, harbour):
    assert f'<a href="/admin/chat/membership/?room__id__exact={harbour.pk}">2</a>' in doras.get(LIST).text


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_the_same_number_of_queries_whatever_its_length(doras, number, django_assert_num_queries):
    crowd = [person(f"person-{index}") for index in range(3)]
    for index in range(number):
        room = rooms.create(slug=f"room-{index}", name=f"Room {index}", by=crowd[0])
        rooms.join(room=room, user=crowd[1])
    with django_assert_num_queries(5):
        doras.get(LIST)


def test_a_name_is_text_in_the_list(doras):
    rooms.create(slug="odd", name="<script>alert(1)</script>")
    assert "<script>alert" not in doras.get(LIST).text


def test_bob_has_no_admin(client, bob, harbour):
    client.force_login(bob)
    assert client.post(page_of(harbour), fields_of(harbour) | {"name": "Bob's"}).status_code == 302
    harbour.refresh_from_db()
    assert harbour.name == "Harbour"


def test_a_member_of_staff_without_permission_changes_nothing(client, harbour):
    client.force_login(person("erin", is_staff=True))
    assert client.get(LIST).status_code == 403
    assert client.post(page_of(harbour), fields_of(harbour) | {"name": "Erin's"}).status_code == 403


def test_the_header_shows_the_sites_name(doras):
    page = doras.get("/admin/")
    assert "Harbour Lights" in page.text
    assert "Django administration" not in page.text


def test_messages_of_a_room_stay_when_it_is_archived(doras, harbour, alice):
    messages.post(room="harbour", author=alice, body="Fog tonight", client_id="0190a8f0-0000-7000-8000-000000000001")
    doras.post(LIST, {"_selected_action": [harbour.pk], "action": "archive"})
    assert harbour.messages.count() == 1
