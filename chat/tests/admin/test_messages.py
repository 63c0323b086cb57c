"""Messages and their former texts are read-only in the admin."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from chat.domain import guests, messages, rooms
from chat.models import Message, Revision
from chat.tests.cast import person

LIST, REVISIONS = "/admin/chat/message/", "/admin/chat/revision/"


@pytest.fixture
def harbour(harbour):
    """A public room: staff read no others. See test_closed_rooms.py."""
    return rooms.change(room=harbour, kind="public")


def post_message(author, body: str, room="harbour") -> Message:
    """Post a message."""
    return messages.post(room=room, author=author, body=body, client_id=uuid4())


def page_of(message, verb="change") -> str:
    """The address of the page of a message."""
    return reverse(f"admin:chat_message_{verb}", args=[message.pk])


def test_the_list_shows_text_author_and_room(doras, harbour, alice):
    post_message(alice, "Fog tonight")
    page = doras.get(LIST).text
    for word in ("Fog tonight", "alice", "Harbour"):
        assert word in page


def test_the_list_shows_the_beginning_of_a_long_text_and_its_page_shows_all(doras, harbour, alice):
    message = post_message(alice, "fog " * 200)
    assert "fog " * 30 not in doras.get(LIST).text
    assert "fog " * 199 in doras.get(page_of(message)).text


def test_html_in_a_text_is_escaped(doras, harbour, alice):
    message = post_message(alice, "<script>alert(1)</script>")
    for address in (LIST, page_of(message)):
        page = doras.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_messages_cannot_be_added_changed_or_deleted_in_the_admin(doras, harbour, alice):
    message = post_message(alice, "Fog tonight")
    assert doras.get(f"{LIST}add/").status_code == 403
    assert doras.post(page_of(message), {"text": "Sun"}).status_code == 403
    assert doras.post(page_of(message, "delete"), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in doras.get(LIST).text
    message.refresh_from_db()
    assert message.text == "Fog tonight"


def test_a_message_of_a_guest_shows_the_name_of_the_guest(doras, lobby):
    rooms.change(room=lobby, guests="write")
    guest = guests.new_guest()
    post_message(guest, "Ahoy", room="lobby")
    assert f"{guest.name} (guest)" in doras.get(LIST).text


def test_former_texts_are_on_the_page_of_the_message_and_in_a_list(doras, harbour, alice):
    message = post_message(alice, "Fog tonight")
    messages.edit(message=message.pk, by=alice, body="Sun tonight")
    messages.delete(message=message.pk, by=alice)
    for address in (page_of(message), REVISIONS):
        page = doras.get(address).text
        assert "Fog tonight" in page
        assert "Sun tonight" in page
    assert "(deleted)" in doras.get(LIST).text


def test_former_texts_cannot_be_changed(doras, harbour, alice):
    message = post_message(alice, "Fog tonight")
    messages.edit(message=message.pk, by=alice, body="Sun tonight")
    address = reverse("admin:chat_revision_change", args=[Revision.objects.get().pk])
    assert doras.get(address).status_code == 200
    assert doras.post(address, {"text": "Rain"}).status_code == 403


def test_staff_without_permission_cannot_read_former_texts(client, harbour, alice):
    message = post_message(alice, "Fog tonight")
    messages.edit(message=message.pk, by=alice, body="Sun tonight")
    erin = person("erin", is_staff=True)
    erin.user_permissions.add(Permission.objects.get(codename="view_message"))
    client.force_login(erin)
    assert client.get(REVISIONS).status_code == 403
    assert "Sun tonight" in client.get(page_of(message)).text
    assert "Fog tonight" not in client.get(page_of(message)).text


def test_the_list_can_be_searched_and_filtered(doras, harbour, lobby, alice, bob):
    fog, sun, rain = post_message(alice, "Fog"), post_message(bob, "Sun"), post_message(alice, "Rain", room="lobby")
    messages.edit(message=sun.pk, by=bob, body="Sunset")
    messages.delete(message=rain.pk, by=alice)
    shown = lambda query: [one.pk for one in doras.get(LIST, query).context["cl"].result_list]  # noqa: E731
    assert shown({"q": "sunset"}) == [sun.pk]
    assert shown({"q": "alice"}) == [rain.pk, fog.pk]
    assert shown({"room__id__exact": lobby.pk}) == [rain.pk]
    assert shown({"state": "edited"}) == [sun.pk]
    assert shown({"state": "deleted"}) == [rain.pk]
    assert shown({"state": "unchanged"}) == [fog.pk]


@pytest.mark.parametrize("number", [1, 40])
def test_the_number_of_queries_of_the_lists_is_constant(doras, harbour, alice, bob, number, django_assert_num_queries):
    for index in range(number):
        message = post_message([alice, bob][index % 2], f"Fog {index}")
        messages.edit(message=message.pk, by=message.author, body=f"Sun {index}")
    with django_assert_num_queries(5):
        doras.get(LIST)
    with django_assert_num_queries(5):
        doras.get(REVISIONS)
