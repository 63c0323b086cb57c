"""Messages and their former texts in the admin: read, never written."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from chat.domain import guests, messages, rooms
from chat.models import Message, Revision
from chat.tests.cast import person

LIST, REVISIONS = "/admin/chat/message/", "/admin/chat/revision/"


def say(author, body: str, room="harbour") -> Message:
    """What `author` says in a room."""
    return messages.post(room=room, author=author, body=body, client_id=uuid4())


def page_of(message, verb="change") -> str:
    """The address of a message's own page."""
    return reverse(f"admin:chat_message_{verb}", args=[message.pk])


def test_the_list_shows_who_said_what_where(doras, harbour, alice):
    say(alice, "Fog tonight")
    page = doras.get(LIST).text
    for word in ("Fog tonight", "alice", "Harbour"):
        assert word in page


def test_a_long_text_is_cut_in_the_list_and_whole_on_its_page(doras, harbour, alice):
    message = say(alice, "fog " * 200)
    assert "fog " * 30 not in doras.get(LIST).text
    assert "fog " * 199 in doras.get(page_of(message)).text


def test_a_text_is_text_in_the_list_and_on_its_page(doras, harbour, alice):
    message = say(alice, "<script>alert(1)</script>")
    for address in (LIST, page_of(message)):
        page = doras.get(address).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_nobody_writes_messages_in_the_admin(doras, harbour, alice):
    message = say(alice, "Fog tonight")
    assert doras.get(f"{LIST}add/").status_code == 403
    assert doras.post(page_of(message), {"text": "Sun"}).status_code == 403
    assert doras.post(page_of(message, "delete"), {"post": "yes"}).status_code == 403
    assert "delete_selected" not in doras.get(LIST).text
    message.refresh_from_db()
    assert message.text == "Fog tonight"


def test_a_guests_message_shows_the_guests_name(doras, lobby):
    rooms.change(room=lobby, guests="write")
    guest = guests.new_guest()
    say(guest, "Ahoy", room="lobby")
    assert f"{guest.name} (guest)" in doras.get(LIST).text


def test_former_texts_are_on_the_page_and_in_a_list_of_their_own(doras, harbour, alice):
    message = say(alice, "Fog tonight")
    messages.edit(message=message.pk, by=alice, body="Sun tonight")
    messages.delete(message=message.pk, by=alice)
    for address in (page_of(message), REVISIONS):
        page = doras.get(address).text
        assert "Fog tonight" in page
        assert "Sun tonight" in page
    assert "(deleted)" in doras.get(LIST).text


def test_nobody_writes_former_texts(doras, harbour, alice):
    message = say(alice, "Fog tonight")
    messages.edit(message=message.pk, by=alice, body="Sun tonight")
    address = reverse("admin:chat_revision_change", args=[Revision.objects.get().pk])
    assert doras.get(address).status_code == 200
    assert doras.post(address, {"text": "Rain"}).status_code == 403


def test_staff_without_permission_read_no_former_texts(client, harbour, alice):
    message = say(alice, "Fog tonight")
    messages.edit(message=message.pk, by=alice, body="Sun tonight")
    erin = person("erin", is_staff=True)
    erin.user_permissions.add(Permission.objects.get(codename="view_message"))
    client.force_login(erin)
    assert client.get(REVISIONS).status_code == 403
    assert "Sun tonight" in client.get(page_of(message)).text
    assert "Fog tonight" not in client.get(page_of(message)).text


def test_the_list_is_searched_and_filtered(doras, harbour, lobby, alice, bob):
    fog, sun, rain = say(alice, "Fog"), say(bob, "Sun"), say(alice, "Rain", room="lobby")
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
def test_the_lists_ask_the_same_number_of_queries_whatever_their_length(
    doras, harbour, alice, bob, number, django_assert_num_queries
):
    for index in range(number):
        message = say([alice, bob][index % 2], f"Fog {index}")
        messages.edit(message=message.pk, by=message.author, body=f"Sun {index}")
    with django_assert_num_queries(5):
        doras.get(LIST)
    with django_assert_num_queries(5):
        doras.get(REVISIONS)
