"""Rooms in the admin."""

import uuid

import pytest
from django.urls import reverse

from chat.domain import direct_rooms, messages, rooms
from chat.models import Membership, RecordedAction, Room
from chat.tests.cast import person

LIST, ADD = "/admin/chat/room/", "/admin/chat/room/add/"
PIER = {"name": "Pier", "slug": "pier", "topic": "", "kind": "public", "guests": "none", "slow_mode_s": "0"}


def page_of(room) -> str:
    """The address of the page of a room."""
    return reverse("admin:chat_room_change", args=[room.pk])


def fields_of(room) -> dict:
    """The fields of the form of a room, without a change."""
    fields = {name: getattr(room, name) for name in ("name", "topic", "kind", "guests", "slow_mode_s")}
    return fields | {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}


def test_dora_creates_a_room_and_owns_it(doras, dora, published):
    assert doras.post(ADD, PIER | {"topic": "Boats", "guests": "read"}).status_code == 302
    room = Room.objects.get(slug="pier")
    assert (room.name, room.topic, room.guests, room.head.version) == ("Pier", "Boats", "read", 0)
    assert Membership.objects.get(room=room).user == dora
    assert published == [("room_added", "pier")]


@pytest.mark.parametrize("slug", ["", "Pier", "a--b", "-a", "pier/", "☃", "x" * 65, "harbour"])
def test_a_wrong_slug_is_refused_at_its_field(doras, harbour, slug):
    page = doras.post(ADD, PIER | {"slug": slug})
    assert page.context["adminform"].errors["slug"]
    assert Room.objects.count() == 1


@pytest.mark.parametrize("name", ["harbour", "Hаrbour", " HARB0UR "])
def test_a_name_that_looks_like_that_of_another_room_is_refused_at_its_field(doras, harbour, lobby, name):
    page = doras.post(ADD, PIER | {"name": name, "topic": "Boats"})
    assert page.context["adminform"].errors["name"] == ["There is a room “Harbour” already."]
    assert 'value="Boats"' in page.text
    assert not Room.objects.filter(slug="pier").exists()
    page = doras.post(page_of(lobby), fields_of(lobby) | {"name": name})
    assert page.context["adminform"].errors["name"]
    assert doras.post(page_of(harbour), fields_of(harbour) | {"name": "HARBOUR"}).status_code == 302


def test_an_archived_room_may_be_corrected_and_keeps_a_name_that_another_room_has(doras, harbour, lobby, published):
    """Nobody writes in it, but its members read it: staff correct what it is called, and who sees it."""
    rooms.archive(room=lobby)
    published.clear()
    before = lobby.head.version
    given = fields_of(lobby) | {"name": "Harbour", "topic": "Closed in May", "kind": "private", "guests": "none"}
    assert doras.post(page_of(lobby), given).status_code == 302
    lobby.refresh_from_db()
    lobby.head.refresh_from_db()
    assert (lobby.name, lobby.topic, lobby.kind) == ("Harbour", "Closed in May", "private")
    assert lobby.archived_at is not None
    assert lobby.head.version > before
    assert ("room", "lobby") in published
    assert RecordedAction.objects.filter(verb="room.change", room=lobby.pk).exists()


def test_only_a_public_room_can_be_open_to_guests(doras):
    page = doras.post(ADD, PIER | {"kind": "private", "guests": "read"})
    assert page.context["adminform"].errors["guests"]


def test_the_admin_neither_makes_nor_shows_direct_rooms(doras, harbour, alice, bob):
    direct = direct_rooms.find_or_make(people=[bob.pk], by=alice)
    messages.post(room=direct.slug, author=alice, body="between us", client_id=uuid.uuid4())
    assert doras.post(ADD, PIER | {"kind": "direct"}).context["adminform"].errors["kind"]
    assert doras.get(page_of(direct)).status_code == 302
    for name in ("room", "membership", "message", "revision"):
        page = doras.get(reverse(f"admin:chat_{name}_changelist"))
        assert page.status_code == 200
        assert "between us" not in page.text
        assert direct.slug not in page.text
        assert not page.context["cl"].queryset.filter(**HIDDEN_BY[name]).exists()


HIDDEN_BY = {
    "room": {"kind": "direct"},
    "membership": {"room__kind": "direct"},
    "message": {"room__kind": "direct"},
    "revision": {"message__room__kind": "direct"},
}


def test_a_new_name_takes_a_version_and_publishes_an_event(doras, harbour, published):
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


def test_saving_an_old_form_does_not_restore_an_old_version(doras, harbour, alice):
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


def test_dora_archives_rooms_and_restores_them(doras, harbour, published):
    chosen = {"_selected_action": [harbour.pk]}
    assert "1 room was archived" in doras.post(LIST, chosen | {"action": "archive"}, follow=True).text
    harbour.refresh_from_db()
    assert harbour.archived_at is not None
    assert harbour.changed_version == 1
    assert "1 room was restored" in doras.post(LIST, chosen | {"action": "restore"}, follow=True).text
    harbour.refresh_from_db()
    assert harbour.archived_at is None
    assert published == [("room", "harbour")] * 2


def test_an_error_of_the_domain_is_shown(doras, harbour, monkeypatch):
    def refuse(**_):
        raise rooms.Forbidden("The harbour is closed.")

    monkeypatch.setattr(rooms, "change", refuse)
    page = doras.post(page_of(harbour), fields_of(harbour) | {"name": "Pier"}, follow=True)
    assert page.status_code == 200
    assert "The harbour is closed." in page.text


def test_the_list_can_be_searched_and_filtered(doras, harbour, lobby):
    rooms.archive(room=lobby)
    shown = lambda query: [room.slug for room in doras.get(LIST, query).context["cl"].result_list]  # noqa: E731
    assert shown({"q": "harb"}) == ["harbour"]
    assert shown({"is": "private"}) == ["harbour"]
    assert shown({"is": "archived"}) == ["lobby"]
    assert shown({"is": "current"}) == ["harbour"]


def test_the_list_shows_the_number_of_members(doras, harbour):
    assert f'<a href="/admin/chat/membership/?room__id__exact={harbour.pk}">2</a>' in doras.get(LIST).text


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_of_the_list_is_constant(doras, number, django_assert_num_queries):
    crowd = [person(f"person-{index}") for index in range(3)]
    for index in range(number):
        room = rooms.create(slug=f"room-{index}", name=f"Room {index}", by=crowd[0])
        rooms.join(room=room, user=crowd[1])
    with django_assert_num_queries(5):
        doras.get(LIST)


def test_html_in_a_name_is_escaped(doras):
    rooms.create(slug="odd", name="<script>alert(1)</script>")
    assert "<script>alert" not in doras.get(LIST).text


def test_bob_cannot_use_the_admin(client, bob, harbour):
    client.force_login(bob)
    assert client.post(page_of(harbour), fields_of(harbour) | {"name": "Bob's"}).status_code == 302
    harbour.refresh_from_db()
    assert harbour.name == "Harbour"


def test_staff_without_permission_cannot_change_rooms(client, harbour):
    client.force_login(person("erin", is_staff=True))
    assert client.get(LIST).status_code == 403
    assert client.post(page_of(harbour), fields_of(harbour) | {"name": "Erin's"}).status_code == 403


def test_the_header_shows_the_name_of_the_site(doras):
    page = doras.get("/admin/")
    assert "Harbour Lights" in page.text
    assert "Django administration" not in page.text


def test_messages_of_a_room_stay_when_it_is_archived(doras, harbour, alice):
    messages.post(room="harbour", author=alice, body="Fog tonight", client_id="0190a8f0-0000-7000-8000-000000000001")
    doras.post(LIST, {"_selected_action": [harbour.pk], "action": "archive"})
    assert harbour.messages.count() == 1
